import { defineCommand } from "./define-command.ts";
import { gathered } from "./properties.ts";

export const convertToJson = defineCommand({
  verb: "ConvertTo",
  noun: "Json",
  synopsis: "Makes JSON of objects: of one by itself, of several as an array.",
  source: "[convertto-json]",
  takesInput: true,
  parameters: { Compress: { type: "switch", help: "In one line" } },
  examples: [
    {
      line: "Get-ExchangeCertificate | Select-Object Thumbprint | ConvertTo-Json",
      does: "Shows the thumbprints as JSON.",
    },
  ],
  async *run(call, { Compress }) {
    const values = await gathered(call);
    if (values.length > 0)
      yield JSON.stringify(values.length === 1 ? values[0] : values, null, Compress === true ? 0 : 2);
  },
});
