import { type Endpoint, sentCertificateRows, type SessionRecord } from "../../smtp/index.ts";
import type { SessionRules } from "./rules.ts";
import type { SendServer } from "./send-server.ts";

/** What is recorded of a session at its end, as far as it is known. */
type Facts = Pick<SessionRecord, "peerName" | "tls" | "authentication" | "failure">;

/**
 * What one Send session leaves behind: its rows in the Send log, where the connector logs, and one record at its end.
 * The logging level is taken once, when the session begins.
 */
export class SessionLog {
  readonly sessionId: string;
  readonly facts: Facts = {
    peerName: "",
    tls: undefined,
    authentication: { by: "none", identity: "" },
    failure: undefined,
  };
  /** While true, the texts of replies are replaced: they answer an authentication. */
  masked = false;
  /** QUIT was said: what follows is no failure. */
  leaving = false;
  readonly #server: SendServer;
  readonly #connector: string;
  readonly remote: Endpoint;
  readonly #verbose: boolean;
  readonly #startedAt: Date;
  readonly #messages: string[] = [];
  #sequence = 0;
  #local: Endpoint | undefined;
  #over = false;

  constructor(server: SendServer, rules: Pick<SessionRules, "connector" | "protocolLoggingLevel">, remote: Endpoint) {
    this.#server = server;
    this.#connector = rules.connector;
    this.remote = remote;
    this.#verbose = rules.protocolLoggingLevel === "Verbose";
    this.#startedAt = server.clock.now();
    this.sessionId = server.nextSessionId();
  }

  information(data: string, context: string): void {
    this.#row("*", data, context);
  }

  connected(local: Endpoint): void {
    this.#local = local;
    this.#row("+", "", "");
  }

  sent(line: string): void {
    this.#row(">", line, "");
  }

  /** One row per line of the reply. */
  received(reply: string): void {
    if (!this.#verbose) return;
    for (const line of reply.split("\n")) this.#row("<", this.#shown(line), "");
  }

  /** What this side is about to present. */
  sendingCertificate(certificate: Parameters<typeof sentCertificateRows>[0]): void {
    for (const [data, context] of sentCertificateRows(certificate)) this.#row("*", data, context);
  }

  /** Source: published Send logs; the thumbprint is the only detail on the intra-organization connector. */
  receivedCertificate(thumbprint: string): void {
    this.#row("*", "", "Received certificate");
    this.#row("*", thumbprint, "Certificate thumbprint");
  }

  handedOver(internetMessageId: string): void {
    this.#messages.push(internetMessageId);
  }

  disconnected(by: "Local" | "Remote"): void {
    this.#row("-", "", by);
  }

  /** Reports the record; only the first call does. */
  close(): void {
    if (this.#over) return;
    this.#over = true;
    const { name, clock, journal } = this.#server;
    journal.report({
      kind: "session",
      side: "send",
      server: name,
      connectorId: this.#connector,
      sessionId: this.sessionId,
      startedAt: this.#startedAt,
      endedAt: clock.now(),
      local: this.#local,
      remote: this.remote,
      messages: this.#messages,
      ...this.facts,
    });
  }

  /** Source: published logs, `334 <authentication response>`: what authenticates is never shown. */
  #shown(line: string): string {
    return this.masked && /^[23]/.test(line) ? `${line.slice(0, 4)}<authentication response>` : line;
  }

  #row(event: "+" | "-" | ">" | "<" | "*", data: string, context: string): void {
    if (!this.#verbose) return;
    this.#server.journal.report({
      kind: "protocolRow",
      log: "SmtpSend",
      server: this.#server.name,
      at: this.#server.clock.now(),
      connectorId: this.#connector,
      sessionId: this.sessionId,
      sequence: this.#sequence++,
      local: this.#local,
      remote: this.remote,
      event,
      data,
      context,
    });
  }
}
