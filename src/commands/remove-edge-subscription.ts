import { isEdge } from "../directory/index.ts";
import { defineCmdlet } from "./define-cmdlet.ts";
import { findEdgeSubscriptions } from "./edge-subscription.ts";
import { confirmationNeeded } from "./errors.ts";
import { oneIdentity } from "./identity.ts";

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
  columns: [],
  async run({ server }, { Identity, Force }) {
    for (const { name } of await findEdgeSubscriptions(server, Identity)) {
      if (isEdge(server) && Force !== true)
        throw confirmationNeeded(
          `Remove the Edge Subscription of ${name}?\n\nEverything that EdgeSync has replicated to it is deleted.`,
          "Add -Force to say yes",
        );
      await server.removeEdgeSubscription(name);
    }
  },
});
