import { LabError } from "../../src/base/index.ts";
import { defaultTransportSettings, hubReceiveConnectors } from "../../src/directory/index.ts";
import type {
  AdSiteView,
  CertificateView,
  QueueView,
  ReceiveConnectorChanges,
  ReceiveConnectorView,
  ServerApi,
  TransportServerView,
} from "../../src/lab/index.ts";
import { throughStructuredClone } from "./plain-data.ts";

/** What a fake server holds; tests read and change it directly. */
export interface FakeServer {
  api: ServerApi;
  transportServers: TransportServerView[];
  certificates: CertificateView[];
  connectors: ReceiveConnectorView[];
  queues: QueueView[];
  sites: AdSiteView[];
  /** Identities of the queues that were told to retry. */
  retried: string[];
}

/** Ex2007EE of scenario 01, from memory alone: enough of it for cmdlets to read and change. */
export function fakeServer(): FakeServer {
  const fake: Omit<FakeServer, "api"> = {
    transportServers: ["Ex2007EE", "Ex2007SE"].map((name) => ({ name, ...defaultTransportSettings })),
    certificates: [certificate],
    connectors: ["Ex2007EE", "Ex2007SE"].flatMap((server) =>
      hubReceiveConnectors(server, { default: "127.7.1.1:25", client: "127.7.1.1:587" }).map((connector) => ({
        ...connector,
        identity: `${server}\\${connector.name}`,
      })),
    ),
    queues: [queue("Submission", "Undefined", "Submission"), queue("3", "SmtpRelayToRemoteAdSite", "SiteB")],
    sites: [
      { name: "SiteA", hubSiteEnabled: false, servers: ["Ex2007EE"] },
      { name: "SiteB", hubSiteEnabled: true, servers: ["Ex2007SE"] },
    ],
    retried: [],
  };
  return Object.assign(fake, { api: throughStructuredClone(apiOf(fake)) });
}

const same = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

const apiOf = (fake: Omit<FakeServer, "api">): ServerApi => ({
  name: "Ex2007EE",
  async transportServers(identity) {
    const found = fake.transportServers.filter(({ name }) => identity === undefined || same(name, identity));
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
  async queues() {
    return fake.queues;
  },
  async retryQueue(identity) {
    fake.retried.push(identity);
  },
  async adSites() {
    return fake.sites;
  },
});

const queue = (name: string, deliveryType: string, nextHopDomain: string): QueueView => ({
  identity: `Ex2007EE\\${name}`,
  deliveryType,
  nextHopDomain,
  status: "Ready",
  messageCount: 0,
  lastError: null,
  lastRetryTime: null,
  nextRetryTime: null,
  messages: [],
});

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
  publicKeySize: 2048,
  rootCaType: "Registry",
  friendlyName: "Microsoft Exchange",
  status: "Valid",
  internalTransport: true,
};
