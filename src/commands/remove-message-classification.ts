import { defineCmdlet } from "./define-cmdlet.ts";
import { oneIdentity } from "./identity.ts";
import { messageClassifications } from "./message-classification.ts";

export const removeMessageClassification = defineCmdlet({
  verb: "Remove",
  noun: "MessageClassification",
  synopsis: "Removes a label that senders may put on messages.",
  source: "[new-messageclassification]",
  parameters: { Identity: oneIdentity("The message classification's name") },
  columns: [],
  async run({ server }, { Identity }) {
    await messageClassifications.remove(server, await messageClassifications.one(server, Identity));
  },
});
