import { z } from "zod";
import type { Lab, LoggedRow, SessionRecord } from "../../../lab/index.ts";
import { certificatesNamedBy } from "../../certificates.ts";
import { readRows, sessionsIn } from "../../logs.ts";
import { type Mention, mention, type NamedCertificate } from "../define-step.ts";
import { label, peerName, text } from "../words.ts";
import {
  type CertificateFacts,
  certificateDifferences,
  certificateFacts,
  certificateMentions,
  certificateWords,
  factsOf,
} from "./certificate-facts.ts";
import { defineExpectation } from "./define-expectation.ts";
import { decisionsOf, rowsAround, traceOf } from "./reasons.ts";
import { isServer, sessionsBetween } from "./session-choice.ts";

const which = z.strictObject({
  message: label.optional().describe("the session that carried it"),
  from: peerName
    .optional()
    .describe("who sends; a server's own record of the session is read, without it the receiving server's"),
  to: peerName.optional().describe("who receives"),
});

const facts = z.strictObject({
  encrypted: z.boolean().optional(),
  verb: z.enum(["STARTTLS", "X-ANONYMOUSTLS"]).optional(),
  presented: certificateFacts.optional().describe("the certificate that the receiving side presented"),
  clientCertificate: z
    .union([z.boolean(), certificateFacts])
    .optional()
    .describe("whether the sending side presented a certificate, or which"),
  authenticated: z.enum(["none", "password", "x-exps", "direct-trust", "chain"]).optional(),
  failure: text.optional().describe("a part of why the session ended early"),
});

type Facts = z.output<typeof facts>;

export const session = defineExpectation({
  shape: { session: which, is: facts.prefault({}).describe("what must be so of it; nothing: there is such a session") },
  mentions: ({ session: { message, from, to }, is }): Mention[] => [
    ...mention("message", message, "session", "message"),
    ...mention("peer", from, "session", "from"),
    ...mention("peer", to, "session", "to"),
    ...certificateMentions(is.presented, "is", "presented"),
    ...certificateMentions(clientOf(is), "is", "clientCertificate"),
  ],
  describe: ({ session: { message, from, to }, is }) => {
    const wanted = words(is).join(", ");
    const ends = [from && `from ${from}`, to && `to ${to}`, message && `with ${message}`].filter(
      (part) => part !== undefined,
    );
    return wanted === "" ? `there is a session ${ends.join(" ")}` : `the session ${ends.join(" ")} is ${wanted}`;
  },
  async look(context, { session: choice, is }) {
    const { lab } = context;
    const looks = await Promise.all(sessionsBetween(context, choice).map((record) => compare(lab, record, is)));
    const good = looks.find((look) => look.differences.length === 0);
    if (good) return { holds: true, evidence: await evidenceOf(lab, good) };
    const servers = [choice.from, choice.to].filter((name) => name !== undefined);
    const failure = {
      expected: words(is).join(", ") || "there is one",
      found: looks.at(-1)?.differences.join(", ") ?? "no such session has ended",
      reasons: [
        ...(choice.message === undefined ? [] : traceOf(context, choice.message)),
        ...decisionsOf(lab, servers),
      ],
      around: isServer(lab, choice.from) ? await rowsAround(lab, choice.from, "SmtpSend") : [],
    };
    return { holds: false, failure };
  },
});

const clientOf = ({ clientCertificate }: Facts): CertificateFacts | undefined =>
  typeof clientCertificate === "object" ? clientCertificate : undefined;

/** Every fact that is wanted, in words. */
const words = ({ encrypted, verb, presented, clientCertificate, authenticated, failure }: Facts): string[] => [
  ...(encrypted === undefined ? [] : [encrypted ? "encrypted" : "not encrypted"]),
  ...(verb === undefined ? [] : [`by ${verb}`]),
  ...(presented === undefined ? [] : [`with ${certificateWords(presented)}`]),
  ...(clientCertificate === undefined ? [] : [clientWords(clientCertificate)]),
  ...(authenticated === undefined ? [] : [`authenticated by ${authenticated}`]),
  ...(failure === undefined ? [] : [`failed with ${failure}`]),
];

function clientWords(wanted: boolean | CertificateFacts): string {
  if (typeof wanted === "object") return `with, of the client, ${certificateWords(wanted)}`;
  return wanted ? "with a certificate of the client" : "without a certificate of the client";
}

/** A session, and the certificates that were presented in it, as far as somebody is known to hold them. */
interface Comparison {
  record: SessionRecord;
  certificates: NamedCertificate[];
  /** What is otherwise than wanted, in words; empty when nothing is. */
  differences: string[];
}

async function compare(lab: Lab, record: SessionRecord, is: Facts): Promise<Comparison> {
  const { tls } = record;
  // Each side records the thumbprint of what it presented, and more of what it received.
  const own = tls?.presented === undefined ? undefined : { thumbprint: tls.presented };
  const [server, client] = record.side === "send" ? [tls?.received, own] : [own, tls?.received];
  const thumbprints = [server, client].flatMap((one) => one?.thumbprint ?? []);
  const certificates = await certificatesNamedBy(lab, thumbprints);
  const presented = factsOf(lab, server, certificates);
  const sent = factsOf(lab, client, certificates);
  return {
    record,
    certificates,
    differences: [
      ...differ("encrypted", is.encrypted, tls !== undefined),
      ...differ("verb", is.verb, tls?.verb),
      ...certificateDifferences("", is.presented, presented),
      ...(typeof is.clientCertificate === "boolean"
        ? differ("clientCertificate", is.clientCertificate, client !== undefined)
        : certificateDifferences("clientCertificate ", is.clientCertificate, sent)),
      ...differ("authenticated by", is.authenticated, record.authentication.by),
      ...(is.failure === undefined || record.failure?.includes(is.failure)
        ? []
        : [`failure ${record.failure ?? "none"}`]),
    ],
  };
}

const differ = (name: string, wanted: unknown, got: unknown): string[] =>
  wanted === undefined || wanted === got ? [] : [`${name} ${got ?? "none"}`];

/** The rows about TLS and about who is there: what a student should look at. */
async function evidenceOf(lab: Lab, { record, certificates }: Comparison) {
  const kind = record.side === "send" ? "SmtpSend" : "SmtpReceive";
  const rows = sessionsIn(await readRows(lab, record.server, kind), {
    connector: undefined,
    sessions: [record.sessionId],
  }).flat();
  return {
    log: `${record.server} ${kind}`,
    rows: rows.filter(isTelling),
    certificates,
    text: `${record.tls ? `${record.tls.protocol}, ${record.tls.cipher}` : "not encrypted"}; authenticated: ${record.authentication.by}`,
  };
}

const isTelling = ({ event, data, context }: LoggedRow): boolean =>
  /^(?:X-ANONYMOUSTLS|STARTTLS|X-EXPS EXCHANGEAUTH|220 2\.0\.0 SMTP server ready)$/.test(data) ||
  (event === "*" && /ertificate|authenticated|TLS/.test(context));
