import type { EventJournal } from "../../base/index.ts";
import { isHub } from "../../directory/index.ts";
import { startEdgeSide, startHubSide } from "../../edgesync/index.ts";
import type { EdgeSyncSide } from "../answers/edge-sync-api.ts";
import type { LabEvent } from "./events.ts";
import type { InstalledServer } from "./install.ts";
import type { ServerModules } from "./server.ts";

/**
 * Starts EdgeSync on a transport server: on a Hub the service that replicates, on an Edge server what it replicates to.
 * The Edge server's side is made of its ADAM and never sees Active Directory.
 */
export async function startEdgeSync(
  server: InstalledServer,
  modules: ServerModules,
  journal: EventJournal<LabEvent>,
): Promise<EdgeSyncSide> {
  const { clock, directory, organization, presentations, names, place, topology } = modules;
  const common = { clock, journal, organization, store: server.store, presentations, schedule: topology.edgeSync };
  if (isHub(server) && server.site !== null) {
    const { name, fqdn, site } = server;
    const localAddress = place.source;
    return {
      role: "hub",
      hub: startHubSide({ ...common, server: { name, fqdn, site }, localAddress, directory, names }),
    };
  }
  return {
    role: "edge",
    edge: await startEdgeSide({ ...common, server, at: place.edgeSync, adam: directory }),
  };
}
