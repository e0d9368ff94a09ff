import { LabError } from "../../base/index.ts";

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
