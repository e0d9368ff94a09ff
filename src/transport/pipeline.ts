import {
  type ApplicationEvent,
  type Clock,
  type DecisionRecord,
  formatTimeSpan,
  type Journal,
  messageOf,
  type Step,
} from "../base/index.ts";
import type { OrganizationView, TransportSettings } from "../directory/index.ts";
import { domainOf, formatReply, reply, type SmtpReply } from "../smtp/index.ts";
import {
  buildRoutes,
  type CategorizerDirectory,
  categorize,
  type Here,
  type RoutingDirectory,
} from "./categorize/index.ts";
import { composeDelayed, composeDelivered, composeNdr } from "./dsn/index.ts";
import type {
  Delivery,
  Ending,
  Envelope,
  EnvelopeRecipient,
  MailItem,
  MessageRecord,
  NextHopSolution,
  OpenChannel,
} from "./mail-item.ts";
import {
  type DeliveryQueues,
  expired,
  expiresAt,
  isExpired,
  type QueueStore,
  type Settlement,
  startDeliveryQueues,
} from "./queue/index.ts";

/** What the pipeline of one transport server is made of. */
export interface PipelineModules {
  /** `site` of an Edge server: the one it is subscribed to, null where it is not. */
  server: { name: string; fqdn: string } & Omit<Here, "server">;
  clock: Clock;
  journal: Journal<MessageRecord | DecisionRecord | ApplicationEvent>;
  /** Active Directory's; on an Edge server its ADAM's. */
  organization: CategorizerDirectory &
    RoutingDirectory &
    Pick<OrganizationView, "acceptedDomain" | "acceptedDomains" | "onChange">;
  settings: () => TransportSettings;
  store: QueueStore;
  /** To other servers, by SMTP. */
  openRelay: OpenChannel;
  /** To Mailbox servers of this site; an Edge server delivers to none. */
  openMailbox?: OpenChannel | undefined;
}

/** A message on its way in: from a Receive connector, the store driver, or this server itself. */
export interface Submission {
  envelope: Envelope;
  /** With the Received header of this hop and a Message-ID. */
  content: Buffer;
  /** The Message-ID, with its angle brackets. */
  internetMessageId: string;
  source: MailItem["source"];
}

export interface Pipeline {
  /** Takes responsibility for a message: 250 only once it is on disk. Rejects when the queue cannot write. */
  submit(submission: Submission): Promise<SmtpReply>;
  readonly queues: DeliveryQueues;
  /** Ends every connection; what is queued stays on disk. */
  close(how?: Ending): Promise<void>;
}

/**
 * A message's journey through one Hub or Edge Transport server, the whole of it:
 * receive → submission queue → categorize → route → delivery queue → send, or deliver to the mailbox.
 */
export function startPipeline(modules: PipelineModules): Pipeline {
  const { server, clock, journal, organization, settings, store } = modules;
  const here: Here = { server: server.name, role: server.role, site: server.site };
  let routes = buildRoutes(organization, here, clock.now());

  // 1. Receive: the mail item is on disk before anybody hears 250. The submission queue is what lies there unsettled.
  async function submit({ envelope, content, internetMessageId, source }: Submission): Promise<SmtpReply> {
    const receivedAt = clock.now();
    const item = await store.put(
      { internetMessageId, envelope, sizeBytes: content.length, receivedAt, source },
      content,
    );
    record(source === "SMTP" ? "received" : "submitted", item, envelope.recipients, source);
    route(item);
    return reply(250, "2.6.0", `${internetMessageId} Queued mail for delivery`);
  }

  // 2. Categorize and route: who is this for, and where does each copy go next?
  function route(item: MailItem): void {
    if (isExpired(item, settings(), clock.now())) {
      expire(item, item.envelope.recipients);
      return;
    }
    const sorted = categorize(item.envelope, organization, here, routes, item.sizeBytes);
    const { deliveries, failed, duplicates, steps } = sorted;
    for (const { solution, recipients } of deliveries) {
      record("categorized", item, recipients, nameOf(solution));
      queues.enqueue({ item, solution, recipients });
    }
    decided("route", item.internetMessageId, deliveries.map(({ solution }) => nameOf(solution)).join("; "), steps);
    if (duplicates.length > 0) void inBackground(item, store.done(item.id, duplicates.map(addressOf)));
    if (failed.length > 0) void inBackground(item, bounce(item, failed));
  }

  /** What was queued for a next hop is categorized again: it may have another one by now. */
  function resubmit(deliveries: readonly Delivery[]): void {
    for (const { item, recipients } of deliveries) route({ ...item, envelope: { ...item.envelope, recipients } });
  }

  // 3. Delivery queues: one per next hop; they open channels, retry, and say what became of each recipient.
  const queues = startDeliveryQueues({
    server: server.name,
    clock,
    settings,
    content: (id) => store.content(id),
    open(solution, cut) {
      const open = isMailbox(solution) ? modules.openMailbox : modules.openRelay;
      return open?.(solution, cut) ?? Promise.resolve({ lastError: `${server.name} has no mailboxes` });
    },
    onAttempt: (delivery, _outcome, settlement) => inBackground(delivery.item, settle(delivery, settlement)),
    onRetry: (queue, { outcome, steps }) => decided("retry", queue, `tries again in ${formatTimeSpan(outcome)}`, steps),
    onStale: resubmit,
    onExpired: expire,
    onDelayed: (item, recipients) => {
      if (!store.delayTold(item.id)) void inBackground(item, tellDelay(item, recipients));
    },
  });

  // 4. After an attempt: what was handed over leaves the disk, what was refused for good goes back to its sender.
  async function settle({ item, solution }: Delivery, settlement: Settlement): Promise<void> {
    const { failed, retry } = settlement;
    const delivered = settlement.delivered.map(({ recipient }) => recipient);
    if (delivered.length > 0) {
      record(isMailbox(solution) ? "delivered" : "sent", item, delivered, solution.nextHopDomain);
      if (delivered.some(({ notify }) => notify?.includes("SUCCESS")))
        await notify(item, solution, settlement.delivered);
      await store.done(item.id, delivered.map(addressOf));
    }
    if (retry) record("deferred", item, retry.recipients, retry.reason);
    if (failed.length > 0) await bounce(item, failed);
  }

  /** To a server that advertises DSN nothing is said of success: it reports itself. */
  async function notify(item: MailItem, to: NextHopSolution, reached: Settlement["delivered"]): Promise<void> {
    const relayed = reached.flatMap(({ relayedTo, ...one }) =>
      relayedTo === undefined ? [] : [{ ...one, remoteServer: relayedTo }],
    );
    const report = isMailbox(to)
      ? composeDelivered({ ...about(item), delivered: reached, action: "delivered" })
      : composeDelivered({ ...about(item), delivered: relayed, action: "relayed" });
    if (report) await submit({ ...report, source: "DSN" });
  }

  // 5. Bounce: the report is on disk before what it reports on goes.
  async function bounce(item: MailItem, failed: Settlement["failed"]): Promise<void> {
    for (const { recipient, reply: refusal } of failed) record("failed", item, [recipient], formatReply(refusal));
    const report = composeNdr({ ...about(item), failed });
    if (report) await submit({ ...report, source: "DSN" });
    await store.done(
      item.id,
      failed.map(({ recipient }) => addressOf(recipient)),
    );
  }

  // 6. What waits too long is given up; before that its sender is told that it is late.
  function expire(item: MailItem, recipients: readonly EnvelopeRecipient[]): void {
    const failed = recipients.map((recipient) => ({ recipient, reply: expired }));
    void inBackground(item, bounce(item, failed));
  }

  /** Once for each message: that it is told is noted first, for a crash between must not tell it twice. */
  async function tellDelay(item: MailItem, delayed: readonly EnvelopeRecipient[]): Promise<void> {
    const source = about(item);
    await store.tellDelay(item.id);
    if (!tellsDelayTo(item.envelope.from)) return;
    const report = composeDelayed({ ...source, delayed, until: expiresAt(item, settings()) });
    if (report) await submit({ ...report, source: "DSN" });
  }

  /** Source: [bb124238], InternalDelayDsnEnabled, ExternalDelayDsnEnabled. Inferred: our own domains are the inside. */
  function tellsDelayTo(sender: Envelope["from"]): boolean {
    const { internalDelayDsnEnabled, externalDelayDsnEnabled } = settings();
    return organization.acceptedDomain(domainOf(sender)) ? internalDelayDsnEnabled : externalDelayDsnEnabled;
  }

  /** What fails here has lost nothing: the item is still on disk, and is routed again at the next start. */
  function inBackground(item: MailItem, work: Promise<void>): Promise<void> {
    const { internetMessageId } = item;
    const failed = (failure: unknown): void =>
      decided("storage", internetMessageId, `failed: ${messageOf(failure)}`, []);
    const watched = work.catch(failed);
    return clock.busy("settle", watched);
  }

  function decided(about: string, subject: string, outcome: string, steps: readonly Step[]): void {
    journal.report({ kind: "decision", server: server.name, at: clock.now(), about, subject, outcome, steps });
    for (const { event } of steps) {
      if (event) journal.report({ kind: "event", server: server.name, at: clock.now(), ...event });
    }
  }

  function about(item: MailItem) {
    const content = store.content(item.id);
    if (!content) throw new Error(`${server.name} has no content for item ${item.id}`);
    return { item, content, server: server.fqdn, at: clock.now(), postmaster: `postmaster@${defaultDomain()}` };
  }

  function record(
    stage: MessageRecord["stage"],
    item: MailItem,
    recipients: readonly EnvelopeRecipient[],
    detail: string,
  ): void {
    const { id, internetMessageId } = item;
    const addresses = recipients.map(addressOf);
    journal.report({
      kind: "message",
      stage,
      server: server.name,
      at: clock.now(),
      id,
      internetMessageId,
      recipients: addresses,
      detail,
    });
  }

  const defaultDomain = (): string =>
    organization.acceptedDomains().find((domain) => domain.default)?.domainName ?? server.fqdn;

  let known = settings();
  const stopFollowing = organization.onChange(() => {
    routes = buildRoutes(organization, here, clock.now());
    resubmit(queues.resubmitUnreachable());
    if (settings() === known) return;
    known = settings();
    queues.lookAtAges(); // its timeouts may be others
  });
  for (const item of store.pending()) route(item);

  return {
    submit,
    queues,
    async close(how) {
      stopFollowing();
      await queues.close(how);
    },
  };
}

const isMailbox = ({ deliveryType }: NextHopSolution): boolean => deliveryType === "MapiDelivery";

/** What a person wants to know of a next hop; the connector where the next hop's name does not say it. */
const nameOf = ({ deliveryType, nextHopDomain, connector }: NextHopSolution): string =>
  `${deliveryType} ${nextHopDomain}${connector === undefined || connector === nextHopDomain ? "" : ` by ${connector}`}`;

const addressOf = ({ address }: EnvelopeRecipient): string => address;
