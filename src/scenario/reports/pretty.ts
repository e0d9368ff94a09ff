import type { LoggedRow } from "../../lab/index.ts";
import type { Reporter, ReportOptions } from "../report.ts";
import type { ScenarioResult, StepResult } from "../runner.ts";
import type { Evidence, Failure, NamedCertificate } from "../steps/define-step.ts";
import { type Paint, painter } from "./paint.ts";

/** For people: each step, the rows that prove it and the certificates they name, and a summary with every log folder. */
export function prettyReport(write: (text: string) => void, { colour, quiet, interleaved }: ReportOptions): Reporter {
  const paint = painter(colour);
  const begin = (name: string, file: string): void => write(`\n${paint("bold", name)}  ${paint("dim", file)}\n`);
  const live = !quiet && !interleaved;
  return {
    begin(scenario, directory) {
      if (!live) return;
      begin(scenario.name, scenario.file);
      write(paint("dim", `  directory: ${directory}\n`));
    },
    step(_scenario, result) {
      if (live) write(formatStep(result, paint));
    },
    scenario(scenario, result) {
      if (live && result.directory !== undefined) return;
      if (quiet && result.status === "passed") return;
      begin(scenario.name, scenario.file);
      if (result.directory !== undefined) write(paint("dim", `  directory: ${result.directory}\n`));
      if (result.failure) write(formatFailure(result.failure, paint));
      else for (const step of result.steps) write(formatStep(step, paint));
    },
    end: (results) => write(formatSummary(results, paint)),
  };
}

const marks = { held: "✓", failed: "✗", skipped: "-" } as const;
const colours = { held: "green", failed: "red", skipped: "dim" } as const;

function formatStep(step: StepResult, paint: Paint): string {
  if (step.kind === "note" && step.status === "skipped") return "";
  if (step.kind === "note") return `\n${indent(paint("cyan", step.summary.trimEnd()), "  │ ")}\n`;
  const [first = "", ...more] = step.summary.split("\n");
  const mark = paint(colours[step.status], marks[step.status]);
  const head = `  ${mark} ${paint("dim", step.kind.padEnd(8))} ${first}\n${more.map((line) => `${" ".repeat(13)}${line}\n`).join("")}`;
  const evidence = step.evidence ? formatEvidence(step, step.evidence, paint) : "";
  return `${head}${evidence}${step.failure ? formatFailure(step.failure, paint) : ""}`;
}

function formatEvidence(
  step: StepResult,
  { log, rows = [], certificates = [], text = "" }: Evidence,
  paint: Paint,
): string {
  const shown = step.kind === "dialog" || text === "" ? "" : `${indent(paint("dim", text), "      ")}`;
  const title =
    rows.length === 0 || log === undefined ? "" : `      ${paint("dim", `${log}, session ${rows[0]?.sessionId}`)}\n`;
  return [
    shown,
    title,
    ...rows.map((row) => `      ${formatRow(row, paint)}\n`),
    ...certificates.map((certificate) => formatCertificate(certificate, paint)),
  ].join("");
}

const eventColours = { ">": "cyan", "<": "green", "*": "yellow", "+": "dim", "-": "dim" } as const;

function formatRow({ at, sequence, event, data, context }: LoggedRow, paint: Paint): string {
  const colour = eventColours[event as keyof typeof eventColours] ?? "dim";
  const text = [data, context].filter((part) => part !== "").join("  ");
  return `${paint("dim", `${at} ${String(sequence).padStart(3)}`)} ${paint(colour, event)} ${text}`;
}

function formatCertificate(certificate: NamedCertificate, paint: Paint): string {
  const { server, subject, issuer, thumbprint, selfSigned, notBefore, notAfter } = certificate;
  const day = (at: Date): string => at.toISOString().slice(0, 10);
  const kind = selfSigned ? "self-signed" : `issued by ${issuer}`;
  const lines = [`${subject}, ${kind}, valid ${day(notBefore)} to ${day(notAfter)}`, `thumbprint ${thumbprint}`];
  return `${indent(`${paint("bold", `certificate of ${server}`)}: ${lines.join("\n")}`, "      ")}`;
}

function formatFailure({ expected, found, reasons = [], around = [], remedy }: Failure, paint: Paint): string {
  const block = (title: string, lines: readonly string[]): string =>
    lines.length === 0 ? "" : `      ${title}\n${lines.map((line) => paint("dim", `        ${line}\n`)).join("")}`;
  return [
    `      ${paint("green", "expected")} ${expected}\n`,
    `      ${paint("red", "found")}    ${found.replaceAll("\n", "\n      ")}\n`,
    remedy === undefined ? "" : `      remedy   ${remedy}\n`,
    block("why", reasons),
    block("the log around it", around),
  ].join("");
}

function formatSummary(results: readonly ScenarioResult[], paint: Paint): string {
  const labels = { passed: "passed", failed: "FAILED", broken: "BROKEN", interrupted: "stopped" } as const;
  const lines = results.flatMap(({ status, name, durationMs, logsFolder, dataFolder }) => [
    `${paint(status === "passed" ? "green" : "red", labels[status])} ${name} ${paint("dim", `(${(durationMs / 1000).toFixed(1)} s)`)}`,
    ...(logsFolder === undefined ? [] : [`       logs ${logsFolder}`]),
    ...(status === "passed" || dataFolder === undefined ? [] : [`       data ${dataFolder}`]),
  ]);
  const passed = results.filter(({ status }) => status === "passed").length;
  return `\n${lines.join("\n")}\n${passed} of ${results.length} scenarios passed\n`;
}

const indent = (text: string, by: string): string =>
  text
    .split("\n")
    .map((line) => `${by}${line}\n`)
    .join("");
