import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { generate } from "selfsigned";
import { child, median, print, spread } from "./figures.ts";

/*
 * The whole bench: every contender in a process of its own, in turn, so that the machine's moods fall on all alike.
 * Figures are ratios within one run; docs/performance.md records them with the machine. `bench.js [PART…]` runs only
 * those parts.
 */
const parts = { "two-hops": twoHops, "start-up": startUp, edgesync: edgeSync, year };

async function twoHops(scratch: string): Promise<void> {
  const messages = 4000;
  const connections = 20;
  const bytes = 10 * 1024;
  const rounds = 7;
  interface Measured {
    perSecond: number;
    cpuMsPerMessage: number;
    delivered: number;
    expected: number;
  }
  const contender = async (kind: string): Promise<Measured> => {
    const measured = await child<Measured>("./contender.js", kind, messages, connections, bytes, scratch);
    if (measured.delivered !== measured.expected)
      throw new Error(`${kind} delivered ${measured.delivered} of ${measured.expected} messages`);
    return measured;
  };
  const { private: key, cert } = await generate([{ name: "commonName", value: "bench" }], {
    algorithm: "sha256",
    keySize: 2048,
  });
  await writeFile(join(scratch, "identity.json"), JSON.stringify({ key, cert }));

  print(
    `two hops, TLS on both, ${messages} messages of ${bytes} bytes, ${connections} connections a hop, ${rounds} rounds`,
  );
  const rows: { bare: Measured; verbose: Measured; quiet: Measured }[] = [];
  for (let round = 1; round <= rounds; round++) {
    const row = {
      bare: await contender("bare"),
      verbose: await contender("verbose"),
      quiet: await contender("quiet"),
    };
    rows.push(row);
    const perSecond = (kind: keyof typeof row): string => `${row[kind].perSecond.toFixed(0)}/s`;
    print(
      `  round ${round}: bare ${perSecond("bare")}, product ${perSecond("verbose")}, ` +
        `product without protocol logs ${perSecond("quiet")}`,
    );
  }
  const over = (of: (row: (typeof rows)[number]) => number, digits?: number): string => spread(rows.map(of), digits);
  print(`product: ${over(({ verbose }) => verbose.perSecond, 0)} messages/s`);
  print(`bare relay: ${over(({ bare }) => bare.perSecond, 0)} messages/s`);
  print(`two-hop-ratio: ${over(({ bare, verbose }) => verbose.perSecond / bare.perSecond)}`);
  print(`two-hop-cpu-ratio: ${over(({ bare, verbose }) => verbose.cpuMsPerMessage / bare.cpuMsPerMessage)}`);
  print(
    `verbose-cost: ${over(({ quiet, verbose }) => 100 * (1 - verbose.perSecond / quiet.perSecond), 0)} % of throughput, ` +
      `${over(({ quiet, verbose }) => 100 * (verbose.cpuMsPerMessage / quiet.cpuMsPerMessage - 1), 0)} % of CPU`,
  );
}

async function startUp(scratch: string): Promise<void> {
  interface StartUp {
    seconds: number;
    kbPerServer: number;
    liveKbPerServer: number;
  }
  const servers = (count: number, keys: string): Promise<StartUp> =>
    child<StartUp>("./start-up.js", count, keys, scratch);
  await servers(10, "cached"); // fills the key cache
  const ten: StartUp[] = [];
  for (let round = 0; round < 5; round++) ten.push(await servers(10, "cached"));
  print(`ten-servers: ${spread(ten.map(({ seconds }) => seconds))} s with warm keys`);
  const thousand: StartUp[] = [];
  for (let round = 0; round < 3; round++) thousand.push(await servers(1000, "p256"));
  const over = (of: (row: StartUp) => number, digits?: number): string => spread(thousand.map(of), digits);
  print(`thousand-servers: ${over(({ seconds }) => seconds)} s, P-256`);
  print(
    `thousand-servers-memory: ${over(({ kbPerServer }) => kbPerServer, 0)} KB each resident, ` +
      `${over(({ liveKbPerServer }) => liveKbPerServer, 0)} KB each live`,
  );
}

async function edgeSync(scratch: string): Promise<void> {
  const totals = [1000, 10_000, 100_000];
  const rounds = 5;
  interface Loaded {
    seconds: number;
    deltaSeconds: number[];
    recipients: number;
    digest: string;
  }
  for (const store of ["redis", "embedded"]) {
    print(`EdgeSync into ${store}: recipients at the first full synchronization, then deltas of 100`);
    for (const total of totals) {
      const full: { bare: number; product: number }[] = [];
      const deltas: number[] = [];
      for (let round = 0; round < (total === totals.at(-1) ? rounds : 1); round++) {
        const bare = await child<Loaded>("./edgesync.js", "bare", store, total, scratch);
        const product = await child<Loaded>("./edgesync.js", "product", store, total, scratch);
        if (product.recipients !== total || product.digest !== bare.digest)
          throw new Error(`${product.recipients} of ${total} recipients, or others than the bare writer's`);
        full.push({ bare: bare.seconds, product: product.seconds });
        // The first one after a full synchronization is told apart: code that never ran.
        deltas.push(...product.deltaSeconds.slice(1));
      }
      const ratios = full.map(({ bare, product }) => bare / product);
      const perSecond = (of: (row: (typeof full)[number]) => number): string =>
        `${(total / median(full.map(of))).toFixed(0)}/s`;
      print(
        `  ${total}: bare ${perSecond(({ bare }) => bare)}, product ${perSecond(({ product }) => product)}, ` +
          `edgesync-ratio ${spread(ratios)}, delta of 100 in ${spread(
            deltas.map((seconds) => 1000 * seconds),
            0,
          )} ms`,
      );
    }
  }
}

async function year(scratch: string): Promise<void> {
  interface Year {
    seconds: number;
    cpuSeconds: number;
    looks: number;
    runs: number;
    replications: number;
    events: Record<string, number>;
  }
  const rounds: Year[] = [];
  for (let round = 0; round < 3; round++) rounds.push(await child<Year>("./year.js", scratch));
  const over = (of: (row: Year) => number): string => spread(rounds.map(of), 0);
  const { looks = 0, runs = 0, replications = 0, events = {} } = rounds[0] ?? {};
  const raised = Object.entries(events).map(([id, times]) => `${id} ${times} times`);
  print(`a-year: ${over(({ seconds }) => seconds)} s, of which ${over(({ cpuSeconds }) => cpuSeconds)} s CPU`);
  print(`  ${looks} looks, ${runs} runs, ${replications} replications; events ${raised.join(", ")}`);
}

const chosen = process.argv.slice(2);
const unknown = chosen.find((name) => !Object.keys(parts).includes(name));
if (unknown !== undefined) throw new Error(`No part ${unknown}; there are ${Object.keys(parts).join(", ")}`);
const scratch = await mkdtemp(join(tmpdir(), "hubedge-bench-"));
try {
  print(
    `${cpus().length} × ${cpus()[0]?.model ?? "?"}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.version}`,
  );
  for (const [name, part] of Object.entries(parts)) {
    if (chosen.length === 0 || chosen.includes(name)) await part(scratch);
  }
} finally {
  await rm(scratch, { recursive: true, force: true });
}
