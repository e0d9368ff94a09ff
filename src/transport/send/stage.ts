import type { Step } from "../../base/index.ts";
import type { SmtpReply } from "../../smtp/index.ts";
import type { ClientConnection } from "./connection.ts";
import type { SessionRules } from "./rules.ts";
import type { SendServer } from "./send-server.ts";
import type { SessionLog } from "./session-log.ts";

/** One session under way: what each of its stages works on. */
export interface Session {
  server: SendServer;
  /** The peer's name, or its address in brackets. */
  host: string;
  rules: SessionRules;
  log: SessionLog;
  connection: ClientConnection;
}

/** Why no mail can go over a session, in the words of a reply: the peer's, or those Exchange uses for its own. */
export interface SessionRefusal {
  refusal: SmtpReply;
  /** Say QUIT first; an untrusted peer is told nothing more. */
  farewell: boolean;
}

export const isRefusal = (outcome: object): outcome is SessionRefusal => "refusal" in outcome;

/** A refusal after which both part as people do. */
export const goodbye = (refusal: SmtpReply): SessionRefusal => ({ refusal, farewell: true });

/** Reports a decision of a session, and the events that its steps raise. */
export function decided({ server, log }: Session, about: string, outcome: string, steps: readonly Step[]): void {
  server.journal.report({
    kind: "decision",
    server: server.name,
    at: server.clock.now(),
    about,
    subject: log.sessionId,
    outcome,
    steps: steps.map(({ source, text }) => ({ source, text })),
  });
  for (const { event } of steps) if (event) raise(server, event.id, event.parameters);
}

export function raise(server: SendServer, id: number, parameters: readonly string[]): void {
  server.journal.report({ kind: "event", server: server.name, at: server.clock.now(), id, parameters });
}
