import type { LabFacts } from "../../src/lab/index.ts";

/** Waits until the facts of a lab show what `look` looks for. How long to be patient is the test's affair. */
export function fact<T>(facts: LabFacts, look: () => T | undefined): Promise<T> {
  return new Promise((resolve) => {
    const check = (): void => {
      const found = look();
      if (found === undefined) return;
      stop();
      resolve(found);
    };
    const stop = facts.onFact(check);
    check();
  });
}
