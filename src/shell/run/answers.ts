import { LabError } from "../../base/index.ts";
import type { ShellHost } from "../shell-session.ts";

/** A question came for which a scenario has no answer, or one that is none. */
const noAnswer = (question: string, answer: string | undefined, keys: readonly string[]): LabError =>
  new LabError(
    "SHELL_ANSWER_MISSING",
    `Cannot answer "${question}": ${answer === undefined ? "no answer is left" : `"${answer}" is none of ${keys.join(", ")}`}`,
    { remedy: "Give an answer for every question, in order", details: { question, answer, keys } },
  );

/** Somebody who answers questions in order by what was written down before: `Y`, `A`, `N`, `L`. */
export function answeringHost(answers: readonly string[]): ShellHost {
  const left = [...answers];
  return {
    async choose({ caption, choices }) {
      const answer = left.shift();
      const at = choices.findIndex(({ key }) => key === answer?.toUpperCase());
      if (at >= 0) return at;
      throw noAnswer(
        caption,
        answer,
        choices.map(({ key }) => key),
      );
    },
    readSecret: (prompt) => Promise.reject(noAnswer(prompt, undefined, [])),
  };
}
