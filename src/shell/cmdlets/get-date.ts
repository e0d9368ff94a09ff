import { netFormat } from "../show/net-format.ts";
import { defineCommand } from "./define-command.ts";

export const getDate = defineCommand({
  verb: "Get",
  noun: "Date",
  synopsis: "Tells what time the server's clock shows: lab time, unless the clock is off.",
  source: "[get-date]",
  parameters: {
    Date: { type: "dateTime", position: 0, help: "Another moment", default: "now" },
    Format: { type: "string", help: "A text like `yyyy-MM-dd` instead of a date, by .NET's letters" },
  },
  examples: [
    {
      line: "Get-ExchangeCertificate | Where-Object { $_.NotAfter -lt (Get-Date).AddDays(30) }",
      does: "Shows the certificates that expire within thirty days.",
    },
  ],
  async *run({ state: { server } }, { Date: other, Format }) {
    const date = other ?? (await server.labTime()).server;
    yield Format === undefined ? date : netFormat(date, Format);
  },
});
