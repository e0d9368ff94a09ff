import { z } from "zod";
import { LabError, messageOf } from "../../base/index.ts";
import { defineStep, failed, held, mention, type StepOutcome } from "./define-step.ts";
import { asList, oneOrMore, serverName, text } from "./words.ts";

export const shell = defineStep({
  name: "shell",
  summary:
    "Run one or more cmdlets on a server, in its Exchange Management Shell, which remembers variables from step to step",
  input: z.strictObject({
    on: serverName,
    run: oneOrMore(text).describe("cmdlet lines, in order"),
    answers: oneOrMore(z.enum(["Y", "A", "N", "L"], "Y, A, N or L"))
      .optional()
      .describe("what is answered to the questions of each line, in order: Yes, Yes to All, No, No to All"),
    fails: text.optional().describe("the last line must fail; the error's code, or a part of its text"),
    shows: oneOrMore(text).optional().describe("what the printed result must contain, however many blanks it has"),
  }),
  mentions: ({ on }) => mention("server", on, "on"),
  describe: ({ on, run, answers }) =>
    asList(run)
      .map(
        (line) => `[PS] ${on}> ${withoutPasswords(line)}${answers ? ` (answers ${asList(answers).join(", ")})` : ""}`,
      )
      .join("\n"),
  async run({ lab, execute }, { on, run, answers, fails, shows }) {
    const lines = asList(run);
    const printed: string[] = [];
    for (const [index, line] of lines.entries()) {
      const mustFail = fails !== undefined && index === lines.length - 1;
      try {
        printed.push((await execute(lab, on, line, answers && asList(answers))).text);
      } catch (failure) {
        return mustFail ? settleFailure(line, fails, failure) : failedLine(line, failure);
      }
      if (mustFail) return failed({ expected: `${withoutPasswords(line)} fails with ${fails}`, found: "it succeeded" });
    }
    const shown = printed.filter((part) => part.trim() !== "").join("\n");
    const lacking = asList(shows ?? []).find((wanted) => !oneBlank(shown).includes(oneBlank(wanted)));
    if (lacking !== undefined)
      return failed({ expected: `a result that shows ${lacking}`, found: shown || "no output" });
    return held(shown === "" ? undefined : { text: shown });
  },
});

/** A report may go anywhere: what a line turns into a secure string is not shown in it. */
const withoutPasswords = (line: string): string =>
  line.replace(/(ConvertTo-SecureString\s+(?:-S\w*[\s:]+)?)("[^"]*"|'[^']*'|[^\s)]+)/gi, "$1***");

/** Columns are padded, and whoever writes `shows` need not count. */
const oneBlank = (text: string): string => text.replace(/ +/g, " ");

function settleFailure(line: string, fails: string, failure: unknown): StepOutcome {
  const code = failure instanceof LabError ? failure.code : "";
  if (code === fails || messageOf(failure).includes(fails)) return held({ text: messageOf(failure) });
  return failed({
    expected: `${withoutPasswords(line)} fails with ${fails}`,
    found: `${code} ${messageOf(failure)}`.trim(),
  });
}

const failedLine = (line: string, failure: unknown): StepOutcome =>
  failed({
    expected: `${withoutPasswords(line)} succeeds`,
    found: messageOf(failure),
    ...(failure instanceof LabError ? { remedy: failure.remedy } : {}),
  });
