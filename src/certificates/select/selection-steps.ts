import type { Decision, RaisedEvent, Step } from "../../base/index.ts";
import type { Certificate, StoredCertificate } from "../certificate.ts";
import { hoursLeftIfSoon, isExpired, isNotYetValid } from "../dates.ts";

/** What selection looks at. A server's store knows it of every certificate, a pasted listing (listing/) of most. */
export type Candidate = Pick<
  StoredCertificate,
  | "thumbprint"
  | "subject"
  | "notBefore"
  | "notAfter"
  | "certificateDomains"
  | "publicKey"
  | "enhancedKeyUsage"
  | "x509Version"
  | "selfSigned"
  | "services"
  | "hasPrivateKey"
>;

/** What became of a candidate: presented; fit, and another one goes before it; dropped by a step. */
export type Fate = "chosen" | "lost" | "unfit";

/** One step of a selection; where it settles a candidate's fate, which one's and why. */
export interface SelectionStep extends Step {
  candidate?: { thumbprint: string; fate: Fate; reason: string };
}

/** A certificate, or none, and the steps that tell what became of every candidate. */
export interface Selection<C> extends Decision<C | undefined> {
  steps: readonly SelectionStep[];
}

type StepNumber = number | "conditions";

/** Writes down one step of a decision, under the number that its source gives it. */
export type Note = (step: StepNumber, text: string, event?: RaisedEvent) => void;

/** Writes down the step that settles what becomes of a candidate. A later one for the same candidate overrules it. */
export type NoteFate = (step: StepNumber, one: Pick<Candidate, "thumbprint">, fate: Fate, reason: string) => void;

/** Where a selection writes down its steps. */
export interface Notes {
  note: Note;
  noteFate: NoteFate;
}

/** The steps of one decision, taken from the document `source`. */
export function stepsOf(source: string): { steps: readonly SelectionStep[] } & Notes {
  const steps: SelectionStep[] = [];
  return {
    steps,
    note(step, text, event) {
      steps.push({ source: `${source}#${step}`, text, ...(event && { event }) });
    },
    noteFate(step, { thumbprint }, fate, reason) {
      const candidate = { thumbprint, fate, reason };
      steps.push({ source: `${source}#${step}`, text: `${thumbprint}: ${reason}`, candidate });
    },
  };
}

/** The last step of every selection: dates never prevent TLS, they are told. */
export function noteValidity(
  chosen: Pick<Certificate, "thumbprint" | "notBefore" | "notAfter">,
  at: Date,
  note: (text: string, event?: RaisedEvent) => void,
  events: { expired: RaisedEvent; expiresSoon: (hours: number) => RaisedEvent },
): void {
  const { thumbprint } = chosen;
  const hours = hoursLeftIfSoon(chosen, at);
  if (isExpired(chosen, at)) note(`${thumbprint} has expired and is presented all the same`, events.expired);
  else if (isNotYetValid(chosen, at)) note(`${thumbprint} is not valid yet and is presented all the same`);
  else if (hours !== undefined) note(`${thumbprint} expires in ${hours} hours`, events.expiresSoon(hours));
}

/** Step 9 of the selection for STARTTLS. Source: [bb430748], 2016 edition; [ff983405], [ff982351]. */
export const noteStartTlsValidity = (chosen: Candidate, fqdn: string, at: Date, note: Note): void =>
  noteValidity(chosen, at, (text, event) => note(9, text, event), {
    expired: { id: 12016, parameters: [fqdn] },
    expiresSoon: (hours) => ({ id: 12018, parameters: [chosen.subject, chosen.thumbprint, String(hours)] }),
  });
