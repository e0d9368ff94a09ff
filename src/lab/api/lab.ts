import type { DirectoryChangeRecord } from "../../edgesync/index.ts";
import type { Endpoint, SessionRecord } from "../../smtp/index.ts";
import type { ApplicationEvent, DecisionRecord } from "../../base/index.ts";
import type { Ending, MessageRecord } from "../../transport/mail-item.ts";
import type { ServerApi } from "./server.ts";
import type { LabErrands } from "./errands.ts";
import type { OutsideMessage, OutsideOutcome, OutsideHostView, AttackerView } from "./outside.ts";

/** A message to send from a mailbox of the lab. */
export interface MailboxMessage {
  /** The mailbox's name or any of its addresses. */
  from: string;
  /** Mailbox names, or addresses. */
  to: readonly string[];
  subject: string;
  text: string;
  /** Pads the text so that the content has at least this size. */
  sizeBytes?: number;
}

/** A message as it lies in a mailbox. */
export interface DeliveredMessage {
  mailbox: string;
  internetMessageId: string;
  /** The `.eml` file. */
  path: string;
  deliveredAt: Date;
}

/** A place where somebody can connect. */
export interface ListenerView {
  server: string;
  /** `Ex2007EE\Default Ex2007EE`. */
  connector: string;
  endpoint: Endpoint;
}

/** The facts that the lab's journals have collected, oldest first. `expect` steps and reports read these. */
export interface LabFacts {
  sessions(): readonly SessionRecord[];
  messages(): readonly MessageRecord[];
  events(): readonly ApplicationEvent[];
  decisions(): readonly DecisionRecord[];
  /** What EdgeSync has changed on Edge servers. */
  directoryChanges(): readonly DirectoryChangeRecord[];
  /** Calls back after any new fact; returns a function that ends it. */
  onFact(listener: () => void): () => void;
}

/** A running lab. `close` ends everything it started. */
export interface Lab extends LabErrands {
  readonly id: string;
  /** One line: which directory it uses. */
  readonly directoryDescription: string;
  /** Of the servers that are installed. */
  serverNames(): readonly string[];
  readonly logsFolder: string;
  readonly dataFolder: string;
  /** Where a server's `C:` lies on this machine. */
  diskOf(server: string): string;
  readonly facts: LabFacts;
  readonly clockNow: () => Date;
  /** Moves lab time on by so much, with everything that is due on the way; resolves when nothing is busy. */
  advance(byMs: number): Promise<void>;
  server(name: string): ServerApi;
  listeners(): readonly ListenerView[];
  /** Name, primary address, server and password of each mailbox; for `up` and for clients that log on. */
  mailboxes(): readonly { name: string; address: string; server: string; password: string }[];
  /** Submits through the store driver to a Hub of the mailbox's site; resolves with the Internet message id. */
  send(message: MailboxMessage): Promise<string>;
  /** Has an outside client bring one message; refusals are part of the outcome. */
  outsideSend(message: OutsideMessage): Promise<OutsideOutcome>;
  /**
   * Holds a raw SMTP conversation with a receive connector; resolves with all that was said.
   * Rejects DIALOG_MALFORMED, and DIALOG_MISMATCH where the server says something else.
   *
   * @param lines `C: ` is said, `S: ` must be heard (`*` for what varies), `absent: ` must not; `TLS` does the handshake
   */
  dialog(server: string, connector: "Default" | "Client", lines: readonly string[]): Promise<readonly string[]>;
  /** What lies in a mailbox of the lab, or at an outside host for an address of its domains. */
  delivered(mailbox: string): Promise<DeliveredMessage[]>;
  outsideHosts(): readonly OutsideHostView[];
  attackers(): readonly AttackerView[];
  /** All that an attacker could read so far, in order. Rejects ATTACKER_UNKNOWN. */
  attackerHeard(name: string): Promise<string>;
  /**
   * The objects of one server's own directory as its store holds them, by key without the lab's prefix:
   * `adam:Edge1:object:server/Ex2007EE`, and each attribute as JSON.
   */
  directoryObjects(server: string): Promise<readonly { key: string; attributes: Readonly<Record<string, string>> }[]>;
  /** The header fields of that name in a delivered message, unfolded, the topmost first: of Received the last hop. */
  headerValues(message: DeliveredMessage, name: string): Promise<string[]>;
  /** Resolves when nothing is busy, every server's copy of the directory is current, and the logs are on disk. */
  settled(): Promise<void>;
  /** Protocol-log files of one server, flushed, oldest first. */
  protocolLogs(server: string, log: "SmtpSend" | "SmtpReceive"): Promise<string[]>;
  /**
   * Puts somebody in the way of a server's port, until the returned function is called.
   *
   * @param port as others know it: 25, or 50636 of an Edge server
   */
  intercept(server: string, endpoint: Endpoint, port?: number): () => void;
  /** Where a server's port is; undefined where nothing listens on it. */
  located(server: string, port: number): Endpoint | undefined;
  /** Takes one server off the network, as if it were shut down; or as if its power were cut: without a word to anybody. */
  stopServer(name: string, how?: Ending): Promise<void>;
  /** Starts a server that was stopped, on what it had on disk; installs one that the lab file has join later. */
  startServer(name: string): Promise<void>;
  close(): Promise<void>;
}

export interface LabOptions {
  /** `auto`, `embedded`, `redis` (a private one, required), or a URL. */
  directory: string;
  logsFolder: string;
  /** Where queues, mailboxes, stores and the embedded directory lie. */
  dataFolder: string;
  /** Append to existing logs (`up`) or move them to `<id>.previous` first (`run`). */
  keepLogs: boolean;
  /** `HUBEDGE_PROBE`: answers forced for this machine's capabilities. */
  probe: readonly string[];
  /** `HUBEDGE_REDIS`, where set. */
  redisUrl: string | undefined;
  /** `~/.cache/hubedge/keys` by default. */
  keyCacheFolder: string;
  /** Where programs are looked for: `PATH`. */
  path: string;
  /** This process, and how to ask whether another one runs: a lab's log folder has one holder. */
  process: { id: number; isRunning(id: number): boolean };
}
