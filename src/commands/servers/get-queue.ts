import { defineCmdlet } from "../definition/define-cmdlet.ts";
import { findQueues } from "./queue-identity.ts";

export const getQueue = defineCmdlet({
  verb: "Get",
  noun: "Queue",
  synopsis: "Shows the queues of the server it runs on.",
  source: "[aa998047]",
  parameters: {
    Identity: {
      type: "string",
      position: 0,
      fromPipeline: "both",
      help: "`Server\\Queue`, where Queue is a number or a name",
    },
  },
  errors: ["COMMAND_QUEUE_UNKNOWN", "COMMAND_QUEUE_ELSEWHERE"],
  examples: [
    {
      line: "Get-Queue | Where-Object { $_.Status -eq 'Retry' } | Format-List Identity, LastError",
      does: "Shows why queues wait.",
    },
  ],
  columns: [
    { property: "Identity" },
    { property: "DeliveryType" },
    { property: "Status" },
    { property: "MessageCount" },
    { property: "NextHopDomain" },
  ],
  async *run({ server }, { Identity }) {
    for (const queue of await findQueues(server, Identity))
      yield {
        Identity: queue.identity,
        DeliveryType: queue.deliveryType,
        NextHopDomain: queue.nextHopDomain,
        NextHopConnector: queue.nextHopConnector,
        Status: queue.status,
        MessageCount: queue.messageCount,
        LastError: queue.lastError,
        LastRetryTime: queue.lastRetryTime,
        NextRetryTime: queue.nextRetryTime,
      };
  },
});
