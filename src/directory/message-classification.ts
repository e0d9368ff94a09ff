/** A label that a sender may put on a message. Source: [bb232177], replicated to Edge servers. */
export interface MessageClassification {
  name: string;
  displayName: string;
  senderDescription: string;
}

/** What Setup makes. Source: [bb232177] names this one. */
export const defaultMessageClassifications: readonly MessageClassification[] = [
  {
    name: "ExAttachmentRemoved",
    displayName: "Attachment Removed",
    senderDescription: "An attachment of this message was removed.",
  },
];
