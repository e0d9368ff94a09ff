import { LabError } from "../../src/base/index.ts";
import type { CertificateService } from "../../src/certificates/index.ts";
import type { SynchronizationResult, SynchronizationStatus } from "../../src/edgesync/index.ts";
import {
  defaultMessageClassifications,
  defaultRemoteDomain,
  defaultTransportSettings,
  type DirectoryObjects,
  edgeReceiveConnectors,
  hubReceiveConnectors,
  type ReceiveConnector,
  type ServerRole,
} from "../../src/directory/index.ts";
import type {
  AdSiteView,
  CertificateExplanation,
  CertificateUse,
  CertificateView,
  EdgeSubscriptionView,
  EventView,
  QueueView,
  ReceiveConnectorChanges,
  ReceiveConnectorView,
  ServerApi,
  TransportServerView,
} from "../../src/lab/index.ts";
import { fakeErrands } from "./fake-errands.ts";
import { throughStructuredClone } from "./plain-data.ts";

type Kept = "acceptedDomain" | "remoteDomain" | "messageClassification" | "transportConfig" | "sendConnector";

/** What a fake server holds; tests read and change it directly. */
export interface FakeServer {
  api: ServerApi;
  transportServers: TransportServerView[];
  certificates: CertificateView[];
  /** What it says of any choice. */
  explanation: CertificateExplanation;
  uses: CertificateUse[];
  connectors: ReceiveConnectorView[];
  configuration: { [K in Kept]: DirectoryObjects[K][] };
  subscriptions: EdgeSubscriptionView[];
  results: SynchronizationResult[];
  statuses: SynchronizationStatus[];
  queues: QueueView[];
  sites: AdSiteView[];
  inTheClear: { service: CertificateService; traffic: string }[];
  /** Its clock is a minute ahead of lab time. */
  labTime: Date;
  events: EventView[];
  /** Identities of the queues that were told to retry. */
  retried: string[];
  /** What was asked of EdgeSync and of the certificate store, in order: the call, and what it was given. */
  asked: [call: string, given: unknown][];
  /** With what it refuses every change to a certificate before anybody is asked; undefined: with nothing. */
  refusal: LabError | undefined;
}

/** Ex2007EE of scenario 01, from memory alone: enough of it for cmdlets to read and change. */
export function fakeServer(): FakeServer {
  const fake = {
    ...emptyServer(),
    transportServers: ["Ex2007EE", "Ex2007SE"].map((name) => ({ name, ...defaultTransportSettings })),
    connectors: ["Ex2007EE", "Ex2007SE"].flatMap((server) =>
      hubReceiveConnectors(server, { default: "127.7.1.1:25", client: "127.7.1.1:587" }).map(viewOf),
    ),
    queues: [queue("Submission", "Undefined", "Submission"), queue("3", "SmtpRelayToRemoteAdSite", "SiteB")],
    sites: [
      { name: "SiteA", hubSiteEnabled: false, servers: ["Ex2007EE"] },
      { name: "SiteB", hubSiteEnabled: true, servers: ["Ex2007SE"] },
    ],
  };
  return withApi(fake, "Ex2007EE", ["HubTransport", "Mailbox"]);
}

/** An Edge Transport server of its own, which nothing has been done to. */
export function fakeEdge(): FakeServer {
  const fake = {
    ...emptyServer(),
    transportServers: [{ name: "Edge1", ...defaultTransportSettings }],
    connectors: edgeReceiveConnectors("Edge1", "127.7.9.1:25").map(viewOf),
  };
  return withApi(fake, "Edge1", ["EdgeTransport"]);
}

/** The organization's, or an Edge server's own, subscription of an Edge server. */
export const subscription = (name: string, site: string | null = "SiteA"): EdgeSubscriptionView => ({
  name,
  site,
  domain: "perimeter.example",
  fqdn: `${name}.perimeter.example`,
  subscribedAt: new Date("2008-05-12T10:00:00Z"),
});

const emptyServer = (): Omit<FakeServer, "api"> => ({
  transportServers: [],
  certificates: [certificate],
  explanation: { choices: [], assumptions: [], remarks: [] },
  uses: [],
  connectors: [],
  configuration: {
    acceptedDomain: [
      {
        name: "proexchange.local",
        domainName: "proexchange.local",
        domainType: "Authoritative",
        default: true,
      },
    ],
    remoteDomain: [defaultRemoteDomain],
    messageClassification: [...defaultMessageClassifications],
    transportConfig: [],
    sendConnector: [],
  },
  subscriptions: [],
  results: [],
  statuses: [],
  queues: [],
  sites: [],
  inTheClear: [],
  labTime: new Date("2008-05-12T10:00:00Z"),
  events: [],
  retried: [],
  asked: [],
  refusal: undefined,
});

const withApi = (fake: Omit<FakeServer, "api">, name: string, roles: readonly ServerRole[]): FakeServer =>
  Object.assign(fake, { api: throughStructuredClone(apiOf(fake, name, roles)) });

const same = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

const viewOf = (connector: ReceiveConnector): ReceiveConnectorView => ({
  ...connector,
  identity: `${connector.server}\\${connector.name}`,
});

/** Whether it is one and the same object, by what its id is made of. */
const isSame = (one: object, other: object): boolean =>
  ["server", "name"].every((key) => Reflect.get(one, key) === Reflect.get(other, key));

function apiOf(fake: Omit<FakeServer, "api">, name: string, roles: readonly ServerRole[]): ServerApi {
  const kept = (kind: string): object[] => Reflect.get(fake.configuration, kind);
  const refuseWhereManaged = (kind: string): void => {
    const isManaged = roles.includes("EdgeTransport") && fake.subscriptions.length > 0 && kind !== "receiveConnector";
    if (isManaged) throw new LabError("EDGE_MANAGED_BY_SUBSCRIPTION", `no ${kind} here`, { remedy: "on a Hub" });
  };
  return {
    name,
    roles,
    overwriteQuestion: "the-existing",
    async transportServers(identity) {
      const found = fake.transportServers.filter((held) => identity === undefined || same(held.name, identity));
      if (found.length === 0) throw new LabError("SERVER_UNKNOWN", `no server ${identity}`, { remedy: "another name" });
      return found;
    },
    async setTransportServer(identity, settings) {
      Object.assign((await this.transportServers(identity))[0] ?? {}, settings);
    },
    async exchangeCertificates() {
      return fake.certificates;
    },
    async receiveConnectors(identity) {
      return fake.connectors.filter(
        (held) => identity === undefined || same(held.identity, identity) || same(held.server, identity),
      );
    },
    async setReceiveConnector(identity, changes: ReceiveConnectorChanges) {
      Object.assign(fake.connectors.find((held) => held.identity === identity) ?? {}, changes);
    },
    async configuration<K extends keyof DirectoryObjects>(kind: K) {
      return kept(kind) as DirectoryObjects[K][];
    },
    async putConfiguration(kind, object) {
      refuseWhereManaged(kind);
      const held = kind === "receiveConnector" ? fake.connectors : kept(kind);
      const put = kind === "receiveConnector" ? viewOf(object as ReceiveConnector) : object;
      const at = held.findIndex((other) => isSame(other, put));
      held.splice(at < 0 ? held.length : at, 1, put as never);
    },
    async removeConfiguration(kind, object) {
      refuseWhereManaged(kind);
      const held = kind === "receiveConnector" ? fake.connectors : kept(kind);
      const at = held.findIndex((other) => isSame(other, object));
      if (at >= 0) held.splice(at, 1);
    },
    async exportEdgeSubscription(request) {
      fake.asked.push(["exportEdgeSubscription", request]);
      const expiresAt = new Date("2008-05-13T10:00:00Z");
      return { path: `/lab/${request.fileName}`, edgeServerFqdn: `${name}.perimeter.example`, expiresAt };
    },
    async importEdgeSubscription(request) {
      fake.asked.push(["importEdgeSubscription", request]);
      return subscription("Edge1", request.site);
    },
    async edgeSubscriptions() {
      return fake.subscriptions;
    },
    async removeEdgeSubscription(identity) {
      fake.asked.push(["removeEdgeSubscription", identity]);
    },
    async startEdgeSynchronization(request) {
      fake.asked.push(["startEdgeSynchronization", request]);
      return fake.results;
    },
    async testEdgeSynchronization(request) {
      fake.asked.push(["testEdgeSynchronization", request]);
      return fake.statuses;
    },
    async previewCertificateChange({ kind }) {
      if (fake.refusal) throw fake.refusal;
      return [`what comes of ${kind}`];
    },
    async newExchangeCertificate(request) {
      fake.asked.push(["newExchangeCertificate", request]);
      const { services = ["IMAP", "POP", "SMTP"] } = request;
      const made = { ...certificate, thumbprint: madeThumbprint, services, internalTransport: false };
      fake.certificates.push(made);
      return made;
    },
    async newCertificateRequest(request) {
      fake.asked.push(["newCertificateRequest", request]);
      return { ...certificate, thumbprint: madeThumbprint, services: [], status: "PendingRequest" };
    },
    async importCertificate(request) {
      fake.asked.push(["importCertificate", request]);
      return { ...certificate, thumbprint: madeThumbprint, services: [] };
    },
    async exportCertificate(request) {
      fake.asked.push(["exportCertificate", request]);
      return Buffer.from("exported");
    },
    async enableExchangeCertificate(request) {
      fake.asked.push(["enableExchangeCertificate", request]);
    },
    async removeExchangeCertificate(thumbprint) {
      fake.asked.push(["removeExchangeCertificate", thumbprint]);
    },
    async explainCertificateChoice(request) {
      fake.asked.push(["explainCertificateChoice", request]);
      return fake.explanation;
    },
    async certificateUse(thumbprint) {
      return fake.uses.filter((use) => thumbprint === undefined || use.thumbprint === thumbprint.toUpperCase());
    },
    async queues() {
      return fake.queues;
    },
    async retryQueue(identity) {
      fake.retried.push(identity);
    },
    async adSites() {
      return fake.sites;
    },
    async servicesInTheClear() {
      return fake.inTheClear;
    },
    async labTime() {
      return { lab: fake.labTime, server: new Date(fake.labTime.getTime() + 60_000) };
    },
    async moveLabTime(to) {
      fake.asked.push(["moveLabTime", to]);
      fake.labTime = to;
      return { lab: to, due: null };
    },
    async events(filter) {
      fake.asked.push(["events", filter]);
      return fake.events;
    },
    ...fakeErrands((call, given) => void fake.asked.push([call, given])),
  };
}

const queue = (name: string, deliveryType: string, nextHopDomain: string): QueueView => ({
  identity: `Ex2007EE\\${name}`,
  deliveryType,
  nextHopDomain,
  nextHopConnector: null,
  status: "Ready",
  messageCount: 0,
  lastError: null,
  lastRetryTime: null,
  nextRetryTime: null,
  messages: [],
});

const madeThumbprint = "BB029E0D20605DB1233016B787C4503FD0002C01";

const certificate: CertificateView = {
  thumbprint: "6F029E0D20605DB1233016B787C4503FD0002C01",
  services: ["SMTP", "IIS", "POP", "IMAP"],
  subject: "CN=Ex2007EE",
  issuer: "CN=Ex2007EE",
  serialNumber: "61A2B3C4D5E6F7A8",
  notBefore: new Date("2008-05-12T10:00:00Z"),
  notAfter: new Date("2009-05-12T10:00:00Z"),
  certificateDomains: ["Ex2007EE", "Ex2007EE.proexchange.local"],
  hasPrivateKey: true,
  privateKeyExportable: false,
  isSelfSigned: true,
  keyAlgorithm: "RSA",
  publicKeySize: 2048,
  rootCaType: "Registry",
  friendlyName: "Microsoft Exchange",
  status: "Valid",
  invalidity: null,
  internalTransport: true,
  enhancedKeyUsage: ["1.3.6.1.5.5.7.3.1"],
  keyIdentifier: "A1B2C3D4E5F60718293A4B5C6D7E8F9001122334",
  x509Version: 3,
  der: Buffer.from("3003020100", "hex"),
};
