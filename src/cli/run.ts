import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { type LabError, removeFolder, writeFileAtomically } from "../base/index.ts";
import { startLab } from "../lab/index.ts";
import {
  makeReporter,
  type Reporter,
  type ReportKind,
  reportKinds,
  runScenario,
  type Scenario,
  type ScenarioResult,
} from "../scenario/index.ts";
import { FailedLine, openWindows } from "../shell/index.ts";
import { malformedJobs, nothingChosen, unknownReport } from "./errors.ts";
import { loadAll } from "./find-scenarios.ts";
import type { ExitCode, Io } from "./io.ts";
import { labOptions } from "./lab-options.ts";
import { describeLab } from "./describe-lab.ts";
import { watchUntilStopped } from "./watch.ts";

export interface RunOptions {
  report?: string[];
  logs: string;
  directory: string;
  only?: string;
  tag?: string;
  bail?: boolean;
  jobs: string;
  keep?: boolean;
  watch?: boolean;
  quiet?: boolean;
}

/** `hubedge run PATH…` */
export async function run(paths: readonly string[], options: RunOptions, io: Io): Promise<ExitCode> {
  const stop = new AbortController();
  const forget = io.onInterrupt(() => {
    if (!stop.signal.aborted) io.err("\nStopping; the logs stay where they are\n");
    stop.abort();
  });
  try {
    const once = (): Promise<ExitCode> => runOnce(paths, options, io, stop.signal);
    return options.watch ? await watchUntilStopped(paths, once, io, stop.signal) : await once();
  } finally {
    forget();
  }
}

async function runOnce(paths: readonly string[], options: RunOptions, io: Io, signal: AbortSignal): Promise<ExitCode> {
  const jobs = jobsFrom(options.jobs);
  const reports = (options.report ?? ["pretty"]).map((wanted) => openReport(wanted, options, jobs, io));
  const loaded = await loadAll(paths, io);
  if (!loaded) return 2;
  const chosen = loaded.filter((scenario) => isChosen(scenario, options));
  if (chosen.length === 0)
    throw nothingChosen(
      loaded.map(({ file }) => stemOf(file)),
      options,
    );
  const results = await runAll(chosen, {
    options,
    io,
    signal,
    jobs,
    reporters: reports.map(({ reporter }) => reporter),
  });
  for (const { reporter, finish } of reports) {
    reporter.end?.(results);
    await finish();
  }
  return exitCodeOf(results);
}

interface Run {
  options: RunOptions;
  io: Io;
  signal: AbortSignal;
  jobs: number;
  reporters: readonly Reporter[];
}

/** Runs `jobs` scenarios at a time; results in the order of the files. */
async function runAll(scenarios: readonly Scenario[], run: Run): Promise<ScenarioResult[]> {
  const results: ScenarioResult[] = [];
  const waiting = [...scenarios.entries()];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [index, scenario] = next;
      const result = await runOne(scenario, run);
      results[index] = result;
      for (const reporter of run.reporters) reporter.scenario?.(scenario, result);
      if (run.signal.aborted || (run.options.bail && result.status !== "passed")) waiting.length = 0;
    }
  };
  await Promise.all(Array.from({ length: run.jobs }, worker));
  return results.filter((result) => result !== undefined);
}

/** In a data folder of its own, removed when all held, kept and named when not. */
async function runOne(scenario: Scenario, { options, io, signal, reporters }: Run): Promise<ScenarioResult> {
  const dataFolder = await mkdtemp(join(tmpdir(), `hubedge-${scenario.topology.id}-`));
  const runInWindow = openWindows();
  const result = await runScenario(scenario, {
    startLab: (topology) => startLab(topology, labOptions(io, options, { dataFolder, keepLogs: false })),
    execute: (lab, server, line, answers) =>
      runInWindow(line, { server: lab.server(server), answers, signal }).catch(toFailedLine),
    signal,
    onLab: (_scenario, lab) => {
      for (const reporter of reporters) reporter.begin?.(scenario, lab.directoryDescription);
    },
    onStep: (_scenario, step) => {
      for (const reporter of reporters) reporter.step?.(scenario, step);
    },
    ...(options.keep
      ? {
          afterFailure: async (_scenario, lab) => {
            io.out(`${describeLab(lab)}\nThe lab stays up (--keep). Ctrl-C ends it.\n`);
            await new Promise<void>((end) => signal.addEventListener("abort", () => end(), { once: true }));
          },
        }
      : {}),
  });
  if (result.status === "passed" || result.dataFolder === undefined) await removeFolder(dataFolder);
  return result;
}

/** A line that ran and failed, with what it had shown. */
function toFailedLine(failure: unknown): { text: string; failure: LabError } {
  if (failure instanceof FailedLine) return { text: failure.before.text, failure };
  throw failure;
}

function exitCodeOf(results: readonly ScenarioResult[]): ExitCode {
  if (results.some(({ status }) => status === "broken")) return 3;
  return results.every(({ status }) => status === "passed") ? 0 : 1;
}

const stemOf = (file: string): string => basename(file).replace(/\.[^.]*$/, "");

function isChosen({ file, name, tags }: Scenario, { only, tag }: RunOptions): boolean {
  const words = [name, stemOf(file)].map((text) => text.toLowerCase());
  return (
    (only === undefined || words.some((text) => text.includes(only.toLowerCase()))) &&
    (tag === undefined || tags.includes(tag))
  );
}

/** A report to standard output, or with `=FILE` to a file that is written at the end. */
function openReport(
  wanted: string,
  { quiet = false }: RunOptions,
  jobs: number,
  io: Io,
): { reporter: Reporter; finish(): Promise<void> } {
  const [kind = "", ...rest] = wanted.split("=");
  const file = rest.join("=");
  if (!isReportKind(kind)) throw unknownReport(kind, reportKinds);
  const options = { colour: io.colour && file === "", quiet, interleaved: jobs > 1 };
  if (file === "") return { reporter: makeReporter(kind, (text) => io.out(text), options), finish: async () => {} };
  let text = "";
  const reporter = makeReporter(
    kind,
    (more) => {
      text += more;
    },
    options,
  );
  return { reporter, finish: () => writeFileAtomically(resolve(io.cwd, file), text) };
}

const isReportKind = (text: string): text is ReportKind => reportKinds.some((kind) => kind === text);

function jobsFrom(text: string): number {
  const jobs = Number(text);
  if (!Number.isInteger(jobs) || jobs < 1 || jobs > 64) throw malformedJobs(text);
  return jobs;
}
