import { lineInterrupted, type ShellHost, type ShellQuestion } from "../../shell/index.ts";
import type { Typed } from "./window.ts";

/** Where a question is put: shows text, and asks for a line; `hidden` shows nothing of what is typed. */
export interface Asking {
  show(text: string): void;
  ask(prompt: string, hidden: boolean): Promise<Typed>;
}

/** Asks a person as PowerShell does: the choices on one line, Enter for the default, `?` for what each means. */
export const askingHost = (asking: Asking): ShellHost => ({
  async choose(question) {
    asking.show(`\nConfirm\n${question.caption}\n${question.message}\n`);
    for (;;) {
      const answer = (await lineOf(asking.ask(choicesLine(question), false))).trim();
      const choice = choiceOf(question, answer);
      if (choice !== undefined) return choice;
      if (answer === "?") asking.show(helpOf(question));
    }
  },
  readSecret: (prompt) => lineOf(asking.ask(prompt, true)),
});

async function lineOf(asked: Promise<Typed>): Promise<string> {
  const typed = await asked;
  if (typed.kind === "line") return typed.text;
  throw lineInterrupted();
}

/** Source: [exchange-certificate-cmdlets], the layout of the prompt; Inferred: the same for all questions. */
const choicesLine = ({ choices, default: taken }: ShellQuestion): string => {
  const each = choices.map(({ key, label }) => `[${key}] ${label}`);
  return `${[...each, "[?] Help"].join("  ")} (default is "${choices[taken]?.key ?? ""}"): `;
};

const helpOf = ({ choices }: ShellQuestion): string => choices.map(({ key, help }) => `${key} - ${help}\n`).join("");

/** The place of the choice that was meant: by key or by label, whatever the case; nothing typed is the default. */
function choiceOf({ choices, default: taken }: ShellQuestion, answer: string): number | undefined {
  if (answer === "") return taken;
  const wanted = answer.toLowerCase();
  const place = choices.findIndex(({ key, label }) => [key, label].some((word) => word.toLowerCase() === wanted));
  return place < 0 ? undefined : place;
}
