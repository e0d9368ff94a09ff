import type { Reporter } from "../report.ts";
import type { Failure } from "../steps/define-step.ts";
import type { ScenarioResult, StepResult } from "../runner.ts";

/** JUnit XML at the end of the run: a suite per scenario, a case per step; docs/formats.md#reports. */
export const junitReport = (write: (text: string) => void): Reporter => ({
  end(results) {
    const suites = results.map(suite).join("");
    write(`<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="hubedge">\n${suites}</testsuites>\n`);
  },
});

function suite({ file, name, steps, durationMs, status, failure }: ScenarioResult): string {
  const count = (wanted: StepResult["status"]): number => steps.filter((step) => step.status === wanted).length;
  const errors = status === "broken" ? 1 : 0;
  const broken = failure
    ? `    <testcase name="the lab" classname="${xml(name)}">${problem("error", failure)}</testcase>\n`
    : "";
  return [
    `  <testsuite name="${xml(name)}" file="${xml(file)}" tests="${steps.length + errors}" failures="${count("failed")}"`,
    ` errors="${errors}" skipped="${count("skipped")}" time="${seconds(durationMs)}">\n`,
    broken,
    ...steps.map((step, index) => testCase(name, step, index)),
    "  </testsuite>\n",
  ].join("");
}

function testCase(scenario: string, step: StepResult, index: number): string {
  const name = `${index + 1} ${step.kind}: ${step.summary.replaceAll("\n", "; ")}`;
  const skipped = step.status === "skipped" ? "<skipped/>" : "";
  const failed = step.failure ? problem("failure", step.failure) : "";
  const shown = step.evidence?.text ? `<system-out>${xml(step.evidence.text)}</system-out>` : "";
  return `    <testcase name="${xml(name)}" classname="${xml(scenario)}" time="${seconds(step.durationMs)}">${skipped}${failed}${shown}</testcase>\n`;
}

function problem(element: "failure" | "error", { expected, found, reasons = [], around = [] }: Failure): string {
  const text = [`expected: ${expected}`, `found: ${found}`, ...reasons, ...around].join("\n");
  return `<${element} message="${xml(`expected ${expected}, found ${found}`)}">${xml(text)}</${element}>`;
}

const seconds = (ms: number): string => (ms / 1000).toFixed(3);

/** Text for XML 1.0: what it has no place for becomes a question mark. */
const xml = (text: string): string =>
  text
    .replace(/[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "?")
    .replace(/[&<>"]/g, (found) => `&#${found.charCodeAt(0)};`);
