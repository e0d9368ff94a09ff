import { z } from "zod";
import { findRows, readRows, sessionOf } from "../logs.ts";
import { defineStep, failed, held, mention, type StepContext, type StepOutcome } from "./define-step.ts";
import { label, logChoice, logRow, peerName, serverName, text } from "./words.ts";

const thumbprint = z.strictObject({
  thumbprint: z
    .strictObject({ of: peerName, bearing: text.optional() })
    .describe(
      "of the server's internal transport certificate, or of its newest one `bearing` a name; or of what the outside host presents",
    ),
  as: label,
});
const directory = z.strictObject({
  directory: serverName.describe("what this server's own directory holds: Active Directory, or an Edge server's ADAM"),
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
  summary: `Give a value a name; later steps write \${name} for it. Or keep what a directory holds, to compare later`,
  input: z.union([thumbprint, logField, directory]),
  mentions(input) {
    if ("thumbprint" in input) return mention("peer", input.thumbprint.of, "thumbprint", "of");
    if ("directory" in input) return mention("server", input.directory, "directory");
    return [
      ...mention("server", input.log.server, "log", "server"),
      ...mention("message", input.log.message, "log", "message"),
    ];
  },
  makesKnown: (input) => ({ kind: "directory" in input ? "directory" : "value", name: input.as }),
  describe(input) {
    if ("thumbprint" in input) {
      const { of, bearing } = input.thumbprint;
      return `remember the thumbprint of ${bearing === undefined ? of : `${bearing} on ${of}`} as ${input.as}`;
    }
    if ("directory" in input) return `remember what the directory of ${input.directory} holds as ${input.as}`;
    return `remember the ${input.field} of ${input.row} in ${input.log.server} ${input.log.kind} as ${input.as}`;
  },
  async run(context, input) {
    if ("thumbprint" in input) return rememberThumbprint(context, input);
    return "directory" in input ? rememberDirectory(context, input) : rememberField(context, input);
  },
});

async function rememberThumbprint(
  { lab, memory }: StepContext,
  { thumbprint: { of, bearing }, as }: z.output<typeof thumbprint>,
): Promise<StepOutcome> {
  const host = lab.outsideHosts().find(({ name }) => name === of);
  const found = host
    ? host.certificates.find(({ thumbprint: one }) => one === host.presents)
    : (await lab.server(of).exchangeCertificates()).find(({ internalTransport, certificateDomains }) =>
        bearing === undefined ? internalTransport : certificateDomains.includes(bearing),
      );
  const kind =
    bearing !== undefined
      ? `a certificate for ${bearing}`
      : host
        ? "a certificate"
        : "an internal transport certificate";
  if (!found) return failed({ expected: `${of} has ${kind}`, found: "none" });
  memory.values.set(as, found.thumbprint);
  return held({ text: `${as} = ${found.thumbprint}` });
}

async function rememberDirectory(
  { lab, memory }: StepContext,
  { directory: server, as }: z.output<typeof directory>,
): Promise<StepOutcome> {
  await lab.settled();
  const objects = await lab.directoryObjects(server);
  memory.directories.set(as, objects);
  return held({ text: `${objects.length} objects` });
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
