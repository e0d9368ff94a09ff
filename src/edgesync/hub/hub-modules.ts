import type { ApplicationEvent, Clock, DecisionRecord, HttpsConnection, Journal } from "../../base/index.ts";
import type { CertificateStore, Presentations } from "../../certificates/index.ts";
import type { Directory, LocalCopy } from "../../directory/index.ts";
import type { Names } from "../../dns/index.ts";
import type { EdgeSyncSchedule } from "../results.ts";
import type { HubCredentials } from "./hub-credentials.ts";

/** What a Hub's end of EdgeSync is made of. */
export interface HubSideModules {
  server: { name: string; fqdn: string; site: string };
  /** Where its connections come from; undefined: the system chooses. */
  localAddress: string | undefined;
  clock: Clock;
  journal: Journal<ApplicationEvent | DecisionRecord>;
  /** Active Directory, and a copy of it. */
  directory: Directory;
  organization: LocalCopy;
  store: CertificateStore;
  presentations: Presentations;
  names: Names;
  schedule: EdgeSyncSchedule;
  /** Changes that go into one step; default and at most 500. */
  batchSize?: number;
}

/** The same, with what all its dealings with Edge servers share. */
export interface PartnerModules extends HubSideModules {
  credentials: HubCredentials;
  /** Every connection that is open, so that all can be cut. */
  connections: Set<HttpsConnection>;
  /** Whether this server is about to end. */
  stopped(): boolean;
  /** When a run comes that goes to the Edge server in any case. */
  nextShow(): Date;
}

/** Raises an event of the application log. */
export function raise({ journal, server, clock }: HubSideModules, id: number, parameters: readonly string[]): void {
  journal.report({ kind: "event", server: server.name, at: clock.now(), id, parameters });
}
