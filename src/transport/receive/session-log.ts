import type { RaisedEvent, Step } from "../../base/index.ts";
import type { ReceiveConnector } from "../../directory/index.ts";
import type { Endpoint, ProtocolRow } from "../../smtp/index.ts";
import type { ReceiveServer } from "./receive-server.ts";

/** What one session reports: its rows, where its connector keeps a verbose log, its events and its decisions. */
export class SessionLog {
  readonly sessionId: string;
  readonly connectorId: string;
  /** False: rows go nowhere, and nobody should spend time on making them. */
  readonly verbose: boolean;
  readonly #server: ReceiveServer;
  readonly #connector: ReceiveConnector;
  readonly #local: Endpoint;
  readonly #remote: Endpoint;
  #sequence = 0;

  constructor(
    server: ReceiveServer,
    connector: ReceiveConnector,
    sessionId: string,
    local: Endpoint,
    remote: Endpoint,
  ) {
    this.#server = server;
    this.#connector = connector;
    this.sessionId = sessionId;
    this.connectorId = `${server.name}\\${connector.name}`;
    this.verbose = connector.protocolLoggingLevel === "Verbose";
    this.#local = local;
    this.#remote = remote;
  }

  row(event: ProtocolRow["event"], data: string, context = ""): void {
    if (!this.verbose) return;
    this.#server.journal.report({
      kind: "protocolRow",
      log: "SmtpReceive",
      server: this.#server.name,
      at: this.#server.clock.now(),
      connectorId: this.connectorId,
      sessionId: this.sessionId,
      sequence: this.#sequence++,
      local: this.#local,
      remote: this.#remote,
      event,
      data,
      context,
    });
  }

  event({ id, parameters }: RaisedEvent): void {
    this.#server.journal.report({
      kind: "event",
      server: this.#server.name,
      at: this.#server.clock.now(),
      id,
      parameters,
    });
  }

  /** A decision with the steps behind it, and the events that those raise. */
  decision(about: string, outcome: string, steps: readonly Step[]): void {
    this.#server.journal.report({
      kind: "decision",
      server: this.#server.name,
      at: this.#server.clock.now(),
      about,
      subject: this.sessionId,
      outcome,
      steps: steps.map(({ source, text }) => ({ source, text })),
    });
    for (const { event } of steps) if (event) this.event(event);
  }

  /** Source: [ff981907] event 1035. */
  authenticationFailed(error: string, mechanism: "Login" | "ExchangeAuth"): void {
    this.event({ id: 1035, parameters: [error, this.#connector.name, mechanism, this.#remote.address] });
  }

  /** Source: [ff980980] event 1036. */
  directTrustFailed(subject: string): void {
    this.event({ id: 1036, parameters: [subject, this.#remote.address] });
  }
}
