/**
 * Scenarios: a file that declares a lab and steps. yaml reads it, load checks it (explain says what a schema has
 * against it, check whether what it names exists), runner takes its steps in a running lab, report shows what came of
 * them. Each kind of step is one file under steps/. How cmdlets run and how a lab is started is given by whoever runs.
 */
export { loadScenario, type Scenario, scenarioJsonSchema } from "./load.ts";
export { formatProblem, type Problem } from "./problem.ts";
export { runScenario, type ScenarioResult } from "./runner.ts";
export { makeReporter, type Reporter, reportKinds, type ReportKind } from "./report.ts";
