import { readFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { startBareRelay } from "./bare-relay.ts";
import { startProduct } from "./product-relay.ts";
import { drive, type Hop, type KeyAndCertificate } from "./two-hop.ts";

/**
 * One contender, one measurement, one process: `contender.js bare|verbose|quiet COUNT CONNECTIONS BYTES SCRATCH`.
 * Prints one JSON line: messages per second, and how many lie delivered.
 */
const [kind, count, connections, bytes, scratch = ""] = process.argv.slice(2);
const total = Number(count);
const perHop = Number(connections);
const hop: Hop =
  kind === "bare"
    ? await startBareRelay(
        JSON.parse(await readFile(join(scratch, "identity.json"), "utf8")) as KeyAndCertificate,
        perHop,
      )
    : await startProduct(kind === "verbose" ? "Verbose" : "None", perHop, scratch);

const warmUp = Math.ceil(total / 5);
await drive(hop, warmUp, perHop, Number(bytes));
const cpuBefore = process.cpuUsage();
const perSecond = await drive(hop, total, perHop, Number(bytes));
const { user, system } = process.cpuUsage(cpuBefore);
const delivered = (await hop.deliveredCount()) ?? warmUp + total;
await hop.close();
process.stdout.write(
  `${JSON.stringify({ perSecond, cpuMsPerMessage: (user + system) / 1000 / total, delivered, expected: warmUp + total })}\n`,
);
