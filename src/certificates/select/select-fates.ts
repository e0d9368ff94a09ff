import { orderForSelection } from "../judge/status.ts";
import type { Candidate, Fate, Selection } from "./selection-steps.ts";

/** What became of one candidate of a selection. */
export interface CandidateFate<C> {
  candidate: C;
  /** `notConsidered`: the selection ended before it looked at any. */
  fate: Fate | "notConsidered";
  reason: string;
  /** The step that settled it: `bb430748#5`. */
  source: string;
}

/**
 * What became of every candidate, in the order in which selection tries them; their order in `store` does not matter.
 *
 * @param store the candidates that the selection was made among
 */
export function fatesOf<C extends Candidate>(
  { steps }: Pick<Selection<C>, "steps">,
  store: readonly C[],
): readonly CandidateFate<C>[] {
  const source = steps.at(-1)?.source ?? "";
  return orderForSelection(store).map((candidate) => {
    const step = steps.findLast((one) => one.candidate?.thumbprint === candidate.thumbprint);
    return step?.candidate
      ? { candidate, fate: step.candidate.fate, reason: step.candidate.reason, source: step.source }
      : { candidate, fate: "notConsidered", reason: "the selection ended before it came to any", source };
  });
}
