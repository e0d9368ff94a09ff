import { z } from "zod";
import { findRows, readRows, sessionOf } from "../logs.ts";
import { defineStep, failed, held, mention, type StepContext, type StepOutcome } from "./define-step.ts";
import { label, logChoice, logRow, serverName } from "./words.ts";

const thumbprint = z.strictObject({
  thumbprint: z.strictObject({ of: serverName }).describe("of the server's internal transport certificate"),
  as: label,
});
const logField = z.strictObject({
  log: logChoice,
  row: logRow.describe("the first row that matches"),
  field: z.enum(["data", "context", "session-id", "local-endpoint", "remote-endpoint"]).default("data"),
  as: label,
});

export const remember = defineStep({
  name: "remember",
  summary: `Give a value a name; later steps write \${name} for it`,
  input: z.union([thumbprint, logField]),
  mentions: (input) =>
    "thumbprint" in input
      ? mention("server", input.thumbprint.of, "thumbprint", "of")
      : [
          ...mention("server", input.log.server, "log", "server"),
          ...mention("message", input.log.message, "log", "message"),
        ],
  makesKnown: ({ as }) => ({ kind: "value", name: as }),
  describe: (input) =>
    "thumbprint" in input
      ? `remember the thumbprint of ${input.thumbprint.of} as ${input.as}`
      : `remember the ${input.field} of ${input.row} in ${input.log.server} ${input.log.kind} as ${input.as}`,
  async run(context, input) {
    return "thumbprint" in input ? rememberThumbprint(context, input) : rememberField(context, input);
  },
});

async function rememberThumbprint(
  { lab, memory }: StepContext,
  { thumbprint: { of }, as }: z.output<typeof thumbprint>,
): Promise<StepOutcome> {
  const certificates = await lab.server(of).exchangeCertificates();
  const found = certificates.find((certificate) => certificate.internalTransport);
  if (!found) return failed({ expected: `${of} has an internal transport certificate`, found: "none" });
  memory.values.set(as, found.thumbprint);
  return held({ text: `${as} = ${found.thumbprint}` });
}

async function rememberField(context: StepContext, input: z.output<typeof logField>): Promise<StepOutcome> {
  const { lab, memory } = context;
  const rows = await readRows(lab, input.log.server, input.log.kind);
  const only = input.log.message === undefined ? undefined : sessionOf(context, input.log.message, input.log);
  const row = findRows(rows, [input.row], { connector: input.log.connector, sessions: only })?.[0];
  if (!row) return failed({ expected: `a row ${input.row}`, found: `none in ${rows.length} rows` });
  const fields = {
    data: row.data,
    context: row.context,
    "session-id": row.sessionId,
    "local-endpoint": row.local,
    "remote-endpoint": row.remote,
  };
  memory.values.set(input.as, fields[input.field]);
  return held({ text: `${input.as} = ${fields[input.field]}` });
}
