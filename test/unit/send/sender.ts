import { createPrivateKey } from "node:crypto";
import { type ApplicationEvent, type DecisionRecord, EventJournal, heldClock } from "../../../src/base/index.ts";
import {
  type CertificateStore,
  defaultDisputedRules,
  defaultTlsSettings,
  presentations,
} from "../../../src/certificates/index.ts";
import type { DirectoryObjects, ExchangeServer, ObjectKind, SendConnector } from "../../../src/directory/index.ts";
import { defaultSendConnector, defaultTransportSettings } from "../../../src/directory/index.ts";
import { objectId, objectWrite } from "../../../src/directory/objects.ts";
import { Organization, type OrganizationView } from "../../../src/directory/organization-view.ts";
import { openZone, type Zone } from "../../../src/dns/index.ts";
import type { ProtocolRow, SessionRecord } from "../../../src/smtp/index.ts";
import type { Channel, Delivery, NextHopSolution } from "../../../src/transport/mail-item.ts";
import { openSend, type SendServer } from "../../../src/transport/send/index.ts";
import { serverObject } from "../../helpers/objects.ts";
import type { MadeCertificate } from "../certificates/make.ts";
import type { FakeServer } from "./fake-server.ts";

/** What the sender knows of its organization, as the test has it. */
export class TestView extends Organization implements OrganizationView {
  readonly cookie = { invocationId: "test", usn: 0 };
  onChange = (): (() => void) => () => {};

  put<K extends ObjectKind>(kind: K, object: DirectoryObjects[K]): this {
    const write = objectWrite(kind, object);
    if (!("set" in write)) throw new Error("Not a change");
    const attributes = JSON.parse(JSON.stringify(write.set));
    const changes = [{ kind: "changed" as const, object: { id: write.id, kind, usn: 1, attributes } }];
    this.take({ full: false, changes, cookie: this.cookie });
    return this;
  }

  remove<K extends ObjectKind>(kind: K, object: DirectoryObjects[K]): void {
    const change = { kind: "removed" as const, id: objectId(kind, object), objectKind: kind, usn: 2 };
    this.take({ full: false, changes: [change], cookie: this.cookie });
  }
}

/** A sending server whose witnesses are lists, and whose surroundings the test arranges. */
export interface Sender extends SendServer {
  organization: TestView;
  names: Zone;
  rows: ProtocolRow[];
  records: SessionRecord[];
  events: ApplicationEvent[];
  decisions: DecisionRecord[];
  /** `event,data,context` of each row, in order. */
  shown(): string[];
  /** Id and parameters of each event, in order. */
  raised(): (string | number)[][];
}

/** A Hub called Ex2007SE, in SiteA, which logs. */
export function newSender(changes: Partial<SendServer> = {}): Sender {
  const journal = new EventJournal<ProtocolRow | SessionRecord | ApplicationEvent | DecisionRecord>();
  const organization = new TestView();
  const sender: Sender = {
    name: "Ex2007SE",
    fqdn: "Ex2007SE.proexchange.local",
    role: "hub",
    localAddress: undefined,
    clock: heldClock(new Date("2008-05-12T10:00:00Z")),
    journal,
    nextSessionId: () => "08CA822E1320D000",
    intraOrgTls: "starttls",
    hubTrust: "direct-trust",
    store: storeOf(),
    presentations: presentations(defaultTlsSettings),
    disputed: defaultDisputedRules,
    trust: { roots: [] },
    authenticate: () => ({ blob: "c2VjcmV0", checkAnswer: (answer) => answer === "well-met" }),
    ...changes,
    organization,
    names: openZone(),
    rows: [],
    records: [],
    events: [],
    decisions: [],
    shown: () => sender.rows.map(({ event, data, context }) => `${event},${data},${context}`),
    raised: () => sender.events.map(({ id, parameters }) => [id, ...parameters]),
  };
  organization.put("server", {
    ...serverObject({ name: sender.name, transport: verbose }),
    ...(sender.role === "edge" ? { roles: ["EdgeTransport"] } : {}),
    fqdn: sender.fqdn,
  });
  journal.on("protocolRow", (row) => sender.rows.push(row));
  journal.on("session", (record) => sender.records.push(record));
  journal.on("event", (event) => sender.events.push(event));
  journal.on("decision", (decision) => sender.decisions.push(decision));
  return sender;
}

export const verbose = { ...defaultTransportSettings, intraOrgConnectorProtocolLoggingLevel: "Verbose" } as const;

/** A server's store with these certificates and their keys in it, which nobody changes. */
export function storeOf(...made: readonly MadeCertificate[]): CertificateStore {
  const unused = (): never => {
    throw new Error("Not of this store");
  };
  const find = (thumbprint: string): MadeCertificate | undefined =>
    made.find(({ certificate }) => certificate.thumbprint === thumbprint);
  return {
    list: () => made.map(({ certificate }) => certificate),
    find: (thumbprint) => find(thumbprint)?.certificate,
    get: (thumbprint) => find(thumbprint)?.certificate ?? unused(),
    privateKey: (thumbprint) => createPrivateKey(find(thumbprint)?.keyPair.privateKeyPem ?? unused()),
    add: unused,
    enableServices: unused,
    remove: unused,
    requests: () => [],
    request: unused,
    complete: unused,
    checkAnswer: unused,
    checkExportable: unused,
    exportPfx: unused,
  };
}

export const siteB: NextHopSolution = { deliveryType: "SmtpRelayToRemoteAdSite", nextHopDomain: "SiteB" };

/** What the directory publishes of a fake server, or of a certificate. */
export const publishing = ({ thumbprint, der }: { thumbprint: string; der: Uint8Array }) => ({
  internalTransportCertificate: Buffer.from(der).toString("base64"),
  internalTransportCertificateThumbprint: thumbprint,
});

/** The directory's entry of a server that is this fake one; without one its name leads nowhere. */
export function putServer(
  { organization, names }: Sender,
  name: string,
  server: Pick<FakeServer, "endpoint" | "certificate" | "thumbprint"> | undefined,
  about: Partial<ExchangeServer> = {},
): ExchangeServer {
  const object = serverObject({
    name,
    transport: null,
    ...(server && publishing({ thumbprint: server.thumbprint, der: server.certificate.raw })),
    ...about,
  });
  organization.put("server", object);
  if (server) names.setHost(object.fqdn, 25, server.endpoint);
  else names.removeHost(object.fqdn);
  return object;
}

/** A connector in the sender's directory. */
export function putConnector(
  { organization }: Sender,
  about: Partial<SendConnector> & { name: string },
): SendConnector {
  const connector: SendConnector = { ...defaultSendConnector, protocolLoggingLevel: "Verbose", ...about };
  organization.put("sendConnector", connector);
  return connector;
}

/** A delivery for these recipients, with whatever else the test is about. */
export function newDelivery(to: readonly string[], envelope: Partial<Delivery["item"]["envelope"]> = {}): Delivery {
  const recipients = envelope.recipients ?? to.map((address) => ({ address }));
  return {
    item: {
      id: 1407,
      internetMessageId: "<hello@Ex2007SE.proexchange.local>",
      envelope: { from: "anna@proexchange.local", body: "7BIT", ...envelope, recipients },
      sizeBytes: 0,
      receivedAt: new Date("2008-05-12T10:00:00Z"),
      source: "STOREDRIVER",
    },
    solution: siteB,
    recipients,
  };
}

/** A Hub in SiteB for each of these servers: Hub1, Hub2, … */
export function putHubs(sender: Sender, ...servers: readonly (FakeServer | undefined)[]): ExchangeServer[] {
  return servers.map((server, n) => putServer(sender, `Hub${n + 1}`, server, { site: "SiteB" }));
}

/** A channel to a next hop. */
export async function openChannel(sender: Sender, solution: NextHopSolution): Promise<Channel> {
  const opened = await openSend(sender)(solution);
  if ("lastError" in opened) throw new Error(opened.lastError);
  if ("failed" in opened) throw new Error(JSON.stringify(opened.failed));
  return opened;
}

/** Why there is none for now. */
export async function lastErrorOf(sender: Sender, solution: NextHopSolution): Promise<string> {
  const opened = await openSend(sender)(solution);
  if (!("lastError" in opened)) throw new Error("It opened, or never will");
  return opened.lastError;
}

/** A channel to Hub1, Hub2, …, which are these servers. */
export function openTo(sender: Sender, ...servers: FakeServer[]): Promise<Channel> {
  putHubs(sender, ...servers);
  return openChannel(sender, siteB);
}

/** Why there is no channel to them. */
export function refusalOf(sender: Sender, ...servers: (FakeServer | undefined)[]): Promise<string> {
  putHubs(sender, ...servers);
  return lastErrorOf(sender, siteB);
}
