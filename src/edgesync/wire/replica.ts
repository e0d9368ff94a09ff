import type { Attributes, ReplicationScope } from "../../directory/index.ts";

/** One object that an Edge server's ADAM is to hold, or to hold no more, as it goes over the link. */
export type EdgeChange = { id: string; kind: ReplicaKind; set: Attributes } | { id: string; remove: true };

/** Kinds of objects that come into ADAM by EdgeSync. */
export type ReplicaKind =
  | "server"
  | "edgeSyncCredential"
  | "sendConnector"
  | "acceptedDomain"
  | "remoteDomain"
  | "messageClassification"
  | "transportConfig"
  | "recipient";

/** What comes into ADAM with each scope. Source: [bb232177]. */
export const replicaKinds: Readonly<Record<ReplicationScope, readonly ReplicaKind[]>> = {
  Topology: ["server", "edgeSyncCredential"],
  Configuration: ["sendConnector", "acceptedDomain", "remoteDomain", "messageClassification", "transportConfig"],
  Recipients: ["recipient"],
};

/** Whether a Send connector is a server's to use. */
export const startsFrom = (sources: readonly string[], server: string): boolean =>
  sources.some((source) => source.toLowerCase() === server.toLowerCase());
