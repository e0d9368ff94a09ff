import type { SynchronizationResult } from "../../edgesync/index.ts";
import { defineCmdlet } from "../definition/define-cmdlet.ts";
import { synchronizationElsewhere } from "./errors.ts";
import { same } from "../definition/same.ts";

export const startEdgeSynchronization = defineCmdlet({
  verb: "Start",
  noun: "EdgeSynchronization",
  synopsis: "Synchronizes the Edge Transport servers of the site now; the schedule begins anew.",
  source: "[bb123512]",
  on: "hub",
  parameters: {
    Server: { type: "string", help: "The Hub that does it; only the one the cmdlet runs on, which it is without this" },
    TargetServer: { type: "string", edition: "2010", help: "Only this Edge Transport server" },
    ForceFullSync: { type: "switch", edition: "2010", help: "Sends everything again, not only what has changed" },
    ForceUpdateCookie: {
      type: "switch",
      edition: "2010",
      help: "Goes on from here next time, although something failed",
    },
  },
  errors: [
    "COMMAND_NOT_ON_THIS_ROLE",
    "COMMAND_EDGESYNC_ELSEWHERE",
    "EDGE_SYNC_NO_EDGE_IN_SITE",
    "EDGE_SYNC_IN_PROGRESS",
  ],
  examples: [
    {
      line: "Start-EdgeSynchronization -TargetServer EDGE1 -ForceFullSync",
      does: "Sends everything to one Edge Transport server.",
    },
  ],
  columns: ["Result", "Type", "Name", "Added", "Deleted", "Updated", "Scanned", "FailureDetails"].map((property) => ({
    property,
  })),
  async *run({ server }, { Server, TargetServer, ForceFullSync, ForceUpdateCookie }) {
    if (Server !== undefined && !same(Server, server.name)) throw synchronizationElsewhere(Server, server.name);
    const results = await server.startEdgeSynchronization({
      ...(TargetServer !== undefined && { targetServer: TargetServer }),
      forceFullSync: ForceFullSync === true,
      forceUpdateCookie: ForceUpdateCookie === true,
    });
    yield* results.map(shown);
  },
});

/** The properties and their order: a published transcript, docs/fidelity.md#edgesync-cmdlets. */
const shown = (result: SynchronizationResult): object => ({
  Result: result.result,
  Type: result.type,
  Name: result.name,
  FailureDetails: result.failureDetails,
  StartUTC: result.startUtc,
  EndUTC: result.endUtc,
  Added: result.added,
  Deleted: result.deleted,
  Updated: result.updated,
  Scanned: result.scanned,
  TargetScanned: result.targetScanned,
});
