import { LabError, openDatabase } from "../../../src/base/index.ts";

/** Opens the database named on the command line, says how that went, and stays until it is killed. */
try {
  openDatabase(process.argv[2] ?? "").table("queue");
  console.log("open");
  process.stdin.resume();
} catch (failure) {
  console.log(failure instanceof LabError ? failure.code : String(failure));
}
