import type { RaisedEvent, Step } from "../base/index.ts";
import type { StoredCertificate } from "./certificate.ts";
import { hoursLeftIfSoon, isExpired, isNotYetValid } from "./dates.ts";

/** Writes down one step of a decision, under the number that its source gives it. */
export type Note = (step: number | "conditions", text: string, event?: RaisedEvent) => void;

/** The steps of one decision, taken from the document `source`. */
export function stepsOf(source: string): { steps: readonly Step[]; note: Note } {
  const steps: Step[] = [];
  const note: Note = (step, text, event) => {
    steps.push({ source: `${source}#${step}`, text, ...(event && { event }) });
  };
  return { steps, note };
}

/** The last step of every selection: dates never prevent TLS, they are told. */
export function noteValidity(
  chosen: StoredCertificate,
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
export const noteStartTlsValidity = (chosen: StoredCertificate, fqdn: string, at: Date, note: Note): void =>
  noteValidity(chosen, at, (text, event) => note(9, text, event), {
    expired: { id: 12016, parameters: [fqdn] },
    expiresSoon: (hours) => ({ id: 12018, parameters: [chosen.subject, chosen.thumbprint, String(hours)] }),
  });
