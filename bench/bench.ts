import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { generate } from "selfsigned";

/*
 * The whole bench: every contender in a process of its own, in turn, so that the machine's moods fall on all alike.
 * Figures are ratios within one run; docs/performance.md records them with the machine.
 */
const messages = 4000;
const connections = 20;
const bytes = 10 * 1024;
const rounds = 7;
const run = promisify(execFile);
const print = (line: string): void => void process.stdout.write(`${line}\n`);

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
const spread = (values: readonly number[], digits = 2): string =>
  `${median(values).toFixed(digits)} [${Math.min(...values).toFixed(digits)}–${Math.max(...values).toFixed(digits)}]`;

interface Measured {
  perSecond: number;
  cpuMsPerMessage: number;
  delivered: number;
  expected: number;
}

async function child<T>(script: string, ...args: string[]): Promise<T> {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const { stdout } = await run(process.execPath, ["--expose-gc", path, ...args], { maxBuffer: 1 << 24 });
  return JSON.parse(stdout) as T;
}

async function contender(kind: string, scratch: string): Promise<Measured> {
  const measured = await child<Measured>("./contender.js", kind, `${messages}`, `${connections}`, `${bytes}`, scratch);
  if (measured.delivered !== measured.expected)
    throw new Error(`${kind} delivered ${measured.delivered} of ${measured.expected} messages`);
  return measured;
}

const scratch = await mkdtemp(join(tmpdir(), "hubedge-bench-"));
try {
  print(
    `${cpus().length} × ${cpus()[0]?.model ?? "?"}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.version}`,
  );
  const { private: key, cert } = await generate([{ name: "commonName", value: "bench" }], {
    algorithm: "sha256",
    keySize: 2048,
  });
  await writeFile(join(scratch, "identity.json"), JSON.stringify({ key, cert }));

  print(
    `two hops, TLS on both, ${messages} messages of ${bytes} bytes, ${connections} connections a hop, ${rounds} rounds`,
  );
  const rows: { bare: Measured; verbose: Measured; quiet: Measured }[] = [];
  for (let round = 0; round < rounds; round++) {
    const bare = await contender("bare", scratch);
    const verbose = await contender("verbose", scratch);
    const quiet = await contender("quiet", scratch);
    rows.push({ bare, verbose, quiet });
    print(
      `  round ${round + 1}: bare ${bare.perSecond.toFixed(0)}/s, product ${verbose.perSecond.toFixed(0)}/s, ` +
        `product without protocol logs ${quiet.perSecond.toFixed(0)}/s`,
    );
  }
  const ratio = (of: (row: (typeof rows)[number]) => number): number[] => rows.map(of);
  print(
    `product: ${spread(
      ratio(({ verbose }) => verbose.perSecond),
      0,
    )} messages/s`,
  );
  print(
    `bare relay: ${spread(
      ratio(({ bare }) => bare.perSecond),
      0,
    )} messages/s`,
  );
  print(`two-hop-ratio: ${spread(ratio(({ bare, verbose }) => verbose.perSecond / bare.perSecond))}`);
  print(`two-hop-cpu-ratio: ${spread(ratio(({ bare, verbose }) => verbose.cpuMsPerMessage / bare.cpuMsPerMessage))}`);
  print(
    `verbose-cost: ${spread(
      ratio(({ quiet, verbose }) => 100 * (1 - verbose.perSecond / quiet.perSecond)),
      0,
    )} % of throughput, ${spread(
      ratio(({ quiet, verbose }) => 100 * (verbose.cpuMsPerMessage / quiet.cpuMsPerMessage - 1)),
      0,
    )} % of CPU`,
  );

  interface StartUp {
    seconds: number;
    kbPerServer: number;
    liveKbPerServer: number;
  }
  await child<StartUp>("./start-up.js", "10", "cached", scratch); // fills the key cache
  const ten = [];
  for (let round = 0; round < 5; round++)
    ten.push((await child<StartUp>("./start-up.js", "10", "cached", scratch)).seconds);
  print(`ten-servers: ${spread(ten)} s with warm keys`);
  const thousand = [];
  for (let round = 0; round < 3; round++) thousand.push(await child<StartUp>("./start-up.js", "1000", "p256", scratch));
  print(`thousand-servers: ${spread(thousand.map(({ seconds }) => seconds))} s, P-256`);
  print(
    `thousand-servers-memory: ${spread(
      thousand.map(({ kbPerServer }) => kbPerServer),
      0,
    )} KB each resident, ${spread(
      thousand.map(({ liveKbPerServer }) => liveKbPerServer),
      0,
    )} KB each live`,
  );
} finally {
  await rm(scratch, { recursive: true, force: true });
}
