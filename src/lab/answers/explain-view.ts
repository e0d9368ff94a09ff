import { type Candidate, fatesOf } from "../../certificates/index.ts";
import type { CertificateChoice } from "../api/index.ts";
import type { Choice } from "./explain-choice.ts";

/** A choice as plain data, with what became of each candidate. */
export const viewOfChoice = <C extends Candidate>(choice: Choice<C>, among: readonly C[]): CertificateChoice => ({
  selection: choice.selection,
  about: choice.about,
  connector: choice.connector,
  fqdn: choice.fqdn,
  chosen: choice.outcome?.thumbprint ?? null,
  candidates: fatesOf(choice, among).map(({ candidate: { thumbprint, subject }, fate, reason, source }) => ({
    thumbprint,
    subject,
    fate,
    reason,
    source,
  })),
  steps: choice.steps.map(({ source, text, event }) => ({ source, text, event: event?.id ?? null })),
});
