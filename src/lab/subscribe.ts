import { isHub } from "../directory/index.ts";
import type { Topology } from "./api/index.ts";
import { subscriptionFailed } from "./errors.ts";
import type { Fleet } from "./fleet.ts";

/**
 * Takes the steps of the ceremony for every Edge server that the lab file declares subscribed, unless an earlier start
 * has: export on the Edge server, import on a Hub of the site, first synchronization. Rejects LAB_SUBSCRIPTION_FAILED.
 */
export async function subscribeDeclared(topology: Topology, fleet: Fleet): Promise<void> {
  for (const { name, subscription: site } of topology.servers) {
    if (site === undefined) continue;
    const edge = fleet.named(name).edgeSync;
    const hub = fleet.all.find(({ installed }) => installed.site === site && isHub(installed))?.edgeSync;
    if (edge?.role !== "edge" || hub?.role !== "hub" || edge.edge.isSubscribed()) continue;
    const { text } = await edge.edge.exportSubscription();
    await hub.hub.importSubscription(text, {
      site,
      createInternetSendConnector: true,
      createInboundSendConnector: true,
    });
    const results = await hub.hub.synchronize({ targetServer: name });
    const failed = results.find(({ result }) => result !== "Success");
    if (failed) throw subscriptionFailed(name, site, `${failed.result}: ${failed.failureDetails}`);
  }
}
