import { createSecureContext } from "node:tls";
import { runningClock, sessionIds } from "../../../src/base/index.ts";
import {
  edgeReceiveConnectors,
  type ExchangeServer,
  hubReceiveConnectors,
  type ReceiveConnector,
} from "../../../src/directory/index.ts";
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
import { makeCertificate } from "../certificates/make.ts";

/** A server for tests: everything a session needs, and everything it said and handed over. */
export interface FakeServer extends ReceiveServer {
  events: ReceiveEvent[];
  submissions: Submission[];
  defaultConnector: ReceiveConnector;
  clientConnector: ReceiveConnector;
  /** Certificates that its directory publishes, by server name. */
  published: Map<string, Buffer>;
  /** The domains of TLSReceiveDomainSecureList, and the certificate that is theirs. */
  securedDomains: Map<string, Buffer>;
  /** `event,data,context` of every row so far. */
  rows(): string[];
  sessions(): SessionRecord[];
  /** Resolves with the next session that ends, or one that has ended and was not asked for. */
  sessionEnd(): Promise<SessionRecord>;
}

export const goodBlob = "Z29vZA==";

/** What a test changes of the default connectors. */
export type ConnectorChanges = Partial<Omit<ReceiveConnector, "server" | "name" | "bindings">>;

/** A Hub by the name of Ex2007EE, whose directory knows the Hubs Ex2007SE and Ex2007XX and the Edge server Edge1. */
export function fakeServer(presentations: Presentations, changes: ConnectorChanges = {}): FakeServer {
  const [byDefault, client] = hubReceiveConnectors("Ex2007EE", { default: "127.0.0.1:0", client: "127.0.0.2:0" });
  return fakeOf("hub", "Ex2007EE.proexchange.local", presentations, changes, [byDefault, client]);
}

/** An Edge server by the name of Edge1, whose ADAM knows itself and the Hubs Ex2007SE and Ex2007XX. */
export function fakeEdge(presentations: Presentations, changes: ConnectorChanges = {}): FakeServer {
  const [byDefault] = edgeReceiveConnectors("Edge1", "127.0.0.1:0");
  return fakeOf("edge", "Edge1.perimeter.example", presentations, changes, [byDefault, byDefault]);
}

function fakeOf(
  role: "hub" | "edge",
  fqdn: string,
  presentations: Presentations,
  changes: ConnectorChanges,
  [byDefault, client]: readonly (ReceiveConnector | undefined)[],
): FakeServer {
  const events: ReceiveEvent[] = [];
  const submissions: Submission[] = [];
  const ended: SessionRecord[] = [];
  const waiting: ((record: SessionRecord) => void)[] = [];
  const common = { tarpitIntervalMs: 0, protocolLoggingLevel: "Verbose", ...changes } as const;
  const published = new Map<string, Buffer>();
  const securedDomains = new Map<string, Buffer>();
  const defaultConnector = { ...(byDefault as ReceiveConnector), ...common };
  const clientConnector = { ...(client as ReceiveConnector), ...common };
  return {
    name: fqdn.split(".")[0] as string,
    fqdn,
    role,
    published,
    securedDomains,
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
    exchangeServer: (name) => known.find((server) => server.fqdn.toLowerCase() === name.toLowerCase()),
    startTlsCertificate: (connector) => ({
      outcome: connector.authMechanism.includes("Tls") ? presentations.startTls : undefined,
      steps: [{ source: "bb430748#8", text: "the only one" }],
    }),
    internalCertificate: (connector) => ({
      outcome: connector.authMechanism.includes("ExchangeServer") ? presentations.internal : undefined,
      steps: [{ source: "bb430790#4", text: "in the store" }],
    }),
    judgeExchangePeer: ({ name }, [own]) => {
      const isPublished = own !== undefined && published.get(name)?.equals(own) === true;
      const outcome = isPublished
        ? { kind: "trusted" as const, reason: "it is published" }
        : { kind: "untrusted" as const, reason: `${name} has another` };
      return { outcome, steps: [{ source: "bb430753#direct-trust", text: outcome.reason }] };
    },
    isSecuredDomain: (domain) => securedDomains.has(domain),
    judgePartner: (domain, [own]) => {
      const isTheirs = own !== undefined && securedDomains.get(domain)?.equals(own) === true;
      const outcome = isTheirs
        ? { kind: "trusted" as const, reason: "its chain holds", status: "Valid" }
        : { kind: "untrusted" as const, reason: "its root is not trusted", status: "UntrustedRoot" };
      return { outcome, steps: [{ source: "ours", text: outcome.reason }] };
    },
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
    isUnknownRecipient: (address) => role === "edge" && address.toLowerCase() === "ghost@proexchange.local",
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

const known: readonly ExchangeServer[] = [
  serverObject({ name: "Ex2007SE", site: "SiteB" }),
  serverObject({ name: "Ex2007XX", site: "SiteB" }),
  serverObject({ name: "Edge1", fqdn: "Edge1.perimeter.example", site: "SiteA", roles: ["EdgeTransport"] }),
];

export interface Presentations {
  startTls: Presentation | undefined;
  internal: Presentation | undefined;
}

/** Two real certificates, P-256 because nobody here looks at the key. */
export async function makePresentations(): Promise<{ startTls: Presentation; internal: Presentation }> {
  return { startTls: await makePresentation("mail.proexchange.local"), internal: await makePresentation("Ex2007EE") };
}

async function makePresentation(name: string): Promise<Presentation> {
  const { certificate, pem, keyPair } = await makeCertificate({ commonName: name, names: [name, `${name}.alt`] });
  return { certificate, secureContext: createSecureContext({ cert: pem, key: keyPair.privateKeyPem }) };
}

export const listen = (server: ReceiveServer, address = "127.0.0.1"): Promise<Listener> =>
  startListener(server, { address, port: 0 });
