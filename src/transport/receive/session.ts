import type { TLSSocket } from "node:tls";
import type { ReceiveConnector } from "../../directory/index.ts";
import { formatDate, reply, sentCertificateRows, type SmtpReply } from "../../smtp/index.ts";
import type { Answer, Outcome } from "./answer.ts";
import { binaryData, shownLines, splitCommand } from "./command-line.ts";
import { commandOf } from "./commands.ts";
import type { PassedLimit } from "./connection-limits.ts";
import type { Hello } from "./hello.ts";
import { Identity } from "./identity.ts";
import { Input, type Received } from "./input.ts";
import type { ReceiveServer } from "./receive-server.ts";
import { replies } from "./replies.ts";
import { ReplyWriter } from "./reply-writer.ts";
import {
  negotiationFailure,
  receivedCertificateRows,
  type SecuredConnection,
  securedConnection,
  type StartingTls,
} from "./secure.ts";
import { SessionLog } from "./session-log.ts";
import { formatTarpit, Tarpit } from "./tarpit.ts";
import { Transaction } from "./transaction.ts";
import type { Wire } from "./wire.ts";

/** Commands handled without letting other connections have a turn. */
const commandsPerTurn = 100;

/**
 * One session of a Receive connector: takes what the client sends, in order, one thing at a time, and answers it.
 * Replies wait while further commands are in hand and leave in one write. Source: RFC 2920 §3.2.
 */
export class ReceiveSession {
  readonly server: ReceiveServer;
  readonly connector: ReceiveConnector;
  readonly wire: Wire;
  readonly log: SessionLog;
  readonly fqdn: string;
  readonly startedAt: Date;
  readonly transaction: Transaction;
  /** Undefined until the client has said who it is, and again after TLS has begun. */
  hello: Hello | undefined;
  /** The name it gave last, for the record: TLS makes us forget it, not the log. */
  peerName = "";
  tls: SecuredConnection | undefined;
  readonly identity: Identity;
  logonFailures = 0;
  /** Whether it has failed to prove that it is an Exchange server. */
  proofFailed = false;
  /** Whether event 1035, or 1036, has already said that this session is not who it claims to be. */
  authenticationReported = false;
  directTrustReported = false;
  /** Takes the next line in place of the commands, while an authentication is under way. */
  continuation: ((line: string) => Outcome) | undefined;

  input = new Input();
  readonly #replies: ReplyWriter;
  #protocolErrors = 0;
  #working = false;
  #starting: StartingTls | undefined;
  #stop: { by: "Local" | "Remote"; failure: string | undefined; reply?: SmtpReply } | undefined;
  #ended = false;
  #lifetime: NodeJS.Timeout | undefined;
  readonly #tarpit = new Tarpit();

  constructor(server: ReceiveServer, connector: ReceiveConnector, wire: Wire) {
    this.server = server;
    this.connector = connector;
    this.wire = wire;
    this.log = new SessionLog(server, connector, server.nextSessionId(), wire.local, wire.remote);
    this.fqdn = connector.fqdn ?? server.fqdn;
    this.startedAt = server.clock.now();
    this.identity = new Identity(connector, this.log);
    this.transaction = new Transaction(this);
    this.#replies = new ReplyWriter(connector, this.log, (text) => wire.write(text));
  }

  /** Greets the client, or turns it away where it would pass `limit`. */
  open(limit: PassedLimit | undefined): void {
    this.log.row("+", "");
    const isBelieved = this.connector.authMechanism.includes("ExternalAuthoritative");
    this.identity.become(isBelieved ? "externallySecured" : "anonymous");
    const timeoutMs = Math.min(this.connector.connectionTimeoutMs, 2 ** 31 - 1);
    this.#lifetime = setTimeout(() => this.timedOut(), timeoutMs).unref();
    if (limit) this.#refuseConnection(limit);
    else this.#greet();
  }

  /** Takes octets from the client; `next` asks for more. */
  feed(chunk: Buffer, next: () => void): void {
    this.input.push(chunk);
    this.#pump(this.input, next);
  }

  /** TLS has been negotiated: everything that was said before is forgotten. Source: RFC 3207 §4.2. */
  secured(socket: TLSSocket): void {
    if (!this.#starting || this.#ended || socket.destroyed) return;
    this.tls = securedConnection(socket, this.#starting);
    for (const [data, context] of receivedCertificateRows(this.tls.facts.received)) this.log.row("*", data, context);
    this.#starting = undefined;
    this.hello = undefined;
    this.transaction.reset();
  }

  /** The connection broke, or the handshake did. */
  failed(error: Error): void {
    if (this.#starting) this.#negotiationFailed(this.#starting, error);
    else this.stopped("Remote", error.message);
  }

  /** Nothing more will come or go. */
  closed(): void {
    if (this.#starting) this.#negotiationFailed(this.#starting, undefined);
    else this.stopped("Remote", "the client closed the connection without QUIT");
  }

  /** The client was idle, or connected, for too long. Source: [aa563688]. */
  timedOut(): void {
    if (this.#starting) this.#negotiationFailed(this.#starting, undefined);
    else this.stop(replies.timedOut, "timed out");
  }

  /** True while the client waits for us and not we for it. */
  get working(): boolean {
    return this.#working || this.#tarpit.waiting;
  }

  /** True once it has been logged as over; its connection may still be closing. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Says `last` and ends the session, once the message in hand has been taken or refused. */
  stop(last: SmtpReply, failure: string | undefined): void {
    // During a handshake nothing can be said.
    this.#stop ??= this.#starting ? { by: "Local", failure } : { by: "Local", failure, reply: last };
    if (!this.#working) this.#stopNow();
  }

  /** As `stop`, without a word: the client is gone, or has heard all there is to say. */
  stopped(by: "Local" | "Remote", failure: string | undefined): void {
    this.#stop ??= { by, failure };
    if (!this.#working) this.#stopNow();
  }

  /** What goes out after the go-ahead: this server's certificate, and from then on only TLS. */
  startTls(starting: StartingTls): void {
    for (const [data, context] of sentCertificateRows(starting.presentation.certificate))
      this.log.row("*", data, context);
    this.#starting = starting;
    this.input = new Input(); // whatever the client sent in the clear behind its command is never looked at
    this.wire.startTls(starting);
  }

  #pump(input: Input, next: () => void): void {
    for (let turn = 0; !this.#ended && input === this.input; turn++) {
      if (turn === commandsPerTurn) {
        this.#replies.flush();
        setImmediate(() => this.#pump(input, next));
        return;
      }
      const received = input.take();
      if (!received) break;
      const pending = this.#handle(received);
      if (pending) {
        void pending.then(() => this.#pump(input, next));
        return;
      }
    }
    this.#replies.flush();
    this.wire.whenWritable(next);
  }

  #handle(received: Received): Promise<void> | undefined {
    const outcome = this.#outcomeOf(received);
    if (!(outcome instanceof Promise)) return this.#deliver(outcome);
    this.#working = true;
    return outcome.then((answer) => {
      this.#working = false;
      return this.#deliver(answer);
    });
  }

  #outcomeOf(received: Received): Outcome {
    if (received.kind === "data") return this.transaction.dataReceived(received.content);
    if (received.kind === "octets") return this.transaction.octetsReceived(received.chunks);

    const continuation = this.continuation;
    this.continuation = undefined;
    this.input.authenticating = false;
    if (this.log.verbose) {
      for (const shown of continuation ? [binaryData] : shownLines(received.text)) this.log.row("<", shown);
    }
    if (received.kind === "lineTooLong") return replies.lineTooLong;
    if (received.kind === "malformedLine") return replies.unrecognizedCommand;
    if (continuation) return continuation(received.text);
    const { verb, rest } = splitCommand(received.text);
    const command = commandOf(verb);
    return command ? command(this, rest) : replies.unrecognizedCommand;
  }

  /** Replies, after the tarpit where there is one. */
  #deliver(answer: Answer | undefined): Promise<void> | undefined {
    if (this.#stop) {
      if (this.#stop.reply && answer) this.#reply(answer); // the client hears what became of its message
      this.#stopNow();
    }
    if (this.#ended || !answer) return undefined;
    if (answer.code >= 500 && answer.code <= 503 && ++this.#protocolErrors > this.connector.maxProtocolErrors) {
      this.stop(replies.tooManyErrors, "too many protocol errors");
    } else if (
      answer.code >= 500 &&
      this.identity.authentication.by === "none" &&
      this.connector.tarpitIntervalMs > 0
    ) {
      this.#replies.flush();
      this.log.row("*", formatTarpit(this.connector.tarpitIntervalMs));
      return this.#tarpit.wait(this.connector.tarpitIntervalMs).then(() => this.#reply(answer));
    } else {
      this.#reply(answer);
    }
    return undefined;
  }

  #reply(answer: Answer): void {
    if (this.#ended) return;
    this.#replies.add(answer);
    if (!answer.afterwards) return;
    this.#replies.flush();
    answer.afterwards();
  }

  /** Source: [bb218300] event 1021. */
  #refuseConnection({ kind, allowed }: PassedLimit): void {
    if (kind === "source") {
      this.log.event({ id: 1021, parameters: [this.connector.name, this.wire.remote.address, String(allowed)] });
    }
    this.stop(replies.tooManyConnections, `more than ${allowed} connections`);
  }

  #greet(): void {
    const { banner } = this.connector;
    const now = formatDate(this.server.clock.now());
    const text = banner?.slice("220 ".length) ?? `${this.fqdn} Microsoft ESMTP MAIL Service ready at ${now}`;
    this.#reply(reply(220, "", text));
    this.#replies.flush();
  }

  #negotiationFailed(starting: StartingTls, error: Error | undefined): void {
    this.#starting = undefined;
    const failure = `TLS negotiation failed with error ${negotiationFailure(error, starting.presentation)}`;
    this.log.row("*", "", failure);
    this.stopped(error ? "Local" : "Remote", error ? `${failure}: ${error.message}` : failure);
  }

  #stopNow(): void {
    if (this.#ended || !this.#stop) return;
    const { by, failure, reply: last } = this.#stop;
    if (last) this.#reply(last);
    if (by === "Local") this.#replies.flush();
    this.#ended = true;
    clearTimeout(this.#lifetime);
    this.#tarpit.end();
    this.log.row("-", "", by);
    this.#record(failure);
    this.wire.close();
  }

  #record(failure: string | undefined): void {
    this.server.journal.report({
      kind: "session",
      side: "receive",
      server: this.server.name,
      connectorId: this.log.connectorId,
      sessionId: this.log.sessionId,
      startedAt: this.startedAt,
      endedAt: this.server.clock.now(),
      local: this.wire.local,
      remote: this.wire.remote,
      peerName: this.peerName,
      tls: this.tls?.facts,
      authentication: this.identity.recorded,
      messages: this.transaction.messages,
      failure,
    });
  }
}
