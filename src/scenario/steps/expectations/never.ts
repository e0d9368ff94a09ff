import { z } from "zod";
import type { Mention, StepContext } from "../define-step.ts";
import type { Expectation, Look } from "./define-expectation.ts";

/** The opposite of an expectation, judged over everything up to the moment when nothing is busy. */
export function never(expectations: readonly Expectation[]): Expectation {
  const choices = expectations.map(({ bare }) => bare);
  const bare = z.strictObject({ never: z.union(choices).describe("what must not have happened") });
  const parts = (input: unknown): { expectation: Expectation; inner: unknown } => {
    const { never: inner } = input as z.output<typeof bare>; // parsed by the same schema (load.ts)
    const expectation = expectations.find(({ key }) => key in inner);
    if (!expectation) throw new Error("never: no expectation has that key");
    return { expectation, inner };
  };
  return {
    key: "never",
    bare,
    input: bare,
    mentions(input): Mention[] {
      const { expectation, inner } = parts(input);
      return expectation.mentions(inner).map((one) => ({ ...one, path: ["never", ...one.path] }));
    },
    describe(input) {
      const { expectation, inner } = parts(input);
      return `never: ${expectation.describe(inner)}`;
    },
    async look(context: StepContext, input: unknown): Promise<Look> {
      const { expectation, inner } = parts(input);
      await context.lab.settled();
      const look = await expectation.look(context, inner);
      if (!look.holds) return { holds: true };
      const happened = look.evidence?.text ?? look.evidence?.log ?? "it happened";
      return { holds: false, failure: { expected: `never: ${expectation.describe(inner)}`, found: happened } };
    },
  };
}
