import { createSecureContext } from "node:tls";
import { type ApplicationEvent, type DecisionRecord, EventJournal, heldClock } from "../../../src/base/index.ts";
import type { ExchangeServer } from "../../../src/directory/index.ts";
import type { Endpoint, ProtocolRow, SessionRecord } from "../../../src/smtp/index.ts";
import type { Channel, Delivery, NextHopSolution } from "../../../src/transport/mail-item.ts";
import { relayTo, type SendServer } from "../../../src/transport/send/index.ts";
import { serverObject } from "../../helpers/objects.ts";
import type { FakeServer } from "./fake-server.ts";

/** A sending server whose witnesses are lists. */
export interface Sender extends SendServer {
  rows: ProtocolRow[];
  records: SessionRecord[];
  events: ApplicationEvent[];
  decisions: DecisionRecord[];
  /** `event,data,context` of each row, in order. */
  shown(): string[];
}

export function newSender(changes: Partial<SendServer> = {}): Sender {
  const journal = new EventJournal<ProtocolRow | SessionRecord | ApplicationEvent | DecisionRecord>();
  const sender: Sender = {
    name: "Ex2007SE",
    fqdn: "Ex2007SE.proexchange.local",
    localAddress: undefined,
    locate: (host) => places.get(host),
    clock: heldClock(new Date("2008-05-12T10:00:00Z")),
    journal,
    nextSessionId: () => "08CA822E1320D000",
    protocolLoggingLevel: () => "Verbose",
    intraOrgTls: "starttls",
    secureContext: () => context,
    judge: () => ({ outcome: { kind: "trusted", reason: "Valid" }, steps: [{ source: "ours", text: "always" }] }),
    authenticate: () => ({ blob: "c2VjcmV0", checkAnswer: (answer) => answer === "well-met" }),
    ...changes,
    rows: [],
    records: [],
    events: [],
    decisions: [],
    shown: () => sender.rows.map(({ event, data, context }) => `${event},${data},${context}`),
  };
  journal.on("protocolRow", (row) => sender.rows.push(row));
  journal.on("session", (record) => sender.records.push(record));
  journal.on("event", (event) => sender.events.push(event));
  journal.on("decision", (decision) => sender.decisions.push(decision));
  return sender;
}

const context = createSecureContext();

export const siteA: NextHopSolution = { deliveryType: "SmtpRelayToRemoteAdSite", nextHopDomain: "SiteA" };

/** Where each Hub of the test is. */
const places = new Map<string, Endpoint>();

/** The directory's entry of a Hub that is this fake server. */
export function hub(name: string, server: Pick<FakeServer, "endpoint"> | undefined): ExchangeServer {
  const object = serverObject({ name, transport: null });
  if (server) places.set(object.fqdn, server.endpoint);
  else places.delete(object.fqdn);
  return object;
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
    solution: siteA,
    recipients,
  };
}

const open = (sender: Sender, servers: readonly (FakeServer | undefined)[]): ReturnType<ReturnType<typeof relayTo>> =>
  relayTo(sender, () => servers.map((server, n) => hub(`Hub${n + 1}`, server)))(siteA);

/** A channel to Hub1, Hub2, …, which are these servers. */
export async function openTo(sender: Sender, ...servers: FakeServer[]): Promise<Channel> {
  const opened = await open(sender, servers);
  if ("lastError" in opened) throw new Error(opened.lastError);
  return opened;
}

/** Why there is no channel. */
export async function refusalOf(sender: Sender, ...servers: (FakeServer | undefined)[]): Promise<string> {
  const opened = await open(sender, servers);
  if (!("lastError" in opened)) throw new Error("It opened");
  return opened.lastError;
}
