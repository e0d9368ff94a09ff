import type { ReplicationScope } from "../../directory/index.ts";
import type { SynchronizationResult } from "../results.ts";
import type { ReplicationTally } from "./replicate.ts";

/** How one scope of a run ended. */
export interface ScopeOutcome extends ReplicationTally {
  scope: ReplicationScope;
  result: SynchronizationResult["result"];
  details: string;
  startUtc: Date;
  endUtc: Date;
}

/** A run as it is shown: recipients, then all the rest. Source: the order of the published transcript in results.ts. */
export function resultsOf(edge: string, outcomes: readonly ScopeOutcome[]): readonly SynchronizationResult[] {
  const recipients = outcomes.filter(({ scope }) => scope === "Recipients");
  const others = outcomes.filter(({ scope }) => scope !== "Recipients");
  return [together(edge, "Recipients", recipients), together(edge, "Configuration", others)];
}

function together(
  name: string,
  type: SynchronizationResult["type"],
  outcomes: readonly ScopeOutcome[],
): SynchronizationResult {
  const sum = (field: "added" | "updated" | "deleted" | "scanned" | "targetScanned"): number =>
    outcomes.reduce((total, outcome) => total + outcome[field], 0);
  const times = outcomes.flatMap(({ startUtc, endUtc }) => [startUtc.getTime(), endUtc.getTime()]);
  return {
    result: outcomes.find(({ result }) => result !== "Success")?.result ?? "Success",
    type,
    name,
    failureDetails: [...new Set(outcomes.map(({ details }) => details))].filter((text) => text !== "").join("; "),
    startUtc: new Date(Math.min(...times)),
    endUtc: new Date(Math.max(...times)),
    added: sum("added"),
    deleted: sum("deleted"),
    updated: sum("updated"),
    scanned: sum("scanned"),
    targetScanned: sum("targetScanned"),
  };
}
