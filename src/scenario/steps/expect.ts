import { z } from "zod";
import type { LabFacts } from "../../lab/index.ts";
import { defineStep, failed, held, type StepContext } from "./define-step.ts";
import type { Expectation, Look } from "./expectations/define-expectation.ts";
import { delivered } from "./expectations/delivered.ts";
import { directory } from "./expectations/directory.ts";
import { event } from "./expectations/event.ts";
import { heard } from "./expectations/heard.ts";
import { log } from "./expectations/log.ts";
import { never } from "./expectations/never.ts";
import { queued } from "./expectations/queued.ts";
import { reported } from "./expectations/reported.ts";
import { session } from "./expectations/session.ts";

const positive = [delivered, session, log, queued, reported, event, heard, directory];
const expectations: readonly Expectation[] = [...positive, never(positive)];

const defaultPatienceMs = 10_000;
/** Not everything that can be expected is a fact: a queue's state is not. */
const lookAtLeastEveryMs = 250;

const kindOf = (input: Record<string, unknown>): Expectation => {
  const kind = expectations.find(({ key }) => key in input);
  if (!kind) throw new Error("expect: no expectation has that key");
  return kind;
};

export const expect = defineStep({
  name: "expect",
  summary: "Wait until something is so; fail when it is not so in time",
  input: z.union(expectations.map(({ input }) => input)),
  mentions: (input) => kindOf(input).mentions(input),
  describe: (input) => kindOf(input).describe(input),
  async run(context, input) {
    const kind = kindOf(input);
    const patienceMs = kind.key === "never" ? 0 : typeof input.within === "number" ? input.within : defaultPatienceMs;
    const seen = await lookUntil(context, () => kind.look(context, input), patienceMs);
    return seen.holds ? held(seen.evidence) : failed(seen.failure);
  },
});

/** Looks after every new fact, until it holds or the real time is up; the last look counts. */
async function lookUntil(context: StepContext, look: () => Promise<Look>, patienceMs: number): Promise<Look> {
  const endsAt = performance.now() + patienceMs;
  for (;;) {
    const change = nextChange(context.lab.facts, context.signal);
    try {
      const seen = await look();
      if (seen.holds || performance.now() >= endsAt || context.signal.aborted) return seen;
      await change.happened;
    } finally {
      change.forget();
    }
  }
}

/** A promise for the next fact from now on, for a while without one, or for Ctrl-C. */
function nextChange(facts: LabFacts, signal: AbortSignal): { happened: Promise<void>; forget(): void } {
  let forget = (): void => {};
  const happened = new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, lookAtLeastEveryMs);
    const endFacts = facts.onFact(resolve);
    const stop = (): void => resolve();
    signal.addEventListener("abort", stop);
    forget = () => {
      clearTimeout(timer);
      endFacts();
      signal.removeEventListener("abort", stop);
    };
  });
  return { happened, forget };
}
