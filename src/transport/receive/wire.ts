import type { Endpoint } from "../../smtp/index.ts";
import type { StartingTls } from "./secure.ts";

/** What a session may do with its connection. */
export interface Wire {
  readonly local: Endpoint;
  readonly remote: Endpoint;
  write(text: string): void;
  /** Calls back once the system has taken what was written, so that a client that never reads can't fill our memory. */
  whenWritable(next: () => void): void;
  startTls(starting: StartingTls): void;
  /** Ends the connection once everything written is out. */
  close(): void;
}
