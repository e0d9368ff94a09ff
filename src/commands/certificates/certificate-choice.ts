import type { CertificateChoice, CertificateExplanation } from "../../lab/index.ts";
import type { CmdletContext } from "../definition/define-cmdlet.ts";

const fateNames = { chosen: "Chosen", lost: "Lost", unfit: "Unfit", notConsidered: "NotConsidered" } as const;

/** What became of one certificate in one selection, as `-Explain` shows it; of none at all where none is presented. */
type ShownFate = Readonly<Record<"Selection" | "For" | "Fate" | "Reason" | "Step" | "Source", string>> & {
  Thumbprint: string | null;
  Subject: string | null;
  Event: number | null;
};

/** One object per selection and candidate; where none is presented, one more that says so. */
export const shownChoices = ({ choices }: CertificateExplanation): ShownFate[] => choices.flatMap(shownChoice);

function shownChoice(choice: CertificateChoice): ShownFate[] {
  const about = { Selection: choice.selection, For: choice.about };
  const event = choice.steps.findLast((step) => step.event !== null)?.event ?? null;
  const candidates = choice.candidates.map(({ thumbprint, subject, fate, reason, source }) => ({
    ...about,
    Fate: fateNames[fate],
    Thumbprint: thumbprint,
    Subject: subject,
    Reason: reason,
    ...placeOf(source),
    Event: fate === "chosen" ? event : null,
  }));
  const end = choice.steps.at(-1);
  if (choice.chosen !== null || !end) return candidates;
  const nothing = { Fate: "None", Thumbprint: null, Subject: null };
  return [...candidates, { ...about, ...nothing, Reason: end.text, ...placeOf(end.source), Event: event }];
}

/** `bb430748#5` is step 5 of a document. */
function placeOf(source: string) {
  const [Source = "", Step = ""] = source.split("#");
  return { Step, Source };
}

/** What -Verbose shows: every step of every selection, and the events that it would raise. */
export function tellSteps({ choices }: CertificateExplanation, { verbose }: Pick<CmdletContext, "verbose">): void {
  for (const { selection, about, steps } of choices) {
    verbose(`${selection} for ${about}`);
    for (const { source, text, event } of steps)
      verbose(`[${source}] ${text}${event === null ? "" : ` (event ${event})`}`);
  }
}
