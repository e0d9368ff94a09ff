import { defineCmdlet } from "../definition/define-cmdlet.ts";
import { oneIdentity } from "../definition/identity.ts";
import { messageClassifications } from "./message-classification.ts";

export const removeMessageClassification = defineCmdlet({
  verb: "Remove",
  noun: "MessageClassification",
  synopsis: "Removes a label that senders may put on messages.",
  source: "[new-messageclassification]",
  parameters: { Identity: oneIdentity("The message classification's name") },
  shouldProcess: "high",
  errors: ["COMMAND_IDENTITY_UNKNOWN", "EDGE_MANAGED_BY_SUBSCRIPTION"],
  examples: [{ line: "Remove-MessageClassification Secret -WhatIf", does: "Says what would be removed." }],
  columns: [],
  async run(context, { Identity }) {
    await messageClassifications.remove(context, await messageClassifications.one(context.server, Identity));
  },
});
