import { z } from "zod";
import { describeEvent } from "../../../lab/index.ts";
import { mention } from "../define-step.ts";
import { serverName, text } from "../words.ts";
import { defineExpectation } from "./define-expectation.ts";

const shownEvents = 5;

export const event = defineExpectation({
  shape: {
    event: z.int("an event's id, like 12014").min(1, "an event's id, like 12014"),
    on: serverName.optional().describe("the server whose Application log has it; default: any"),
    text: text.optional().describe("a part of its text"),
  },
  mentions: ({ on }) => mention("server", on, "on"),
  describe: ({ event: id, on, text: part }) =>
    `event ${id} is raised${on ? ` on ${on}` : ""}${part ? `, saying ${part}` : ""}`,
  async look({ lab }, { event: id, on, text: part = "" }) {
    const raised = lab.facts
      .events()
      .filter(({ server }) => on === undefined || server === on)
      .map((one) => ({ ...one, ...describeEvent(one.id, one.parameters) }));
    const found = raised.find((one) => one.id === id && one.text.includes(part));
    if (found) return { holds: true, evidence: { text: inWords(found) } };
    const same = raised.filter((one) => one.id === id);
    return {
      holds: false,
      failure: {
        expected: `event ${id}${on ? ` on ${on}` : ""}${part ? ` with the text ${part}` : ""}`,
        found: same.length > 0 ? same.slice(-shownEvents).map(inWords).join("; ") : "it was not raised",
        around: raised.slice(-shownEvents).map(inWords),
      },
    };
  },
});

const inWords = ({
  server,
  id,
  level,
  text: said,
}: {
  server: string;
  id: number;
  level: string;
  text: string;
}): string => `${server} event ${id} (${level}): ${said}`;
