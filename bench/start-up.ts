import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { startLab, type Topology } from "../src/lab/index.ts";
import { benchOptions, declared } from "./product-relay.ts";

/**
 * Starts a lab of `COUNT` Hub Transport servers and leaves it idle: `start-up.js COUNT cached|p256 SCRATCH`.
 * Prints one JSON line: seconds, and kilobytes per server beyond those of a lab of one, resident and live.
 */
const [count = "10", keys = "cached", scratch = ""] = process.argv.slice(2);

const topology = (servers: number): Topology =>
  declared({
    id: `idle-${servers}`,
    keys: keys === "p256" ? "p256" : "cached",
    sites: Object.fromEntries(Array.from({ length: Math.ceil(servers / 250) }, (_, site) => [`Site${site}`, null])),
    servers: Object.fromEntries(
      Array.from({ length: servers }, (_, place) => [
        `HUB${place}`,
        { site: `Site${Math.floor(place / 250)}`, roles: ["HubTransport"] },
      ]),
    ),
  });

const memoryKb = (): { resident: number; live: number } => {
  globalThis.gc?.();
  const { rss, heapUsed, external } = process.memoryUsage();
  return { resident: rss / 1024, live: (heapUsed + external) / 1024 };
};

const folder = await mkdtemp(join(scratch, "idle-"));
// One server first: what the program itself takes is not counted, and its modules are loaded.
const one = await startLab(topology(1), benchOptions(join(folder, "one")));
const before = memoryKb();
const startedAt = performance.now();
const lab = await startLab(topology(Number(count)), benchOptions(join(folder, "many")));
const seconds = (performance.now() - startedAt) / 1000;
const after = memoryKb();
const kbPerServer = (after.resident - before.resident) / Number(count);
const liveKbPerServer = (after.live - before.live) / Number(count);
await lab.close();
await one.close();
process.stdout.write(`${JSON.stringify({ seconds, kbPerServer, liveKbPerServer })}\n`);
