import type { CertificateChoice, CertificateExplanation } from "../../lab/index.ts";
import type { CmdletContext, View } from "../definition/define-cmdlet.ts";

const fateNames = { chosen: "Chosen", lost: "Lost", unfit: "Unfit", notConsidered: "NotConsidered" } as const;

/** What became of one certificate in one selection, as `-Explain` shows it; of none at all where none is presented. */
type ShownFate = Readonly<Record<"Selection" | "For" | "Fate" | "Reason" | "Step" | "Source", string>> &
  Readonly<Record<"Connector" | "Fqdn" | "Presented" | "Thumbprint" | "Subject", string | null>> & {
    Event: number | null;
  };

/** A table for each selection, under a heading that says what is presented. Ours: eight digits of a thumbprint tell it apart. */
export const fatesView: View = {
  kindBy: "Fate",
  columns: [
    { property: "Fate" },
    { property: "Thumbprint", width: 11 },
    { property: "Event" },
    { property: "Reason", wrap: true },
  ],
  // What is for this view by `kindBy` was made below.
  groupBy: (fate) => headingOf(fate as ShownFate),
};

function headingOf({ Selection, For, Connector, Fqdn, Presented }: ShownFate): string {
  const by = Connector === null ? "" : ` by ${Connector}`;
  const named = Fqdn === null ? "" : ` (FQDN ${Fqdn})`;
  const presented = Presented === null ? "none" : `${Presented.slice(0, 8)}...`;
  return `${Selection} for ${For}${by}${named}: ${presented} is presented`;
}

/** One object per selection and candidate; where none is presented, one more that says so. */
export const shownChoices = ({ choices }: CertificateExplanation): ShownFate[] => choices.flatMap(shownChoice);

function shownChoice(choice: CertificateChoice): ShownFate[] {
  const { selection: Selection, about: For, connector: Connector, fqdn: Fqdn, chosen: Presented } = choice;
  const of = { Selection, For, Connector, Fqdn, Presented };
  const event = choice.steps.findLast((step) => step.event !== null)?.event ?? null;
  const candidates = choice.candidates.map(({ thumbprint, subject, fate, reason, source }) => ({
    ...of,
    Fate: fateNames[fate],
    Thumbprint: thumbprint,
    Subject: subject,
    Reason: fate === "chosen" ? [reason, ...toldOf(thumbprint, choice)].join("; ") : reason,
    ...placeOf(source),
    Event: fate === "chosen" ? event : null,
  }));
  const end = choice.steps.at(-1);
  if (Presented !== null || !end) return candidates;
  const nothing = { Fate: "None", Thumbprint: null, Subject: null };
  return [...candidates, { ...of, ...nothing, Reason: end.text, ...placeOf(end.source), Event: event }];
}

/** What the steps say of a certificate beside what became of it: that it has expired, and is presented all the same. */
const toldOf = (thumbprint: string, { steps }: CertificateChoice): string[] =>
  steps.flatMap(({ text }) => (text.startsWith(`${thumbprint} `) ? `it ${text.slice(thumbprint.length + 1)}` : []));

/** `bb430748#5` is step 5 of a document. */
function placeOf(source: string) {
  const [Source = "", Step = ""] = source.split("#");
  return { Step, Source };
}

/** What -Verbose shows: every step of every selection, and the events that it would raise; or why there is none. */
export function tellSteps(
  { choices, remarks }: Pick<CertificateExplanation, "choices" | "remarks">,
  { verbose }: Pick<CmdletContext, "verbose">,
): void {
  for (const remark of remarks) verbose(remark);
  for (const { selection, about, steps } of choices) {
    verbose(`${selection} for ${about}`);
    for (const { source, text, event } of steps)
      verbose(`[${source}] ${text}${event === null ? "" : ` (event ${event})`}`);
  }
}
