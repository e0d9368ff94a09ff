import type { SmtpAddress, SmtpReply } from "../smtp/index.ts";

export interface EnvelopeRecipient {
  address: SmtpAddress;
  /** RFC 3461 NOTIFY, upper case; undefined when the client gave none. */
  notify?: readonly string[];
  /** RFC 3461 ORCPT, as given: `rfc822;bob@example.com`. */
  orcpt?: string;
}

export interface Envelope {
  /** Empty for the null sender. */
  from: SmtpAddress | "";
  recipients: readonly EnvelopeRecipient[];
  body: "7BIT" | "8BITMIME" | "BINARYMIME";
  /** RFC 3461 RET and ENVID, as given. */
  ret?: "FULL" | "HDRS";
  envid?: string;
}

/** One message in one server's hands. Its content lies in the queue's store, not here. */
export interface MailItem {
  /** The InternalId of this server: counts up from 1. */
  id: number;
  /** With its angle brackets. */
  internetMessageId: string;
  envelope: Envelope;
  /** The content with this server's Received header. */
  sizeBytes: number;
  /** Lab time at which this server took responsibility. */
  receivedAt: Date;
  /** How it came: over SMTP, from a mailbox, or made here. */
  source: "SMTP" | "STOREDRIVER" | "DSN";
}

/** The delivery types of Exchange 2007. Source: [bb125237]. */
export type DeliveryType =
  | "Undefined"
  | "MapiDelivery"
  | "SmtpRelayToRemoteAdSite"
  | "SmtpRelayWithinAdSite"
  | "SmtpRelayWithinAdSiteToEdge"
  | "DnsConnectorDelivery"
  | "SmartHostConnectorDelivery"
  | "Unreachable";

/** Where a copy goes next; equal solutions share a queue. Source: the queue key of [bb125237]. */
export interface NextHopSolution {
  deliveryType: DeliveryType;
  /**
   * The site, the Mailbox server's FQDN, the Hub's FQDN, the Send connector's name (towards an Edge server), the
   * recipients' domain, the smart hosts with commas between; `Unreachable Domain`.
   */
  nextHopDomain: string;
  /** Name of the Send connector that was chosen, where one was: part of the queue's key. */
  connector?: string;
}

/** Equal for solutions that share a queue. */
export const nextHopKey = ({ deliveryType, nextHopDomain, connector = "" }: NextHopSolution): string =>
  `${deliveryType}\n${nextHopDomain}\n${connector}`;

/** One copy of an item on its way to one next hop, for some of its recipients. */
export interface Delivery {
  item: MailItem;
  solution: NextHopSolution;
  recipients: readonly EnvelopeRecipient[];
}

/** What became of one recipient in one attempt. */
export type RecipientOutcome =
  /**
   * `relayedTo`: the host that took it, where that host will never report delivery: it does not offer DSN. Whoever asked
   * for a report of success then gets one from here. Source: RFC 3461 §5.2.2.
   */
  | { kind: "delivered"; reply: SmtpReply; relayedTo?: string }
  /** 5xx: trying again cannot help. */
  | { kind: "failed"; reply: SmtpReply; remoteServer?: string }
  /** 4xx, or anything that may pass. */
  | { kind: "deferred"; reply: SmtpReply };

/** What became of one attempt: one outcome per recipient in their order, or the connection was lost or refused. */
export type AttemptOutcome =
  { kind: "answered"; recipients: readonly RecipientOutcome[] } | { kind: "connectionFailed"; lastError: string };

/**
 * An open way to one next hop, which takes one delivery at a time. After `connectionFailed`, or once `usable` is
 * false, the queue opens another.
 */
export interface Channel {
  readonly usable: boolean;
  deliver(delivery: Delivery, content: Buffer): Promise<AttemptOutcome>;
  /** Says goodbye and ends it; never rejects. */
  close(): Promise<void>;
}

/** How a server ends: it is shut down, or its power is cut and not an octet more goes out. */
export type Ending = "in-order" | "power-cut";

/** Why there is no channel: `lastError` is the text of the queue's LastError, `failed` means that trying again can't help. */
export type NoChannel = { lastError: string } | { failed: SmtpReply };

/**
 * Opens a channel to a next hop, or says why it could not.
 *
 * @param cut cuts the channel off, whatever it is doing, also while it is being opened
 */
export type OpenChannel = (solution: NextHopSolution, cut?: AbortSignal) => Promise<Channel | NoChannel>;

/** One record per message and stage: the trace of its journey. */
export interface MessageRecord {
  kind: "message";
  stage: "received" | "submitted" | "categorized" | "sent" | "delivered" | "deferred" | "failed";
  server: string;
  at: Date;
  id: number;
  internetMessageId: string;
  /** Those that this stage speaks of. */
  recipients: readonly string[];
  /** The next hop, the mailbox, the reply: what a person wants to know of the stage. */
  detail: string;
}
