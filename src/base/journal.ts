/**
 * Where the stages say what they did. Each folder defines the shapes of its own events; the journal only
 * carries them, in order and at once, to whoever listens. Reporting never fails and never waits.
 */
export interface Journal<E> {
  report(event: E): void;
}

/** A journal with listeners. A listener that throws is a bug and is not caught here. */
export class EventJournal<E extends { kind: string }> implements Journal<E> {
  readonly #listeners = new Map<string, ((event: E) => void)[]>();

  report(event: E): void {
    for (const listener of this.#listeners.get(event.kind) ?? []) listener(event);
  }

  /** Calls `listener` for every event of that kind, until the returned function is called. */
  on<K extends E["kind"]>(kind: K, listener: (event: Extract<E, { kind: K }>) => void): () => void {
    const added = listener as (event: E) => void;
    this.#listeners.set(kind, [...(this.#listeners.get(kind) ?? []), added]);
    return () =>
      void this.#listeners.set(
        kind,
        (this.#listeners.get(kind) ?? []).filter((other) => other !== added),
      );
  }
}

/** A record for the Application event log of one server; its text is in `logging/`, by id. */
export interface ApplicationEvent {
  kind: "event";
  server: string;
  at: Date;
  id: number;
  /** The values of %1, %2, … in the event's text. */
  parameters: readonly string[];
}

/** A decision that was taken, with its steps. */
export interface DecisionRecord {
  kind: "decision";
  server: string;
  at: Date;
  /** Which rule decided: `starttls-certificate`, `peer-certificate`, `route`, … */
  about: string;
  /** What it decided on: a session, a queue, a recipient. */
  subject: string;
  outcome: string;
  steps: readonly { source: string; text: string }[];
}
