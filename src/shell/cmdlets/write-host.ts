import { itemsOf, textOf } from "../run/values.ts";
import { defineCommand, nothing } from "./define-command.ts";

const colour = {
  type: "enum",
  values: [
    ...["Black", "DarkBlue", "DarkGreen", "DarkCyan", "DarkRed", "DarkMagenta", "DarkYellow", "Gray"],
    ...["DarkGray", "Blue", "Green", "Cyan", "Red", "Magenta", "Yellow", "White"],
  ],
  help: "Taken, and not shown: text is plain here",
} as const;

export const writeHost = defineCommand({
  verb: "Write",
  noun: "Host",
  synopsis: "Shows text, and passes nothing on.",
  source: "[write-host]",
  takesInput: true,
  parameters: {
    Object: { type: "any", position: 0, help: "What is shown" },
    NoNewline: { type: "switch", help: "What is shown next goes on in the same line" },
    Separator: { type: "string", help: "What stands between several values", default: "a blank" },
    ForegroundColor: colour,
    BackgroundColor: colour,
  },
  examples: [
    {
      line: 'Write-Host "$((Get-ExchangeCertificate).Count) certificates" -ForegroundColor Green',
      does: "Shows a text in which something is counted.",
    },
  ],
  async *run({ input, say }, { Object: shown, NoNewline = false, Separator = " " }) {
    const show = (value: unknown): void => say(itemsOf(value).map(textOf).join(Separator), NoNewline);
    let piped = false;
    for await (const value of input) {
      piped = true;
      show(value);
    }
    if (!piped) show(shown);
    yield* nothing();
  },
});
