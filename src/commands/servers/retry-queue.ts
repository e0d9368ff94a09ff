import { defineCmdlet } from "../definition/define-cmdlet.ts";
import { findQueues } from "./queue-identity.ts";

export const retryQueue = defineCmdlet({
  verb: "Retry",
  noun: "Queue",
  synopsis: "Connects for a waiting queue at once and starts its retry timer anew.",
  source: "[message-retry]",
  parameters: {
    Identity: {
      type: "string",
      position: 0,
      fromPipeline: "both",
      mandatory: true,
      help: "`Server\\Queue`, where Queue is a number or a name",
    },
  },
  shouldProcess: "medium",
  errors: ["COMMAND_QUEUE_UNKNOWN", "COMMAND_QUEUE_ELSEWHERE", "QUEUE_NOT_RETRYABLE"],
  examples: [
    { line: "Get-Queue | Where-Object { $_.Status -eq 'Retry' } | Retry-Queue", does: "Tries every queue that waits." },
  ],
  columns: [],
  async run({ server, shouldProcess }, { Identity }) {
    for (const { identity } of await findQueues(server, Identity))
      if (await shouldProcess("Retry-Queue", identity)) await server.retryQueue(identity);
  },
});
