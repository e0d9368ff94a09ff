import type { ReplicationScope } from "../directory/index.ts";

/** One scope of one Edge server's ADAM was brought up to date, and something changed there. */
export interface DirectoryChangeRecord {
  kind: "directoryChange";
  /** The Edge server. */
  server: string;
  at: Date;
  scope: ReplicationScope;
  /** FQDN of the Hub that brought it. */
  by: string;
  added: number;
  updated: number;
  deleted: number;
  /** Whether it was a full synchronization. */
  full: boolean;
  /** Where ADAM's own numbering had come to. */
  usn: number;
}
