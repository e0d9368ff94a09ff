import { isEdge } from "../../directory/index.ts";
import { defineCmdlet } from "../definition/define-cmdlet.ts";
import { findEdgeSubscriptions } from "./edge-subscription.ts";
import { oneIdentity } from "../definition/identity.ts";

export const removeEdgeSubscription = defineCmdlet({
  verb: "Remove",
  noun: "EdgeSubscription",
  synopsis:
    "Ends an Edge Subscription on the side where it is run: the organization's, or that of the Edge Transport server.",
  source: "[remove-edgesubscription]",
  parameters: {
    Identity: oneIdentity("The Edge Transport server's name"),
    Force: { type: "switch", help: "On an Edge Transport server: says yes to what is deleted there" },
  },
  shouldProcess: "high",
  asks: ["on an Edge Transport server, whether everything that was replicated may go, unless `-Force` is given."],
  errors: ["COMMAND_CONFIRMATION_NEEDED", "EDGE_SUBSCRIPTION_UNKNOWN"],
  examples: [{ line: "Remove-EdgeSubscription EDGE1", does: "Ends a subscription, once the question is answered." }],
  columns: [],
  async run({ server, ask, shouldProcess }, { Identity, Force }) {
    for (const { name } of await findEdgeSubscriptions(server, Identity)) {
      const question = {
        caption: `Remove the Edge Subscription of ${name}?`,
        message: "Everything that EdgeSync has replicated to it is deleted.",
        remedy: "Add -Force to say yes",
      };
      if (!(await shouldProcess("Remove-EdgeSubscription", name))) continue;
      if (isEdge(server) && Force !== true && !(await ask(question))) continue;
      await server.removeEdgeSubscription(name);
    }
  },
});
