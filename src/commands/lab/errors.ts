import { LabError } from "../../base/index.ts";

/** Lab time was to be set to a moment that has passed. */
export const labTimePast = (to: Date, now: Date): LabError =>
  new LabError(
    "LAB_TIME_PAST",
    `Cannot set lab time to ${to.toISOString()}: it is ${now.toISOString()}, and never goes back`,
    {
      remedy: `Name a later moment; a lab that is to begin earlier says so in its file, as lab.clock`,
      details: { to: to.toISOString(), now: now.toISOString() },
    },
  );

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
