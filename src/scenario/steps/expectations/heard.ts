import { mention } from "../define-step.ts";
import { attackerName, text } from "../words.ts";
import { defineExpectation } from "./define-expectation.ts";

const shownLines = 14;

export const heard = defineExpectation({
  shape: { heard: text.describe("a text that went past somebody who could read it"), by: attackerName },
  mentions: ({ by }) => mention("attacker", by, "by"),
  describe: ({ heard: wanted, by }) => `${by} hears "${wanted}"`,
  async look({ lab }, { heard: wanted, by }) {
    const all = await lab.attackerHeard(by);
    const at = all.indexOf(wanted);
    if (at >= 0) return { holds: true, evidence: { text: `${by} heard: ${lineAt(all, at)}` } };
    const lines = readable(all);
    return {
      holds: false,
      failure: {
        expected: `${by} hears "${wanted}"`,
        found: all === "" ? `${by} heard nothing` : `${by} heard ${all.length} octets, not that`,
        around: lines.slice(-shownLines),
      },
    };
  },
});

/** The line in which something stands. */
const lineAt = (all: string, at: number): string => {
  const end = all.indexOf("\n", at);
  const line = all.slice(all.lastIndexOf("\n", at) + 1, end < 0 ? undefined : end);
  return shortened(line.trimEnd().replace(/[^\x20-\x7e]/g, "?"));
};

/** Lines that a terminal can show; what is encrypted is left out. */
const readable = (all: string): string[] =>
  all
    .split(/\r?\n/)
    .filter((line) => line !== "" && /^[\x20-\x7e]*$/.test(line))
    .map(shortened);

const shortened = (line: string): string => (line.length > 120 ? `${line.slice(0, 119)}…` : line);
