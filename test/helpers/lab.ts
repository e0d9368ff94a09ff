import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { z } from "zod";
import {
  type Lab,
  type LabOptions,
  type LoggedRow,
  parseProtocolLog,
  rowsOf,
  startLab,
  type Topology,
  topologySchema,
  toTopology,
  worldSchema,
} from "../../src/lab/index.ts";
import { loadScenario } from "../../src/scenario/index.ts";
import { runLine } from "../../src/shell/index.ts";
import type { Endpoint } from "../../src/smtp/index.ts";
import { root } from "../repo/source-tree.ts";
import { throughStructuredClone } from "./plain-data.ts";

/** Keys that test runs share: making one takes a third of a second. */
export const cacheFolder = join(root, "node_modules/.cache");

/** Where one suite keeps its files, and what it has started. */
export interface Place {
  readonly path: string;
  /** Runs when the suite is over, in the opposite order of the calls. */
  atEnd(closer: () => Promise<unknown>): void;
  /** Makes a folder in it. */
  folder(name: string): Promise<string>;
  /** Writes a file in it and returns its path. */
  write(name: string, text: string): Promise<string>;
}

/**
 * Gives the surrounding suite a folder of its own. At the end everything started there is closed and the folder
 * removed; when a test has failed it stays, and is printed.
 */
export function usePlace(): Place {
  const closers: (() => Promise<unknown>)[] = [];
  let path: string | undefined;
  let failed = false;
  before(async () => void (path = await mkdtemp(join(tmpdir(), "hubedge-test-"))));
  afterEach(function () {
    failed ||= this.currentTest?.state === "failed";
  });
  after(async function () {
    if (path === undefined) return; // skipped
    const states: unknown[] = [];
    this.test?.parent?.eachTest(({ state }) => states.push(state));
    const neverBegun = states.every((state) => state === undefined); // a `before` has failed
    try {
      for (const closer of closers.splice(0).reverse()) await closer();
    } finally {
      if (failed || neverBegun) console.log(`      the folder of this suite stays: ${path}`);
      else await rm(path, { recursive: true });
    }
  });
  const place: Place = {
    get path() {
      if (path === undefined) throw new Error("the suite has not begun");
      return path;
    },
    atEnd: (closer) => void closers.push(closer),
    async folder(name) {
      await mkdir(join(place.path, name), { recursive: true });
      return join(place.path, name);
    },
    async write(name, text) {
      await writeFile(join(place.path, name), text);
      return join(place.path, name);
    },
  };
  return place;
}

/** A running lab, with what tests ask for most. */
export interface TestLab extends Lab {
  /** Runs cmdlets on a server and returns what the shell would show; every call passes plain data only. */
  shell(server: string, line: string): Promise<string>;
  /** Sends from anna to bob, unless told otherwise, and waits until nothing is under way. Returns the Internet message id. */
  sendAndSettle(message?: Partial<Parameters<Lab["send"]>[0]>): Promise<string>;
  /** The rows of one server's protocol logs. */
  rows(server: string, log: "SmtpSend" | "SmtpReceive"): Promise<LoggedRow[]>;
  /** The content of every message in a mailbox. */
  inbox(mailbox: string): Promise<string[]>;
  /** Where a connector listens. */
  endpoint(server: string, connector?: "Default" | "Client"): Endpoint;
}

/** The lab of a scenario that this project ships. */
export async function topologyOf(scenario = "01-mail-between-sites"): Promise<Topology> {
  const loaded = await loadScenario(`scenarios/${scenario}.yaml`, root);
  if (!("scenario" in loaded)) throw new Error(`scenarios/${scenario}.yaml does not load`);
  return loaded.scenario.topology;
}

/** A topology, written as `lab:` and `world:` of a scenario file. */
export const declaredTopology = (
  lab: z.input<typeof topologySchema>,
  world: z.input<typeof worldSchema> = {},
): Topology => toTopology(topologySchema.parse(lab), worldSchema.parse(world), "test");

/** Starts a lab in this process: scenario 01's, embedded, with whatever `overrides` say. It ends with the suite. */
export async function startTestLab(
  place: Place,
  { topology = {}, ...options }: Partial<LabOptions> & { topology?: Partial<Topology> } = {},
): Promise<TestLab> {
  const lab = await startLab(
    { ...(await topologyOf()), ...topology },
    {
      directory: "embedded",
      logsFolder: join(place.path, "logs"),
      dataFolder: join(place.path, "data"),
      keepLogs: false,
      probe: [],
      redisUrl: undefined,
      keyCacheFolder: join(cacheFolder, "hubedge/keys"),
      path: process.env["PATH"] ?? "",
      process: { id: process.pid, isRunning: () => false },
      ...options,
    },
  );
  place.atEnd(() => lab.close());
  return {
    ...lab,
    shell: async (server, line) => (await runLine(line, { server: throughStructuredClone(lab.server(server)) })).text,
    async sendAndSettle(message = {}) {
      const id = await lab.send({ from: "anna", to: ["bob"], subject: "Hello", text: "Hello, Bob", ...message });
      await lab.settled();
      return id;
    },
    async rows(server, log) {
      const files = await lab.protocolLogs(server, log);
      const texts = await Promise.all(files.map((file) => readFile(file, "utf8")));
      return texts.flatMap((text) => rowsOf(parseProtocolLog(text)));
    },
    async inbox(mailbox) {
      return Promise.all((await lab.delivered(mailbox)).map(({ path }) => readFile(path, "latin1")));
    },
    endpoint(server, connector = "Default") {
      const found = lab.listeners().find((listener) => listener.connector === `${server}\\${connector} ${server}`);
      if (!found) throw new Error(`${server} has no connector ${connector}`);
      return found.endpoint;
    },
  };
}
