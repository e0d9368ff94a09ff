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
      const run = execute(lab, on, line, answers && asList(answers));
      const { text, failure } = await run.catch((thrown: unknown) => ({ text: "", failure: thrown }));
      const wrong = wrongEnd(line, index === lines.length - 1 ? fails : undefined, { text, failure });
      if (wrong) return wrong;
      printed.push(text, failure === undefined ? "" : messageOf(failure));
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

/** What a line showed, and why it went no further; undefined where it did. */
interface End {
  text: string;
  failure: unknown;
}

/** What is wrong with how a line ended; undefined where it is as it should be. */
function wrongEnd(line: string, fails: string | undefined, { text, failure }: End): StepOutcome | undefined {
  if (fails === undefined) return failure === undefined ? undefined : failedLine(line, text, failure);
  const expected = `${withoutPasswords(line)} fails with ${fails}`;
  if (failure === undefined) return failed({ expected, found: "it succeeded" });
  const code = failure instanceof LabError ? failure.code : "";
  if (code === fails || messageOf(failure).includes(fails)) return undefined;
  return failed({ expected, found: `${code} ${messageOf(failure)}`.trim() });
}

const failedLine = (line: string, text: string, failure: unknown): StepOutcome =>
  failed({
    expected: `${withoutPasswords(line)} succeeds`,
    found: text === "" ? messageOf(failure) : `${text}\n${messageOf(failure)}`,
    ...(failure instanceof LabError ? { remedy: failure.remedy } : {}),
  });
