import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import type { z } from "zod";
import {
  type Lab,
  type LabOptions,
  startLab,
  type Topology,
  topologySchema,
  toTopology,
  worldSchema,
} from "../src/lab/index.ts";
import type { Hop } from "./two-hop.ts";

/** Options of a lab whose everything lies in one folder. Keys are kept between labs. */
export function benchOptions(folder: string): LabOptions {
  return {
    directory: "embedded",
    logsFolder: join(folder, "logs"),
    dataFolder: join(folder, "data"),
    keepLogs: false,
    probe: [],
    redisUrl: undefined,
    keyCacheFolder: join(tmpdir(), "hubedge-bench-keys"),
    path: process.env["PATH"] ?? "",
    process: { id: process.pid, isRunning: () => false },
  };
}

/** Two sites with one Hub each; bob's site is the second. */
export const twoSites = (logging: "None" | "Verbose"): Topology =>
  declared({
    id: "bench",
    sites: { SiteA: null, SiteB: null },
    siteLinks: [{ name: "A-B", sites: ["SiteA", "SiteB"], cost: 100 }],
    servers: {
      HUB1: { site: "SiteA", roles: ["HubTransport", "Mailbox"], protocolLogging: logging },
      HUB2: { site: "SiteB", roles: ["HubTransport", "Mailbox"], protocolLogging: logging },
    },
    mailboxes: { bob: { server: "HUB2" } },
  });

/** A lab of the organization that all benches measure, written as in a scenario file. */
export const declared = (lab: Partial<z.input<typeof topologySchema>>): Topology =>
  toTopology(
    topologySchema.parse({ organization: "bench", domains: ["bench.example"], ...lab }),
    worldSchema.parse({}),
    "bench",
  );

/** The product as shipped: the client's hop into HUB1, HUB1's into HUB2, and the mailbox behind it. */
export async function startProduct(
  logging: "None" | "Verbose",
  connectionsPerHop: number,
  scratch: string,
): Promise<Hop> {
  const folder = await mkdtemp(join(scratch, "run-"));
  const lab: Lab = await startLab(twoSites(logging), benchOptions(folder));
  const hub = lab.server("HUB1");
  await hub.setReceiveConnector("HUB1\\Default HUB1", {
    permissionGroups: ["AnonymousUsers", "ExchangeUsers", "ExchangeServers", "ExchangeLegacyServers"],
  });
  await hub.setTransportServer("HUB1", { maxPerDomainOutboundConnections: connectionsPerHop });
  const front = lab.listeners().find(({ connector }) => connector === "HUB1\\Default HUB1");
  if (!front) throw new Error("HUB1 does not listen");
  return {
    host: front.endpoint.address,
    port: front.endpoint.port,
    recipient: "bob@bench.example",
    onDelivered(listener) {
      // The newest fact only: the lab forgets the oldest of many.
      let seen = lab.facts.messages().at(-1);
      lab.facts.onFact(() => {
        const newest = lab.facts.messages().at(-1);
        if (newest === seen) return;
        seen = newest;
        if (newest?.stage === "delivered") listener();
      });
    },
    deliveredCount: async () => (await lab.delivered("bob")).length,
    // The files stay until the whole bench is over: a file system is slow to make files where many were just removed.
    close: () => lab.close(),
  };
}
