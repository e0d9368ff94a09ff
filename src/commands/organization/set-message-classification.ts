import { defineCmdlet } from "../definition/define-cmdlet.ts";
import { oneIdentity } from "../definition/identity.ts";
import { messageClassificationParameters, messageClassifications } from "./message-classification.ts";
import { settingsGiven } from "../definition/settings.ts";

export const setMessageClassification = defineCmdlet({
  verb: "Set",
  noun: "MessageClassification",
  synopsis: "Changes a label that senders may put on messages.",
  source: "[new-messageclassification]",
  parameters: { Identity: oneIdentity("The message classification's name"), ...messageClassificationParameters },
  shouldProcess: "medium",
  errors: ["COMMAND_IDENTITY_UNKNOWN", "EDGE_MANAGED_BY_SUBSCRIPTION"],
  examples: [
    { line: "Set-MessageClassification Secret -DisplayName 'Top secret'", does: "Changes its name for senders." },
  ],
  columns: [],
  async run(context, { Identity, ...given }) {
    const classification = await messageClassifications.one(context.server, Identity);
    const changes = settingsGiven(messageClassificationParameters, given);
    await messageClassifications.put(context, { ...classification, ...changes });
  },
});
