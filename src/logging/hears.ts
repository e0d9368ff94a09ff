/** A journal as a listener sees it: somewhere to hear of one kind of event. `EventJournal` is one. */
export interface Hears<E extends { kind: string }> {
  /** Returns a function that ends it. */
  on(kind: E["kind"], listener: (event: E) => void): () => void;
}
