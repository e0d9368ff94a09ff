import { LabError, messageOf } from "../base/index.ts";

/** The control folder's place is taken by something that is not ours. */
export const controlFolderForeign = (folder: string): LabError =>
  new LabError("CONTROL_FOLDER_FOREIGN", `Cannot use "${folder}" to find running labs: it is not a folder of yours`, {
    remedy: "Have it removed, or set TMPDIR to a folder of your own",
    details: { folder },
  });

/** A lab of the same id runs already. */
export const labAlreadyServed = (labId: string): LabError =>
  new LabError("CONTROL_LAB_SERVED", `Cannot start lab "${labId}": one of that id is running already`, {
    remedy: "Stop that one, or give this one another lab.id",
    details: { labId },
  });

/** No lab runs that a shell could attach to. */
export const noLabRunning = (labId: string | undefined): LabError =>
  new LabError(
    "CONTROL_NO_LAB",
    `Cannot attach to ${labId === undefined ? "a lab" : `lab "${labId}"`}: none is running`,
    {
      remedy: "Start one with hubedge up PATH, and leave it running",
      details: { labId },
    },
  );

/** Labs run, but not the one that was named. */
export const labNotRunning = (labId: string, running: readonly string[]): LabError =>
  new LabError("CONTROL_LAB_NOT_RUNNING", `Cannot attach to lab "${labId}": running are ${running.join(", ")}`, {
    remedy: `Name one of them: --lab ${running[0]}`,
    details: { labId, running },
  });

/** Several labs run, and none was named. */
export const severalLabsRunning = (running: readonly string[]): LabError =>
  new LabError("CONTROL_SEVERAL_LABS", `Cannot tell which lab is meant: running are ${running.join(", ")}`, {
    remedy: `Name one of them: --lab ${running[0]}`,
    details: { running },
  });

/** The lab went away while a line was under way. */
export const connectionLost = (labId: string): LabError =>
  new LabError("CONTROL_LOST", `Cannot hear from lab "${labId}" any more: it ended, or the connection broke`, {
    remedy: "See whether hubedge up still runs; what the line did until then is done",
    details: { labId },
  });

/** Something connected to the control channel that was not a shell of ours. */
export const requestRefused = (): LabError =>
  new LabError("CONTROL_REQUEST_REFUSED", "Cannot take the request: it is malformed, or its token is not this lab's", {
    remedy: "Attach with hubedge shell of the same version, as the same user",
  });

/** A line failed in a way that no cmdlet foresees. */
export const lineFailed = (cause: unknown): LabError =>
  new LabError("CONTROL_LINE_FAILED", `Cannot run the line: ${messageOf(cause)}`, {
    remedy: "This is a fault of hubedge: report it with the line",
    cause,
  });

/** A line was stopped while it waited for something, or is no longer waited for. */
export const lineInterrupted = (): LabError =>
  new LabError(
    "SHELL_INTERRUPTED",
    "The line was interrupted: what it had done stays done, and nobody waits for what it had begun",
    {
      remedy: "See what came of it, then go on",
    },
  );
