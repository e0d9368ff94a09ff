import { z } from "zod";
import { formatEndpoint, type Lab, type LoggedRow, type SessionRecord } from "../../../lab/index.ts";
import { certificatesNamedBy, readRows, sessionsIn } from "../../logs.ts";
import { mention, type NamedCertificate, type StepContext } from "../define-step.ts";
import { label, serverName, text } from "../words.ts";
import { defineExpectation } from "./define-expectation.ts";
import { decisionsOf, rowsAround, traceOf } from "./reasons.ts";

const which = z.strictObject({
  message: label.optional().describe("the session that carried it"),
  from: serverName.optional().describe("the sending server's record of the session; without it, the receiving one's"),
  to: serverName.optional().describe("the receiving server"),
});

const facts = z.strictObject({
  encrypted: z.boolean().optional(),
  verb: z.enum(["STARTTLS", "X-ANONYMOUSTLS"]).optional(),
  presented: z
    .strictObject({
      server: serverName.optional(),
      selfSigned: z.boolean().optional(),
      thumbprint: text.optional(),
      subject: text.optional(),
    })
    .optional()
    .describe("the certificate that the receiving server presented"),
  authenticated: z.enum(["none", "password", "x-exps", "direct-trust", "chain"]).optional(),
  failure: text.optional().describe("a part of why the session ended early"),
});

type Facts = z.output<typeof facts>;

export const session = defineExpectation({
  shape: { session: which, is: facts.prefault({}).describe("what must be so of it; nothing: there is such a session") },
  mentions: ({ session: { message, from, to }, is }) => [
    ...mention("message", message, "session", "message"),
    ...mention("server", from, "session", "from"),
    ...mention("server", to, "session", "to"),
    ...mention("server", is.presented?.server, "is", "presented", "server"),
  ],
  describe: ({ session: { message, from, to }, is }) => {
    const wanted = words(is).join(", ");
    const ends = [from && `from ${from}`, to && `to ${to}`, message && `with ${message}`].filter(
      (part) => part !== undefined,
    );
    return wanted === "" ? `there is a session ${ends.join(" ")}` : `the session ${ends.join(" ")} is ${wanted}`;
  },
  async look(context, { session: choice, is }) {
    const records = chosen(context, choice);
    const looks = await Promise.all(records.map((record) => compare(context.lab, record, is)));
    const good = looks.find((look) => look.differences.length === 0);
    if (good) return { holds: true, evidence: await evidenceOf(context.lab, good) };
    const servers = [choice.from, choice.to].filter((name) => name !== undefined);
    const failure = {
      expected: words(is).join(", ") || "there is one",
      found: looks.at(-1)?.differences.join(", ") ?? "no such session has ended",
      reasons: [
        ...(choice.message === undefined ? [] : traceOf(context, choice.message)),
        ...decisionsOf(context.lab, servers),
      ],
      around: choice.from === undefined ? [] : await rowsAround(context.lab, choice.from, "SmtpSend"),
    };
    return { holds: false, failure };
  },
});

/** Every fact that is wanted, in words. */
const words = ({ encrypted, verb, presented, authenticated, failure }: Facts): string[] => [
  ...(encrypted === undefined ? [] : [encrypted ? "encrypted" : "not encrypted"]),
  ...(verb === undefined ? [] : [`by ${verb}`]),
  ...(presented === undefined ? [] : [certificateWords(presented)]),
  ...(authenticated === undefined ? [] : [`authenticated by ${authenticated}`]),
  ...(failure === undefined ? [] : [`failed with ${failure}`]),
];

function certificateWords({ server, selfSigned, thumbprint, subject }: NonNullable<Facts["presented"]>): string {
  const kind = selfSigned === undefined ? "a" : selfSigned ? "a self-signed" : "an issued";
  const about = [server && `of ${server}`, subject && `for ${subject}`, thumbprint && `with thumbprint ${thumbprint}`];
  return `with ${kind} certificate ${about.filter((part) => part !== undefined).join(" ")}`.trimEnd();
}

function chosen({ lab, memory }: StepContext, { message, from, to }: z.output<typeof which>): SessionRecord[] {
  const id = message === undefined ? undefined : (memory.messages.get(message) ?? "");
  const side = from === undefined ? "receive" : "send";
  const ends = lab
    .listeners()
    .filter((listener) => listener.server === to)
    .map(({ endpoint }) => formatEndpoint(endpoint));
  return lab.facts
    .sessions()
    .filter((record) => record.side === side && record.server === (from ?? to ?? record.server))
    .filter((record) => from === undefined || to === undefined || ends.includes(formatEndpoint(record.remote)))
    .filter((record) => id === undefined || record.messages.includes(id));
}

interface Comparison {
  record: SessionRecord;
  presented: string | undefined;
  certificate: NamedCertificate | undefined;
  /** What is otherwise than wanted, in words; empty when nothing is. */
  differences: string[];
}

async function compare(lab: Lab, record: SessionRecord, is: Facts): Promise<Comparison> {
  const { tls } = record;
  const received = record.side === "send" ? tls?.received : undefined;
  const presented = record.side === "send" ? received?.thumbprint : tls?.presented;
  const certificate = presented === undefined ? undefined : (await certificatesNamedBy(lab, [presented]))[0];
  const found: Facts = {
    encrypted: tls !== undefined,
    verb: tls?.verb,
    presented: {
      server: certificate?.server,
      selfSigned: received?.selfSigned ?? certificate?.selfSigned,
      thumbprint: presented,
      subject: received?.subject ?? certificate?.subject,
    },
    authenticated: record.authentication.by,
  };
  return { record, presented, certificate, differences: differencesBetween(is, found, record.failure) };
}

function differencesBetween(is: Facts, found: Facts, failure: string | undefined): string[] {
  const differ = (name: string, wanted: unknown, got: unknown): string[] =>
    wanted === undefined || wanted === got ? [] : [`${name} ${got ?? "none"}`];
  return [
    ...differ("encrypted", is.encrypted, found.encrypted),
    ...differ("verb", is.verb, found.verb),
    ...differ("presented by", is.presented?.server, found.presented?.server),
    ...differ("selfSigned", is.presented?.selfSigned, found.presented?.selfSigned),
    ...differ("thumbprint", is.presented?.thumbprint, found.presented?.thumbprint),
    ...differ("subject", is.presented?.subject, found.presented?.subject),
    ...differ("authenticated by", is.authenticated, found.authenticated),
    ...(is.failure === undefined || failure?.includes(is.failure) ? [] : [`failure ${failure ?? "none"}`]),
  ];
}

/** The rows about TLS and about who is there: what a student should look at. */
async function evidenceOf(lab: Lab, { record, certificate }: Comparison) {
  const kind = record.side === "send" ? "SmtpSend" : "SmtpReceive";
  const rows = sessionsIn(await readRows(lab, record.server, kind), {
    connector: undefined,
    sessions: [record.sessionId],
  }).flat();
  return {
    log: `${record.server} ${kind}`,
    rows: rows.filter(isTelling),
    certificates: certificate ? [certificate] : [],
    text: `${record.tls ? `${record.tls.protocol}, ${record.tls.cipher}` : "not encrypted"}; authenticated: ${record.authentication.by}`,
  };
}

const isTelling = ({ event, data, context }: LoggedRow): boolean =>
  /^(?:X-ANONYMOUSTLS|STARTTLS|X-EXPS EXCHANGEAUTH|220 2\.0\.0 SMTP server ready)$/.test(data) ||
  (event === "*" && /ertificate|authenticated|TLS/.test(context));
