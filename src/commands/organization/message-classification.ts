import type { MessageClassification } from "../../directory/index.ts";
import { namedConfiguration } from "../definition/configuration.ts";
import type { ParameterSpecs } from "../definition/parameter.ts";
import { shownSettings } from "../definition/settings.ts";

/** What the cmdlets set. Source: [new-messageclassification], with the lengths. */
export const messageClassificationParameters = {
  DisplayName: { type: "string", length: [1, 64], field: "displayName", help: "What a sender chooses it by" },
  SenderDescription: {
    type: "string",
    length: [1, 1024],
    field: "senderDescription",
    help: "What a sender reads about its purpose",
  },
} as const satisfies ParameterSpecs;

/** The labels that senders may put on messages. */
export const messageClassifications = namedConfiguration({
  kind: "messageClassification",
  noun: "MessageClassification",
  called: "message classification",
});

/** As `Get-MessageClassification` shows it. */
export const shownMessageClassification = (classification: MessageClassification): object => ({
  Name: classification.name,
  ...shownSettings(messageClassificationParameters, classification),
});

export const messageClassificationColumns = ["Name", "DisplayName"].map((property) => ({ property }));
