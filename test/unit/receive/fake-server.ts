import { X509Certificate } from "node:crypto";
import { createSecureContext } from "node:tls";
import { generate } from "selfsigned";
import { runningClock, sessionIds } from "../../../src/base/index.ts";
import type { StoredCertificate } from "../../../src/certificates/index.ts";
import { type ExchangeServer, hubReceiveConnectors, type ReceiveConnector } from "../../../src/directory/index.ts";
import { type ProtocolRow, reply, type SessionRecord } from "../../../src/smtp/index.ts";
import {
  type Listener,
  type Presentation,
  type ReceiveEvent,
  type ReceiveServer,
  startListener,
  type Submission,
} from "../../../src/transport/receive/index.ts";
import { serverObject } from "../../helpers/objects.ts";

/** A server for tests: everything a session needs, and everything it said and handed over. */
export interface FakeServer extends ReceiveServer {
  events: ReceiveEvent[];
  submissions: Submission[];
  defaultConnector: ReceiveConnector;
  clientConnector: ReceiveConnector;
  /** `event,data,context` of every row so far. */
  rows(): string[];
  sessions(): SessionRecord[];
  /** Resolves with the next session that ends, or one that has ended and was not asked for. */
  sessionEnd(): Promise<SessionRecord>;
}

export const goodBlob = "Z29vZA==";

/** What a test changes of the default connectors. */
export type ConnectorChanges = Partial<Omit<ReceiveConnector, "server" | "name" | "bindings">>;

export function fakeServer(presentations: Presentations, changes: ConnectorChanges = {}): FakeServer {
  const events: ReceiveEvent[] = [];
  const submissions: Submission[] = [];
  const ended: SessionRecord[] = [];
  const waiting: ((record: SessionRecord) => void)[] = [];
  const common = { tarpitIntervalMs: 0, protocolLoggingLevel: "Verbose", ...changes } as const;
  const [byDefault, client] = hubReceiveConnectors("Ex2007EE", { default: "127.0.0.1:0", client: "127.0.0.2:0" });
  const defaultConnector = { ...(byDefault as ReceiveConnector), ...common };
  const clientConnector = { ...(client as ReceiveConnector), ...common };
  return {
    name: "Ex2007EE",
    fqdn: "Ex2007EE.proexchange.local",
    domain: "PROEXCHANGE",
    clock: runningClock(new Date("2008-05-12T10:00:00Z")),
    nextSessionId: sessionIds(new Date("2008-05-12T10:00:00Z")),
    journal: {
      report(event) {
        events.push(event);
        if (event.kind !== "session") return;
        const next = waiting.shift();
        if (next) next(event);
        else ended.push(event);
      },
    },
    events,
    submissions,
    defaultConnector,
    clientConnector,
    connectors: () => [defaultConnector, clientConnector],
    exchangeServer: (fqdn) => (/^ex2007(se|xx)\.proexchange\.local$/i.test(fqdn) ? exchangeServer(fqdn) : undefined),
    startTlsCertificate: (connector) => ({
      outcome: connector.authMechanism.includes("Tls") ? presentations.startTls : undefined,
      steps: [{ source: "bb430748#8", text: "the only one" }],
    }),
    internalCertificate: (connector) => ({
      outcome: connector.authMechanism.includes("ExchangeServer") ? presentations.internal : undefined,
      steps: [{ source: "bb430790#4", text: "in the store" }],
    }),
    async checkPassword(user, password) {
      return user === "anna" && password === "secret"
        ? { identity: "PROEXCHANGE\\anna", addresses: ["anna@proexchange.local"] }
        : undefined;
    },
    async exchangeAuth(blob, session) {
      if (blob !== goodBlob) return { kind: "refused", error: "IllegalMessage" };
      if (session.channelBinding.length !== 32 || session.serverCertificateSha256.length !== 64)
        throw new Error("unbound");
      return { kind: "accepted", server: "Ex2007SE", answer: "YW5zd2Vy" };
    },
    isLocalDomain: (domain) => domain === "proexchange.local",
    async accept(submission) {
      submissions.push(submission);
      return reply(250, "2.6.0", `${submission.internetMessageId} Queued mail for delivery`);
    },
    rows: () =>
      events
        .filter((event): event is ProtocolRow => event.kind === "protocolRow")
        .map(({ event, data, context }) => `${event},${data},${context}`),
    sessions: () => events.filter((event): event is SessionRecord => event.kind === "session"),
    sessionEnd: () =>
      new Promise((resolve) => {
        const record = ended.shift();
        if (record) resolve(record);
        else waiting.push(resolve);
      }),
  };
}

const exchangeServer = (fqdn: string): ExchangeServer =>
  serverObject({
    name: fqdn.split(".")[0]?.toLowerCase() === "ex2007se" ? "Ex2007SE" : "Ex2007XX",
    fqdn,
    site: "SiteB",
  });

export interface Presentations {
  startTls: Presentation | undefined;
  internal: Presentation | undefined;
}

/** Two real certificates, P-256 because nobody here looks at the key. */
export async function makePresentations(): Promise<{ startTls: Presentation; internal: Presentation }> {
  return { startTls: await makePresentation("mail.proexchange.local"), internal: await makePresentation("Ex2007EE") };
}

async function makePresentation(name: string): Promise<Presentation> {
  const made = await generate([{ name: "commonName", value: name }], {
    keyType: "ec",
    curve: "P-256",
    algorithm: "sha256",
  });
  const parsed = new X509Certificate(made.cert);
  const certificate: StoredCertificate = {
    thumbprint: parsed.fingerprint.replaceAll(":", ""),
    sha256: parsed.fingerprint256.replaceAll(":", ""),
    subject: `CN=${name}`,
    issuer: `CN=${name}`,
    serialNumber: parsed.serialNumber,
    notBefore: new Date(parsed.validFrom),
    notAfter: new Date(parsed.validTo),
    certificateDomains: [name],
    alternateNames: [name, `${name}.alt`],
    publicKey: { kind: "EC", curve: "P-256" },
    enhancedKeyUsage: undefined,
    x509Version: 3,
    selfSigned: true,
    isCertificateAuthority: false,
    der: parsed.raw,
    services: ["SMTP"],
    hasPrivateKey: true,
    privateKeyExportable: false,
    friendlyName: name,
    rootCaType: "None",
  };
  return { certificate, secureContext: createSecureContext({ cert: made.cert, key: made.private }) };
}

export const listen = (server: ReceiveServer, address = "127.0.0.1"): Promise<Listener> =>
  startListener(server, { address, port: 0 });
