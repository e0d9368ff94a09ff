import { LabError } from "../../base/index.ts";
import type { ShellResult } from "./run.ts";

/** The error that ended a line, in its own words, with what the line had come to before it. */
export class FailedLine extends LabError {
  readonly before: ShellResult;

  constructor({ code, message, remedy, details, cause }: LabError, before: ShellResult) {
    super(code, message, { remedy, details, ...(cause !== undefined && { cause }) });
    this.before = before;
  }
}
