import { z } from "zod";
import type { Evidence, Failure, Mention, StepContext } from "../define-step.ts";
import { duration } from "../words.ts";

/** What one look at the lab found. */
export type Look = { holds: true; evidence?: Evidence } | { holds: false; failure: Failure };

interface ExpectationDefinition<S extends z.ZodRawShape> {
  /** The keys of its mapping; the first one tells it from the other expectations. */
  shape: S;
  mentions(input: z.output<z.ZodObject<S>>): Mention[];
  describe(input: z.output<z.ZodObject<S>>): string;
  /** Looks once, changes nothing. */
  look(context: StepContext, input: z.output<z.ZodObject<S>>): Promise<Look>;
}

/** Something that a scenario can expect, whatever its input is. */
export interface Expectation {
  /** Its first key. */
  key: string;
  /** As it stands under `never`. */
  bare: z.ZodObject;
  /** As it stands under `expect`, with `within`. */
  input: z.ZodObject;
  mentions(input: unknown): Mention[];
  describe(input: unknown): string;
  look(context: StepContext, input: unknown): Promise<Look>;
}

/** Declares a kind of expectation. */
export function defineExpectation<S extends z.ZodRawShape>(definition: ExpectationDefinition<S>): Expectation {
  type Input = z.output<z.ZodObject<S>>;
  // The one place where the declared type meets a value that the same shape has parsed (load.ts).
  const typed = (input: unknown): Input => input as Input;
  const within = duration.optional().describe("real time to wait for it; default 10s");
  return {
    key: Object.keys(definition.shape)[0] ?? "",
    bare: z.strictObject(definition.shape),
    input: z.strictObject({ ...definition.shape, within }),
    mentions: (input) => definition.mentions(typed(input)),
    describe: (input) => definition.describe(typed(input)),
    look: (context, input) => definition.look(context, typed(input)),
  };
}
