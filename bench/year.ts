import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { EdgeLease } from "../src/edgesync/edge/edge-lease.ts";
import { EdgePartner } from "../src/edgesync/hub/edge-partner.ts";
import { type Lab, startLab } from "../src/lab/index.ts";
import { benchOptions, declared } from "./product-relay.ts";

/**
 * A year of lab time in a lab of two Hubs and a subscribed Edge server: every schedule that is due, every EdgeSync run,
 * credentials renewed as they age, and after eleven months all certificates and the subscription: `year.js SCRATCH`. Prints
 * one JSON line: the seconds that it took, of which the CPU's, and what was done in them.
 */
const [scratch = ""] = process.argv.slice(2);
const dayMs = 86_400_000;

/** How often each of a class's methods was called. */
function counted(prototype: object, ...methods: string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const method of methods) {
    const original = Reflect.get(prototype, method) as (...given: unknown[]) => unknown;
    counts[method] = 0;
    Reflect.set(prototype, method, function (this: unknown, ...given: unknown[]) {
      counts[method] = (counts[method] ?? 0) + 1;
      return original.apply(this, given);
    });
  }
  return counts;
}
const looks = counted(EdgePartner.prototype, "tick");
const sessions = counted(EdgeLease.prototype, "touch", "lock");

const lab = await startLab(
  declared({
    id: "year",
    clock: "2008-05-12T10:00:00Z",
    sites: { SiteA: null },
    servers: {
      HUB1: { site: "SiteA", roles: ["HubTransport", "Mailbox"] },
      HUB2: { site: "SiteA", roles: ["HubTransport", "Mailbox"] },
      Edge1: { roles: ["EdgeTransport"], subscription: "SiteA" },
    },
    mailboxes: { anna: { server: "HUB1" }, bob: { server: "HUB2" } },
  }),
  benchOptions(await mkdtemp(join(scratch, "year-"))),
);

/** As an administrator does it: each server a new certificate, and the Edge server a new subscription. */
async function renew({ server, carryFile }: Lab): Promise<void> {
  for (const name of ["HUB1", "HUB2", "Edge1"]) {
    const { thumbprint } = await server(name).newExchangeCertificate({ services: [] });
    await server(name).enableExchangeCertificate({ thumbprint, services: ["SMTP"], overwriteDefault: true });
  }
  await server("Edge1").exportEdgeSubscription({ fileName: "Edge1.xml", overwrite: true });
  await carryFile("Edge1.xml", "Edge1", "HUB1");
  const connectors = { createInternetSendConnector: true, createInboundSendConnector: true };
  await server("HUB1").importEdgeSubscription({ fileName: "Edge1.xml", site: "SiteA", ...connectors });
  await server("HUB1").startEdgeSynchronization({});
}

const before = process.cpuUsage();
const startedAt = performance.now();
await lab.advance(335 * dayMs);
await renew(lab);
await lab.advance(30 * dayMs);
const seconds = (performance.now() - startedAt) / 1000;
const { user, system } = process.cpuUsage(before);
const events: Record<number, number> = {};
for (const { id } of lab.facts.events()) events[id] = (events[id] ?? 0) + 1;
const done = { looks: looks["tick"], runs: sessions["touch"], replications: sessions["lock"], events };
await lab.close();
process.stdout.write(`${JSON.stringify({ seconds, cpuSeconds: (user + system) / 1e6, ...done })}\n`);
