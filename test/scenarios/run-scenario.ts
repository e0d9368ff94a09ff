import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Lab, type LabOptions, startLab } from "../../src/lab/index.ts";
import { loadScenario, runScenario, type Scenario, type ScenarioResult } from "../../src/scenario/index.ts";
import { openWindows } from "../../src/shell/index.ts";
import { maskDirectoryChanges, maskEvents, maskLog, type Names, namesOf } from "../helpers/golden.ts";

export const scenariosFolder = fileURLToPath(new URL("../../scenarios/", import.meta.url));

/** Loads one of the project's own scenarios. */
export async function loadOwn(file: string): Promise<Scenario> {
  const loaded = await loadScenario(file, scenariosFolder);
  if ("problems" in loaded) throw new Error(`${file}: ${loaded.problems.map(({ text }) => text).join("; ")}`);
  return loaded.scenario;
}

export interface Run {
  result: ScenarioResult;
  /**
   * Masked, by `<server>-<kind>`: the protocol logs, `Application` for its events and `EdgeSync` for what that has changed
   * on an Edge server. Servers and kinds without rows are left out.
   */
  logs: Map<string, string>;
}

/** Runs a scenario in folders of its own, which are removed when it passes. */
export async function runIn(scenario: Scenario, options: Partial<LabOptions> & { directory: string }): Promise<Run> {
  const runInWindow = openWindows();
  const folder = await mkdtemp(join(tmpdir(), "hubedge-scenario-"));
  let lab: Lab | undefined;
  let names: Names | undefined;
  const closeKnowing = async (): Promise<void> => {
    if (lab) names = await namesOf(lab, names);
    await lab?.close();
  };
  const result = await runScenario(scenario, {
    startLab: async (topology) => {
      lab = await startLab(topology, { ...ownOptions(folder), ...options });
      names = await namesOf(lab);
      return { ...lab, close: closeKnowing };
    },
    execute: (running, server, line, answers) => runInWindow(line, { server: running.server(server), answers }),
    signal: new AbortController().signal,
  });
  const logs = lab && names ? await maskedLogs(lab, names) : new Map<string, string>();
  if (result.status === "passed") await rm(folder, { recursive: true, force: true });
  return { result, logs };
}

const ownOptions = (folder: string): LabOptions => ({
  directory: "embedded",
  logsFolder: join(folder, "logs"),
  dataFolder: join(folder, "data"),
  keepLogs: false,
  probe: [],
  redisUrl: undefined,
  keyCacheFolder: fileURLToPath(new URL("../../node_modules/.cache/hubedge/keys", import.meta.url)),
  path: process.env.PATH ?? "",
  process: { id: process.pid, isRunning: () => false },
});

/** The logs as they lie on disk once the lab has closed. */
async function maskedLogs(lab: Lab, names: Names): Promise<Map<string, string>> {
  const logs = new Map<string, string>();
  for (const server of lab.serverNames()) {
    for (const kind of ["SmtpSend", "SmtpReceive"] as const) {
      const files = await lab.protocolLogs(server, kind);
      const texts = await Promise.all(files.map((file) => readFile(file, "utf8")));
      if (texts.length > 0) logs.set(`${server}-${kind}`, maskLog(texts.join(""), names));
    }
    const facts = { Application: maskEvents(lab, server, names), EdgeSync: maskDirectoryChanges(lab, server) };
    for (const [kind, text] of Object.entries(facts)) if (text !== "") logs.set(`${server}-${kind}`, text);
  }
  return logs;
}
