import type { ApplicationEvent, DecisionRecord } from "../base/index.ts";
import type { DirectoryChangeRecord } from "../edgesync/index.ts";
import type { SessionRecord } from "../smtp/index.ts";
import type { MessageRecord } from "../transport/mail-item.ts";
import type { Hears } from "./hears.ts";

/** What the journal of a lab has told so far, oldest first. */
interface Facts {
  sessions(): readonly SessionRecord[];
  messages(): readonly MessageRecord[];
  events(): readonly ApplicationEvent[];
  decisions(): readonly DecisionRecord[];
  directoryChanges(): readonly DirectoryChangeRecord[];
  /** Calls back after any new fact; returns a function that ends it. */
  onFact(listener: () => void): () => void;
  /** Stops listening; what was collected stays. */
  close(): void;
}

/** The journal's facts, without the rows of protocol logs. */
export type FactJournal = Hears<SessionRecord> &
  Hears<MessageRecord> &
  Hears<ApplicationEvent> &
  Hears<DecisionRecord> &
  Hears<DirectoryChangeRecord>;

/**
 * Collects the facts of a lab in memory. The lists grow while they are looked at; of each kind about `limit` are kept,
 * the oldest go first, a tenth at a time.
 */
export function collectFacts(journal: FactJournal, limit = 100_000): Facts {
  const listeners = new Set<() => void>();
  const keep = <F>(kept: F[]) => {
    return (fact: F): void => {
      if (kept.length >= limit) kept.splice(0, Math.ceil(limit / 10));
      kept.push(fact);
      for (const listener of listeners) listener();
    };
  };
  const sessions: SessionRecord[] = [];
  const messages: MessageRecord[] = [];
  const events: ApplicationEvent[] = [];
  const decisions: DecisionRecord[] = [];
  const directoryChanges: DirectoryChangeRecord[] = [];
  const stops = [
    journal.on("session", keep(sessions)),
    journal.on("message", keep(messages)),
    journal.on("event", keep(events)),
    journal.on("decision", keep(decisions)),
    journal.on("directoryChange", keep(directoryChanges)),
  ];
  return {
    sessions: () => sessions,
    messages: () => messages,
    events: () => events,
    decisions: () => decisions,
    directoryChanges: () => directoryChanges,
    onFact(listener) {
      const added = (): void => listener();
      listeners.add(added);
      return () => void listeners.delete(added);
    },
    close() {
      for (const stop of stops) stop();
    },
  };
}
