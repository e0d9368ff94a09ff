import { createSecureContext, type SecureContext } from "node:tls";
import { parseCertificate } from "../certificates/index.ts";
import { dotStuffed, type Endpoint, reply, type SmtpReply } from "../smtp/index.ts";
import {
  type ClientConnection,
  ConnectionEnd,
  connectTo,
  type Extensions,
  parseExtensions,
  readReply,
} from "../transport/send/connection.ts";

/** A message, and how somebody outside the organization brings it. */
export interface OutsideMail {
  endpoint: Endpoint;
  localAddress?: string | undefined;
  /** The name given in EHLO. */
  ehlo: string;
  /** `opportunistic`: where it is offered. `required`: with it or not at all. */
  tls: "opportunistic" | "never" | "required";
  /** What TLS is made of, with a certificate to present or without; default: without, in the usual versions. */
  secureContext?: SecureContext;
  /**
   * Why the client does not want this server, once it has seen its certificates (DER, its own first); undefined: it does.
   * Without it, the client judges nobody.
   */
  judge?: (presented: readonly Buffer[]) => SmtpReply | undefined;
  /** Logs on with AUTH LOGIN where a user is given. */
  user?: string;
  password?: string;
  /** Empty for the null sender. */
  from: string;
  to: readonly string[];
  /** The whole message. */
  content: string | Buffer;
}

/** What the outside client saw. */
interface SeenByClient {
  encrypted: boolean;
  /** Of the certificate that the server presented; undefined in the clear. */
  certificateThumbprint: string | undefined;
  /** What was said and answered, in order; secrets are not in it. The greeting answers `connect`. */
  exchanges: readonly { said: string; reply: SmtpReply }[];
  /** `accepted`: the server took responsibility, for those recipients at least that it did not refuse. */
  outcome: "accepted" | "refused";
  /** The first reply that refused something. A connection that breaks refuses with the client's own 421. */
  refusal: SmtpReply | undefined;
}

/**
 * Sends a message as somebody who is no Exchange server: one command after another, judging nobody's certificate unless
 * it is told how.
 * Recipients that are refused are left out; with none left, or anything else refused, the client gives up with QUIT.
 */
export async function sendAsOutsideClient(mail: OutsideMail): Promise<SeenByClient> {
  const attempt = new Attempt(mail);
  const accepted = await attempt.run();
  const { encrypted, certificateThumbprint, exchanges, refusal } = attempt;
  return { encrypted, certificateThumbprint, exchanges, outcome: accepted ? "accepted" : "refused", refusal };
}

/** The same, as whoever asked wants to know it. */
export interface ClientOutcome {
  /** Thumbprint of the certificate that the server presented; undefined in the clear. */
  presented: string | undefined;
  /** Recipients that the server took responsibility for. */
  accepted: readonly string[];
  /** Every refusal in order, by the command that met it; a recipient where it was RCPT. */
  refused: readonly { command: string; recipient: string | undefined; reply: SmtpReply }[];
  /** Whether it came to MAIL: only then has this server said anything about this message. */
  began: boolean;
}

export function outcomeOf({ exchanges, outcome, refusal, certificateThumbprint }: SeenByClient): ClientOutcome {
  const accepted = outcome === "accepted";
  const refused = exchanges.flatMap(({ said, reply: heard }) => {
    const matters = !isPositive(heard) && !(accepted && said === "STARTTLS"); // it went on without
    return matters ? [{ command: said, recipient: recipientOf(said), reply: heard }] : [];
  });
  // What the client refuses itself, as when TLS is required and not offered, no command has met.
  if (!accepted && refusal && refused.every(({ reply: heard }) => heard !== refusal)) {
    const last = exchanges.findLast(({ said }) => said !== "QUIT")?.said ?? "connect";
    refused.push({ command: last, recipient: undefined, reply: refusal });
  }
  const taken = exchanges
    .filter(({ reply: heard }) => isPositive(heard))
    .flatMap(({ said }) => recipientOf(said) ?? []);
  const began = exchanges.some(({ said }) => said.startsWith("MAIL FROM:"));
  return { presented: certificateThumbprint, accepted: accepted ? taken : [], refused, began };
}

const isPositive = ({ code }: SmtpReply): boolean => code >= 200 && code < 400;

const recipientOf = (command: string): string | undefined => /^RCPT TO:<(.*)>/.exec(command)?.[1];

class Attempt {
  encrypted = false;
  certificateThumbprint: string | undefined;
  refusal: SmtpReply | undefined;
  readonly exchanges: { said: string; reply: SmtpReply }[] = [];
  readonly #mail: OutsideMail;

  constructor(mail: OutsideMail) {
    this.#mail = mail;
  }

  /** @returns whether the server took the message */
  async run(): Promise<boolean> {
    const { endpoint, localAddress, secureContext = createSecureContext() } = this.#mail;
    let connection: ClientConnection | undefined;
    let accepted = false;
    try {
      connection = await connectTo({ endpoint, localAddress, secureContext });
      accepted = await this.#converse(connection);
      await this.#say(connection, "QUIT");
    } catch (failure) {
      if (!(failure instanceof ConnectionEnd)) throw failure;
      // Once the message is accepted, a server that hangs up instead of saying goodbye refuses nothing.
      if (!accepted) this.refusal ??= reply(421, "4.4.2", failure.message);
    } finally {
      connection?.end();
    }
    return accepted;
  }

  async #converse(connection: ClientConnection): Promise<boolean> {
    const { from, to, content, user, password = "" } = this.#mail;
    if (!this.#passes("connect", await connection.banner())) return false;
    const offered = await this.#hello(connection);
    if (!offered || !(await this.#secure(connection, offered))) return false;
    if (user !== undefined && !(await this.#logOn(connection, user, password))) return false;
    if (!(await this.#say(connection, `MAIL FROM:<${from}>`))) return false;
    let taken = 0;
    for (const address of to) if (await this.#say(connection, `RCPT TO:<${address}>`)) taken++;
    if (taken === 0 || !(await this.#say(connection, "DATA"))) return false;
    const [answer = ""] = await connection.request(dotStuffed(Buffer.from(content)), 1);
    return this.#passes("content", answer);
  }

  async #hello(connection: ClientConnection): Promise<Extensions | undefined> {
    const line = `EHLO ${this.#mail.ehlo}`;
    const answer = await connection.command(line);
    return this.#passes(line, answer) ? parseExtensions(answer) : undefined;
  }

  /** @returns whether to go on */
  async #secure(connection: ClientConnection, offered: Extensions): Promise<boolean> {
    const { tls } = this.#mail;
    if (tls === "never") return true;
    if (!offered.has("STARTTLS")) {
      if (tls === "required") this.refusal = reply(451, "5.7.3", "STARTTLS is required to send mail");
      return tls === "opportunistic";
    }
    if (!(await this.#say(connection, "STARTTLS"))) {
      if (tls === "opportunistic") this.refusal = undefined; // nothing was refused that it insists on
      return tls === "opportunistic";
    }
    const { certificate, chain } = await connection.startTls();
    this.encrypted = true;
    this.certificateThumbprint = certificate && parseCertificate(certificate).thumbprint;
    const distrust = this.#mail.judge?.(chain);
    if (distrust) {
      this.refusal = distrust;
      return false;
    }
    return (await this.#hello(connection)) !== undefined;
  }

  async #logOn(connection: ClientConnection, user: string, password: string): Promise<boolean> {
    const base64 = (text: string): string => Buffer.from(text).toString("base64");
    return (
      (await this.#say(connection, "AUTH LOGIN")) &&
      (await this.#say(connection, base64(user), "<user>")) &&
      (await this.#say(connection, base64(password), "<password>"))
    );
  }

  async #say(connection: ClientConnection, line: string, shown = line): Promise<boolean> {
    return this.#passes(shown, await connection.command(line));
  }

  #passes(said: string, answer: string): boolean {
    const heard = readReply(answer);
    this.exchanges.push({ said, reply: heard });
    const positive = isPositive(heard);
    if (!positive) this.refusal ??= heard;
    return positive;
  }
}
