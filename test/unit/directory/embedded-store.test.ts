import { expect } from "chai";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDatabase } from "../../../src/base/index.ts";
import { embeddedDirectory } from "../../../src/directory/embedded-store.ts";
import { describeDirectory } from "./conformance.ts";

describeDirectory("embedded LMDB", async (now) => {
  const folder = mkdtempSync(join(tmpdir(), "hubedge-test-"));
  let database = openDatabase(folder);
  const open = () => embeddedDirectory(database, { instance: "ad", now, fresh: false });
  const directory = await open();
  return {
    directory,
    another: () => Promise.resolve(directory), // one process has it, and has it once
    async reopen() {
      await database.close();
      database = openDatabase(folder);
      return await open();
    },
    async close() {
      await database.close();
      rmSync(folder, { recursive: true });
    },
  };
});

describe("embeddedDirectory", () => {
  const folder = mkdtempSync(join(tmpdir(), "hubedge-test-"));
  const database = openDatabase(folder);
  after(async () => {
    await database.close();
    rmSync(folder, { recursive: true });
  });
  const now = () => new Date();

  it("keeps instances apart, and forgets only its own when it starts afresh", async () => {
    const ad = await embeddedDirectory(database, { instance: "ad", now, fresh: false });
    const adam = await embeddedDirectory(database, { instance: "adam:EDGE1", now, fresh: false });
    const before = await ad.write([{ id: "a", kind: "thing", set: {} }]);
    await adam.write([{ id: "b", kind: "thing", set: {} }]);
    const again = await embeddedDirectory(database, { instance: "ad", now, fresh: true });
    const { changes, cookie } = await again.changesSince(undefined);
    expect(changes).to.deep.equal([]);
    expect(cookie.invocationId).not.to.equal(before.invocationId);
    expect((await adam.changesSince(undefined)).changes).to.have.length(1);
  });
});
