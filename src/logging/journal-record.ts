import type { KeyObject } from "node:crypto";
import type { ApplicationEvent, DecisionRecord } from "../base/index.ts";
import type { DirectoryChangeRecord } from "../edgesync/index.ts";
import type { SessionRecord } from "../smtp/index.ts";
import type { MessageRecord } from "../transport/mail-item.ts";

/** Field names under which secrets travel. */
type SecretName = "key" | "pem" | `${string}${"assword" | "ecret" | "rivateKey" | "achineKey" | "redential"}${string}`;

/**
 * What may be written down of a `T`: plain values. Octets, keys, functions and fields with a secret's name become
 * `never`, so that a record which carries one does not compile.
 */
type Recordable<T> = T extends string | number | boolean | Date | null | undefined
  ? T
  : T extends Uint8Array | KeyObject | ((...args: never[]) => unknown)
    ? never
    : { [K in keyof T]: K extends SecretName ? never : Recordable<T[K]> };

/** Gives back a record that the compiler has seen to be plain. */
export const recordable = <T extends object>(record: T & Recordable<T>): T => record;

// The fields of each kind are named one by one: what a stage adds to its events does not leak into files.

/** What the journal keeps of a session. */
export const recordOfSession = (session: SessionRecord): object => {
  const { kind, side, server, connectorId, sessionId, startedAt, local, remote } = session;
  const { peerName, tls, authentication, messages, failure } = session;
  return recordable({
    kind,
    side,
    server,
    connectorId,
    sessionId,
    startedAt,
    local,
    remote,
    peerName,
    tls,
    authentication,
    messages,
    failure,
  });
};

/** What the journal keeps of a message at a stage. */
export const recordOfMessage = (message: MessageRecord): object => {
  const { kind, stage, server, id, internetMessageId, recipients, detail } = message;
  return recordable({ kind, stage, server, id, internetMessageId, recipients, detail });
};

/** What the journal keeps of an event: its text is known by its id. */
export const recordOfEvent = ({ kind, server, id, parameters }: ApplicationEvent): object =>
  recordable({ kind, server, id, parameters });

/** What the journal keeps of a change that EdgeSync brought to an Edge server. */
export const recordOfDirectoryChange = (change: DirectoryChangeRecord): object => {
  const { kind, server, scope, by, added, updated, deleted, full, usn } = change;
  return recordable({ kind, server, scope, by, added, updated, deleted, full, usn });
};

/** What the journal keeps of a decision that was not taken before. */
export const recordOfDecision = ({ kind, server, about, subject, outcome, steps }: DecisionRecord): object =>
  recordable({ kind, server, about, subject, outcome, steps: steps.map(({ source, text }) => ({ source, text })) });

/** What it keeps of one that was: who took it on what, and the sequence number of the record that tells the rest. */
export const recordOfSameDecision = ({ kind, server, about, subject }: DecisionRecord, same: number): object =>
  recordable({ kind, server, about, subject, same });
