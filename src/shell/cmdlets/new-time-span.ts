import { TimeSpan } from "../run/time-span.ts";
import { defineCommand } from "./define-command.ts";

const count = (what: string) => ({ type: "integer", help: `So many ${what}` }) as const;

export const newTimeSpan = defineCommand({
  verb: "New",
  noun: "TimeSpan",
  synopsis: "Makes a time span: between two dates, or of so many days, hours, minutes and seconds.",
  source: "[new-timespan]",
  parameters: {
    Start: { type: "dateTime", position: 0, help: "When it begins", default: "now, where -End is given" },
    End: { type: "dateTime", position: 1, help: "When it ends", default: "now, where -Start is given" },
    Days: count("days"),
    Hours: count("hours"),
    Minutes: count("minutes"),
    Seconds: count("seconds"),
  },
  examples: [
    {
      line: "Get-ExchangeCertificate | ForEach-Object { (New-TimeSpan -End $_.NotAfter).Days }",
      does: "Shows how many days each certificate has left.",
    },
  ],
  async *run({ state: { server } }, { Start, End, Days = 0, Hours = 0, Minutes = 0, Seconds = 0 }) {
    const fixed = (((Days * 24 + Hours) * 60 + Minutes) * 60 + Seconds) * 1000;
    if (!Start && !End) return yield new TimeSpan(fixed);
    const now = (await server.labTime()).server;
    yield new TimeSpan((End ?? now).getTime() - (Start ?? now).getTime());
  },
});
