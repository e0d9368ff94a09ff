import { defineCmdlet } from "../definition/define-cmdlet.ts";
import { newName } from "../definition/identity.ts";
import {
  messageClassificationColumns,
  messageClassificationParameters,
  messageClassifications,
  shownMessageClassification,
} from "./message-classification.ts";

export const newMessageClassification = defineCmdlet({
  verb: "New",
  noun: "MessageClassification",
  synopsis: "Makes a label that senders may put on messages.",
  source: "[new-messageclassification]",
  parameters: {
    Name: { ...newName("What administrators call it"), length: [1, 256] },
    DisplayName: { ...messageClassificationParameters.DisplayName, mandatory: true },
    SenderDescription: { ...messageClassificationParameters.SenderDescription, mandatory: true },
  },
  shouldProcess: "medium",
  errors: ["COMMAND_NAME_TAKEN", "EDGE_MANAGED_BY_SUBSCRIPTION"],
  examples: [
    {
      line: "New-MessageClassification Secret -DisplayName Secret -SenderDescription 'Not for everybody'",
      does: "Makes one.",
    },
  ],
  columns: messageClassificationColumns,
  async *run(context, { Name, DisplayName, SenderDescription }) {
    const classification = { name: Name, displayName: DisplayName, senderDescription: SenderDescription };
    for await (const made of messageClassifications.create(context, classification))
      yield shownMessageClassification(made);
  },
});
