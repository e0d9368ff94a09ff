import { LabError } from "../../base/index.ts";

/** `Get-EventLog -InstanceId` was given something that is no event's id. */
export const eventIdMalformed = (text: string): LabError =>
  new LabError(
    "COMMAND_EVENT_ID_MALFORMED",
    `Cannot look for the event "${text}": an event's id is a number of at most five digits`,
    {
      remedy: "Write one like 12014, or several joined by commas",
      details: { text },
    },
  );

/** A queue identity names a queue that this server does not have. */
export const queueUnknown = (identity: string, known: readonly string[]): LabError =>
  new LabError("COMMAND_QUEUE_UNKNOWN", `Cannot find queue "${identity}": the server has ${known.join(", ")}`, {
    remedy: "Run Get-Queue and copy an Identity from its output",
    details: { identity, known },
  });

/** A queue identity names another server than the one the cmdlet runs on. */
export const queueElsewhere = (identity: string, owner: string, server: string): LabError =>
  new LabError(
    "COMMAND_QUEUE_ELSEWHERE",
    `Cannot find queue "${identity}" on ${server}: a server knows only its own queues, and this one is of ${owner}`,
    { remedy: `Run the cmdlet on ${owner}`, details: { identity, owner, server } },
  );
