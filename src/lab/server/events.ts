import type { ApplicationEvent, DecisionRecord } from "../../base/index.ts";
import type { DirectoryChangeRecord } from "../../edgesync/index.ts";
import type { ProtocolRow, SessionRecord } from "../../smtp/index.ts";
import type { MessageRecord } from "../../transport/mail-item.ts";

/** Everything that the stages of a server report. */
export type LabEvent =
  ProtocolRow | SessionRecord | MessageRecord | ApplicationEvent | DecisionRecord | DirectoryChangeRecord;
