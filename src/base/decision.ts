/** One step on the way to a decision: where the rule comes from and what it said about this case. */
export interface Step {
  /** `<document id>#<step>` of docs/sources.md, or `ours`. */
  source: string;
  text: string;
  /** The application-log event that this step raises, where it raises one. */
  event?: RaisedEvent;
}

/** An application-log event to raise: its MSExchangeTransport id and the values of its %1, %2, … in order. */
export interface RaisedEvent {
  id: number;
  parameters: readonly string[];
}

/** An outcome together with the steps that led to it, in order. */
export interface Decision<T> {
  outcome: T;
  steps: readonly Step[];
}
