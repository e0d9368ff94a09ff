import { defineCmdlet } from "../definition/define-cmdlet.ts";
import { anyIdentity } from "../definition/identity.ts";
import {
  messageClassificationColumns,
  messageClassifications,
  shownMessageClassification,
} from "./message-classification.ts";

export const getMessageClassification = defineCmdlet({
  verb: "Get",
  noun: "MessageClassification",
  synopsis: "Shows the labels that senders may put on messages.",
  source: "[new-messageclassification]",
  parameters: { Identity: anyIdentity("The message classification's name") },
  errors: ["COMMAND_IDENTITY_UNKNOWN"],
  examples: [{ line: "Get-MessageClassification", does: "Shows every message classification." }],
  columns: messageClassificationColumns,
  async *run({ server }, { Identity }) {
    for (const found of await messageClassifications.find(server, Identity)) yield shownMessageClassification(found);
  },
});
