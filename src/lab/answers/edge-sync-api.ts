import { type EdgeSide, edgeSubscriptionUnknown, type HubSide } from "../../edgesync/index.ts";
import { isEdge, type LocalCopy } from "../../directory/index.ts";
import type { EdgeSubscriptionView, ServerApi } from "../api/index.ts";
import { wrongRole } from "../errors.ts";
import type { InstalledServer } from "../server/install.ts";
import { checkWritable, readServerFile, writeServerFile } from "../server/server-files.ts";

/** EdgeSync as it runs on one server: the side of a Hub, or that of an Edge server. */
export type EdgeSyncSide = { role: "hub"; hub: HubSide } | { role: "edge"; edge: EdgeSide };

interface EdgeSyncModules {
  server: InstalledServer;
  organization: LocalCopy;
  /** Undefined on a server without a running transport role. */
  side: () => EdgeSyncSide | undefined;
}

type EdgeSyncApi = Pick<
  ServerApi,
  | "exportEdgeSubscription"
  | "importEdgeSubscription"
  | "edgeSubscriptions"
  | "removeEdgeSubscription"
  | "startEdgeSynchronization"
  | "testEdgeSynchronization"
>;

/** What the cmdlets of EdgeSync do on one server. */
export function edgeSyncApi({ server, organization, side }: EdgeSyncModules): EdgeSyncApi {
  const hub = (what: string): HubSide => {
    const running = side();
    if (running?.role !== "hub") throw wrongRole(server.name, "HubTransport", what);
    return running.hub;
  };
  const edge = (what: string): EdgeSide => {
    const running = side();
    if (running?.role !== "edge") throw wrongRole(server.name, "EdgeTransport", what);
    return running.edge;
  };
  const subscriptions = (): EdgeSubscriptionView[] =>
    organization
      .servers()
      .filter(isEdge)
      .flatMap(({ name, fqdn, site, edge: facts }) => {
        const date = facts?.subscriptionEffectiveDate ?? null;
        const domain = fqdn.slice(fqdn.indexOf(".") + 1);
        return date === null ? [] : [{ name, fqdn, site, domain, subscribedAt: new Date(date) }];
      });

  return {
    async exportEdgeSubscription({ fileName, overwrite }) {
      const exporting = edge("export a subscription file");
      await checkWritable(server, fileName, overwrite);
      const { text, expiresAt } = await exporting.exportSubscription();
      const path = await writeServerFile(server, fileName, text);
      return { path, edgeServerFqdn: server.fqdn, expiresAt };
    },
    async importEdgeSubscription({ fileName, ...request }) {
      const importing = hub("import a subscription file");
      const name = await importing.importSubscription(await readServerFile(server, fileName), request);
      const found = subscriptions().find((one) => one.name === name);
      if (!found) throw new Error(`The subscription of ${name} was imported and is not there`);
      return found;
    },
    edgeSubscriptions: async () => subscriptions(),
    async removeEdgeSubscription(identity) {
      const known = subscriptions();
      const found = known.find(({ name }) => name.toLowerCase() === identity.toLowerCase());
      if (!found)
        throw edgeSubscriptionUnknown(
          identity,
          known.map(({ name }) => name),
        );
      const running = side();
      if (running?.role === "edge") await running.edge.removeSubscription();
      else await hub("remove a subscription").removeSubscription(found.name);
    },
    startEdgeSynchronization: async (request) => hub("synchronize Edge servers").synchronize(request),
    testEdgeSynchronization: async (request) => hub("test EdgeSync").test(request),
  };
}
