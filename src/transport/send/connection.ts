import type { TLSSocket, SecureContext } from "node:tls";
import SMTPConnection from "nodemailer/lib/smtp-connection";
import { peerCertificates } from "../../certificates/index.ts";
import { type Endpoint, parseReply, reply, type SmtpReply } from "../../smtp/index.ts";

/** Real time; nodemailer's own defaults are the ones of RFC 5321 §4.5.3.2 or shorter. */
export interface ConnectionTimeouts {
  connectMs: number;
  greetingMs: number;
  inactivityMs: number;
}

interface ConnectionOptions {
  endpoint: Endpoint;
  localAddress: string | undefined;
  /**
   * What a TLS session of this client is made of, with a certificate to present or without. The peer is never judged
   * here, and no session is resumed.
   */
  secureContext: SecureContext;
  timeouts?: Partial<ConnectionTimeouts> | undefined;
  /** Hears every reply once, as it arrives: complete, without the last line end, its lines joined by LF. */
  onReply?: (reply: string) => void;
  /** Called exactly once after `connectTo` has resolved: when the connection is over, whoever ended it. */
  onEnd?: (end: ConnectionEnd) => void;
}

/**
 * Why a connection is over. `closed`: this side ended it as it wished; `refused`: it never came about; `tls`: the
 * handshake failed; `protocol`: the peer said what nobody had asked for, or no SMTP at all.
 */
export class ConnectionEnd extends Error {
  readonly kind: "closed" | "refused" | "timedOut" | "dropped" | "tls" | "protocol";
  /** Which side ended it. */
  readonly by: "Local" | "Remote";
  /** The 421, or the unexpected reply, that came with it. */
  readonly reply: string | undefined;

  constructor(kind: ConnectionEnd["kind"], by: ConnectionEnd["by"], message: string, reply?: string) {
    super(message);
    this.kind = kind;
    this.by = by;
    this.reply = reply;
  }
}

/** A connection after its handshake, and what the peer presented in it. */
export interface Secured {
  socket: TLSSocket;
  /** DER; undefined where it presented none. */
  certificate: Buffer | undefined;
  /** All the certificates that it sent, DER, its own first. */
  chain: readonly Buffer[];
}

/** The client end of one SMTP connection, of which nothing is known yet but that it exists. */
export interface ClientConnection {
  readonly local: Endpoint;
  /** How it ended; undefined while it lives. */
  readonly ended: ConnectionEnd | undefined;
  /** The server's first words. Rejects with ConnectionEnd. */
  banner(): Promise<string>;
  /** Writes one command line and resolves with its reply. Rejects with ConnectionEnd. */
  command(line: string): Promise<string>;
  /** Writes `bytes` as they are, in one write, and resolves with the next `count` replies. Rejects with ConnectionEnd. */
  request(bytes: string | Buffer, count: number): Promise<string[]>;
  /**
   * Performs the handshake. Call it in the same turn in which the 220 to STARTTLS was heard: whatever the peer sent
   * after that in the clear is thrown away (RFC 3207 §6). Rejects with ConnectionEnd.
   *
   * @param secureContext in place of the one that the connection was opened with
   */
  startTls(secureContext?: SecureContext): Promise<Secured>;
  /** Closes in good order. */
  end(): void;
  /** Cuts the connection: not a byte more goes out. */
  destroy(): void;
}

/** The EHLO keywords, upper case, with their arguments; those of a keyword listed twice are joined. */
export type Extensions = ReadonlyMap<string, string>;

/** Opens a TCP connection. Rejects with ConnectionEnd. */
export async function connectTo(options: ConnectionOptions): Promise<ClientConnection> {
  const wire = new Wire(options);
  await wire.open();
  return wire;
}

/** Reads the reply to EHLO; its first line, which greets, is left out. Source: RFC 5321 §4.1.1.1. */
export function parseExtensions(ehloReply: string): Extensions {
  const extensions = new Map<string, string>();
  for (const line of ehloReply.split("\n").slice(1)) {
    const [keyword = "", ...rest] = line.slice(4).trim().split(/\s+/);
    const known = extensions.get(keyword.toUpperCase());
    extensions.set(keyword.toUpperCase(), [...(known === undefined ? [] : [known]), ...rest].join(" ").trim());
  }
  return extensions;
}

/** Reads a reply as `onReply` hears it; code 0 when it is none, so that no rule takes it for an answer. */
export function readReply(text: string): SmtpReply {
  if (!text.includes("\n")) return parseReply(text) ?? reply(0, "", text);
  const lines = text.split("\n").map((line) => parseReply(line) ?? reply(0, "", line));
  const last = lines.at(-1) as SmtpReply;
  return { ...last, lines: lines.flatMap((line) => line.lines) };
}

interface Waiting {
  replies: string[];
  count: number;
  resolve: (replies: string[]) => void;
}

/**
 * nodemailer's connection, for what it does well: connecting, time-outs, putting replies together from whatever pieces
 * they come in, the TLS upgrade, and the end. What to say and when is left to its owner: its own EHLO, STARTTLS and
 * message state machine never runs, because the greeting is taken here. docs/adr/0006-nodemailer-smtpconnection.md.
 *
 * These are all the members used that its types leave out; test/unit/send/nodemailer-contract.test.ts holds each.
 */
class Wire extends SMTPConnection implements ClientConnection {
  /** The handlers of the next replies, in order. */
  declare _responseActions: ((reply: string) => void)[];
  /** Stops the timer of the phase that has just succeeded. */
  declare _clearPhase: () => void;
  /** Swaps the socket for a TLS one and discards what came in the clear. */
  declare _upgradeConnection: (done: (failure: Error | null) => void) => void;

  ended: ConnectionEnd | undefined;
  readonly #onReply: (reply: string) => void;
  readonly #onEnd: (end: ConnectionEnd) => void;
  #local: Endpoint = { address: "", port: 0 };
  #opened = false;
  /** This side has asked for the end. */
  #closing = false;
  #greeting: Promise<string[]> | undefined;
  #failure: ConnectionEnd | undefined;
  #lastReply: string | undefined;
  #waiting: Waiting | undefined;
  /** Of the promise that is out: there is never more than one. */
  #reject: (end: ConnectionEnd) => void = () => {};

  constructor(options: ConnectionOptions) {
    const { endpoint, localAddress, secureContext, timeouts = {} } = options;
    super({
      host: endpoint.address,
      port: endpoint.port,
      ...(localAddress === undefined ? {} : { localAddress }),
      ...(timeouts.connectMs === undefined ? {} : { connectionTimeout: timeouts.connectMs }),
      ...(timeouts.greetingMs === undefined ? {} : { greetingTimeout: timeouts.greetingMs }),
      ...(timeouts.inactivityMs === undefined ? {} : { socketTimeout: timeouts.inactivityMs }),
      // Node must not judge: it would use this host's clock and root certificates. Our own judge follows the handshake.
      tls: { secureContext, rejectUnauthorized: false },
    });
    this.#onReply = options.onReply ?? ((): void => {});
    this.#onEnd = options.onEnd ?? ((): void => {});
    this.on("error", (error: Error) => {
      this.#failure ??= this.#explain(error);
    });
    this.once("end", () => this.#finish());
  }

  get local(): Endpoint {
    return this.#local;
  }

  open(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#reject = reject;
      this.connect();
      const socket = this._socket;
      if (socket)
        socket.once("connect", () => {
          this.#opened = true;
          this.#local = { address: socket.localAddress ?? "", port: socket.localPort ?? 0 };
          this.#greeting = this.#wait(1);
          this.#greeting.catch(() => {}); // whoever asks for the banner hears of it
          resolve();
        });
    });
  }

  /** Takes the place of nodemailer's handler of the greeting, which would go on to EHLO. */
  _actionGreeting(banner: string): void {
    this._clearPhase();
    this.#take(banner);
  }

  async banner(): Promise<string> {
    return ((await this.#greeting) ?? [])[0] ?? "";
  }

  async command(line: string): Promise<string> {
    return (await this.request(`${line}\r\n`, 1))[0] as string;
  }

  request(bytes: string | Buffer, count: number): Promise<string[]> {
    const replies = this.#wait(count);
    if (!this.ended && this._socket) {
      for (let n = 0; n < count; n++) this._responseActions.push(this.#take);
      this._socket.write(bytes);
    }
    return replies;
  }

  startTls(secureContext?: SecureContext): Promise<Secured> {
    return new Promise((resolve, reject) => {
      if (this.ended) return reject(this.ended);
      this.#reject = reject;
      if (secureContext) this.options.tls = { ...this.options.tls, secureContext };
      this._upgradeConnection((failure) => {
        if (failure) {
          this.#failure = new ConnectionEnd("tls", "Local", failure.message);
          return this.close();
        }
        const socket = this._socket as TLSSocket;
        // Asked once and kept: on a client, Node takes the certificate out of the session when it hands it over.
        const chain = peerCertificates(socket);
        resolve({ socket, certificate: chain[0], chain });
      });
    });
  }

  end(): void {
    this.#closing = true;
    this.close();
  }

  destroy(): void {
    this.#closing = true;
    if (this._socket) this._socket.destroy();
    this.close();
  }

  #wait(count: number): Promise<string[]> {
    return new Promise((resolve, reject) => {
      if (this.ended) return reject(this.ended);
      this.#reject = reject;
      this.#waiting = { replies: [], count, resolve };
    });
  }

  /** One function for every reply, made once: nodemailer calls it with itself as `this`, a message makes no closures. */
  readonly #take = (reply: string): void => {
    this.#lastReply = reply;
    this.#onReply(reply);
    const waiting = this.#waiting;
    if (!waiting || waiting.replies.push(reply) < waiting.count) return;
    this.#waiting = undefined;
    waiting.resolve(waiting.replies);
  };

  #explain(error: Error): ConnectionEnd {
    const { code, originalCode, response } = error as Error & {
      code?: string;
      originalCode?: string;
      response?: string;
    };
    if (code === "ETIMEDOUT" || originalCode === "ETIMEDOUT")
      return new ConnectionEnd("timedOut", "Local", error.message);
    if (!this.#opened) return new ConnectionEnd("refused", "Remote", error.message);
    if (code === "ETLS" || this.upgrading === true)
      return new ConnectionEnd(
        "tls",
        code === "ESOCKET" && originalCode !== "ECONNRESET" ? "Local" : "Remote",
        error.message,
      );
    if (code === "EPROTOCOL") return new ConnectionEnd("protocol", "Local", error.message, response);
    return new ConnectionEnd("dropped", "Remote", error.message, response);
  }

  #finish(): void {
    this.ended = this.#failure ?? this.#quietEnd();
    // Words that no command had asked for have not been heard yet.
    if (this.ended.reply !== undefined && this.ended.reply !== this.#lastReply) this.#onReply(this.ended.reply);
    this.#reject(this.ended);
    if (this.#opened) this.#onEnd(this.ended);
  }

  /** The end of a connection without an error: a 421 makes nodemailer close, an idle session may be closed by the peer. */
  #quietEnd(): ConnectionEnd {
    const parting = this.lastServerResponse;
    if (parting !== false && parting.startsWith("421")) return new ConnectionEnd("dropped", "Remote", parting, parting);
    if (this.#closing) return new ConnectionEnd("closed", "Local", "Closed");
    return new ConnectionEnd("dropped", "Remote", "Closed by the peer");
  }
}
