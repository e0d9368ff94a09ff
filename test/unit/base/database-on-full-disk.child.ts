import { LabError, openDatabase } from "../../../src/base/index.ts";

/** Fills the database named on the command line beyond the file size it is allowed, and says what comes of that. */
const codeOf = (failure: unknown): string => (failure instanceof LabError ? failure.code : String(failure));
const database = openDatabase(process.argv[2] ?? "");
const table = database.table("queue");
await database.transaction(() => table.put("a", Buffer.from("1")));
await database
  .transaction(() => table.put("b", Buffer.alloc(4_000_000)))
  .catch((failure: unknown) => console.log("transaction", codeOf(failure)));
await table.putAlone("b", Buffer.alloc(4_000_000)).catch((failure: unknown) => console.log("put", codeOf(failure)));
console.log("kept", table.keys("").join(" "));
await database.close();
