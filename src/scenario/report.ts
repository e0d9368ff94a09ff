import type { Scenario } from "./load.ts";
import { jsonReport } from "./reports/json.ts";
import { junitReport } from "./reports/junit.ts";
import { prettyReport } from "./reports/pretty.ts";
import type { ScenarioResult, StepResult } from "./runner.ts";

/** Shows a run while it goes on, or at its end. */
export interface Reporter {
  /** The lab of a scenario is up. */
  begin?(scenario: Scenario, directory: string): void;
  step?(scenario: Scenario, result: StepResult): void;
  scenario?(scenario: Scenario, result: ScenarioResult): void;
  end?(results: readonly ScenarioResult[]): void;
}

export interface ReportOptions {
  colour: boolean;
  /** Only what failed, and the summary. */
  quiet: boolean;
  /** Several scenarios run at once: a scenario is shown when it has ended, not step by step. */
  interleaved: boolean;
}

export const reportKinds = ["pretty", "json", "junit"] as const;
export type ReportKind = (typeof reportKinds)[number];

/** @param write gets text with its line ends */
export function makeReporter(kind: ReportKind, write: (text: string) => void, options: ReportOptions): Reporter {
  switch (kind) {
    case "pretty":
      return prettyReport(write, options);
    case "json":
      return jsonReport(write);
    case "junit":
      return junitReport(write);
  }
}
