import {
  type Directory,
  type EdgeSyncLease,
  leaseId,
  positionId,
  type ReplicationScope,
  replicationScopes,
  storedAs,
} from "../../directory/index.ts";
import type { HeldPosition } from "./continuation.ts";

/** Who may write to ADAM, and how far each scope has come. */
export interface Standing {
  lease: EdgeSyncLease | undefined;
  positions: Readonly<Record<ReplicationScope, HeldPosition>>;
}

/** From ADAM itself, in one reading. */
export async function readStanding(adam: Directory): Promise<Standing> {
  const [lease, ...positions] = await adam.readAll([leaseId, ...replicationScopes.map(positionId)]);
  const heldIn = (scope: ReplicationScope): HeldPosition => {
    const stored = positions[replicationScopes.indexOf(scope)];
    return { position: stored && storedAs("edgeSyncPosition", stored), usn: stored?.usn ?? 0 };
  };
  return {
    lease: lease && storedAs("edgeSyncLease", lease),
    positions: {
      Topology: heldIn("Topology"),
      Configuration: heldIn("Configuration"),
      Recipients: heldIn("Recipients"),
    },
  };
}
