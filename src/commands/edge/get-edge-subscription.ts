import { defineCmdlet } from "../definition/define-cmdlet.ts";
import { edgeSubscriptionColumns, findEdgeSubscriptions, shownEdgeSubscription } from "./edge-subscription.ts";
import { anyIdentity } from "../definition/identity.ts";

export const getEdgeSubscription = defineCmdlet({
  verb: "Get",
  noun: "EdgeSubscription",
  synopsis: "Shows Edge Subscriptions; on an Edge Transport server, its own.",
  source: "[bb124801]",
  parameters: { Identity: anyIdentity("The Edge Transport server's name") },
  errors: ["EDGE_SUBSCRIPTION_UNKNOWN"],
  examples: [{ line: "Get-EdgeSubscription | Format-List", does: "Shows every Edge Subscription." }],
  columns: edgeSubscriptionColumns,
  async *run({ server }, { Identity }) {
    for (const found of await findEdgeSubscriptions(server, Identity)) yield shownEdgeSubscription(found);
  },
});
