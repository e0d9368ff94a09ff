import { LabError } from "../base/index.ts";

/** `Set-LabClock` was given a moment and a span, or neither. */
export const labTimeNotGiven = (both: boolean): LabError =>
  new LabError(
    "COMMAND_LAB_TIME_NOT_GIVEN",
    `Cannot move lab time: ${both ? "both -To and -By are" : "nothing is"} given`,
    {
      remedy: "Give one of them: Set-LabClock 2009-05-12, or Set-LabClock -By 30d",
      details: { both },
    },
  );

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
