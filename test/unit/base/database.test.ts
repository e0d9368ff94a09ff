import { expect } from "chai";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Database, LabError, openDatabase, type Table } from "../../../src/base/index.ts";

const codeOf = (work: () => unknown): string | undefined => {
  try {
    work();
    return undefined;
  } catch (failure) {
    return failure instanceof LabError ? failure.code : String(failure);
  }
};
const text = (value: Buffer | undefined): string | undefined => value?.toString();

describe("openDatabase", () => {
  let folder: string;
  let database: Database;
  let table: Table;
  beforeEach(() => {
    folder = join(mkdtempSync(join(tmpdir(), "hubedge-test-")), "with.a.dot");
    database = openDatabase(folder);
    table = database.table("queue");
  });
  afterEach(async () => {
    await database.close();
    rmSync(join(folder, ".."), { recursive: true });
  });

  /** Opens the folder in another process, which tells how that went, and keeps it open until it is let go. */
  const openElsewhere = async (): Promise<{ said: string; letGo: () => Promise<void> }> => {
    const script = fileURLToPath(new URL("database.child.ts", import.meta.url));
    const child = spawn(process.execPath, ["--import", "tsx", script, folder], { stdio: ["pipe", "pipe", "inherit"] });
    const [said] = (await once(child.stdout, "data")) as [Buffer];
    const letGo = async (): Promise<void> => {
      const exit = once(child, "exit");
      child.kill("SIGKILL");
      await exit;
    };
    return { said: said.toString().trim(), letGo };
  };

  it("keeps what a transaction wrote, in every table, after it is opened again", async () => {
    const other = database.table("other");
    const result = await database.transaction(() => {
      table.put("a", Buffer.from("1"));
      other.put("a", Buffer.from("2"));
      return [text(table.get("a")), text(other.get("a"))];
    });
    expect(result).to.deep.equal(["1", "2"]);
    await database.close();
    database = openDatabase(folder);
    expect(text(database.table("queue").get("a"))).to.equal("1");
    expect(text(database.table("other").get("a"))).to.equal("2");
  });

  it("keeps nothing of a transaction that throws, and all of those beside it", async () => {
    const one = database.transaction(() => table.put("a", Buffer.from("1")));
    const two = database.transaction(() => {
      table.put("b", Buffer.from("2"));
      table.remove("a");
      throw new Error("changed my mind");
    });
    const three = database.transaction(() => table.put("c", Buffer.from("3")));
    const failure: unknown = await two.catch((error: unknown) => error);
    expect(failure).to.have.property("message", "changed my mind");
    await Promise.all([one, three]);
    expect(table.keys("")).to.deep.equal(["a", "c"]);
  });

  it("takes puts and removals that stand alone", async () => {
    await Promise.all([table.putAlone("a", Buffer.from("1")), table.putAlone("b", Buffer.from("2"))]);
    await table.removeAlone("a");
    expect(table.keys("")).to.deep.equal(["b"]);
  });

  it("refuses writes outside a transaction, which nobody would wait for", () => {
    expect(() => table.put("a", Buffer.from("1"))).to.throw("need a transaction");
    expect(() => table.remove("a")).to.throw("need a transaction");
  });

  it("lists what has a prefix, in key order, from a key on", async () => {
    await database.transaction(() => {
      for (const key of ["EX1/2", "EX1/10", "EX1/1", "EX10/1", "EX1", "é", "EX1/\u{10ffff}"])
        table.put(key, Buffer.from(key));
    });
    expect(table.keys("EX1/")).to.deep.equal(["EX1/1", "EX1/10", "EX1/2", "EX1/\u{10ffff}"]);
    expect([...table.entries("EX1/", "EX1/10")].map(({ value }) => text(value))).to.deep.equal([
      "EX1/10",
      "EX1/2",
      "EX1/\u{10ffff}",
    ]);
    for (const { key } of table.entries("")) if (key === "EX1/1") break; // leaves no cursor behind
    expect(table.keys("nothing")).to.deep.equal([]);
  });

  it("hands out buffers that are the reader's own, of the right size", async () => {
    const sizes = [0, 1, 100, 10_240, 3_000_000];
    await database.transaction(() => {
      for (const size of sizes) table.put(`size ${size}`, Buffer.alloc(size, size % 251));
    });
    const read = sizes.map((size) => table.get(`size ${size}`) as Buffer);
    const listed = [...table.entries("size ")].map(({ value }) => value);
    await database.transaction(() => {
      for (const size of sizes) table.put(`size ${size}`, Buffer.alloc(size, 255));
    });
    for (const size of sizes) table.get(`size ${size}`)?.fill(7);
    for (const [index, size] of sizes.entries())
      expect(read[index]?.equals(Buffer.alloc(size, size % 251)), `${size}`).to.equal(true);
    expect(listed.map(({ length }) => length).toSorted((a, b) => a - b)).to.deep.equal(sizes);
    expect(Buffer.concat(read)).to.have.length(sizes.reduce((sum, size) => sum + size));
    expect(table.get("size 100")?.equals(Buffer.alloc(100, 255))).to.equal(true);
  });

  it("writes the part of an array that it was given", async () => {
    const whole = Uint8Array.from([1, 2, 3, 4, 5]);
    await database.transaction(() => table.put("part", whole.subarray(1, 3)));
    expect([...(table.get("part") as Buffer)]).to.deep.equal([2, 3]);
  });

  it("finishes what is being written before it closes", async () => {
    const writing = database.transaction(() => table.put("late", Buffer.from("1")));
    await database.close();
    await writing;
    database = openDatabase(folder);
    expect(text(database.table("queue").get("late"))).to.equal("1");
  });

  it("is refused to a second process by name, and free again when the first has died", async () => {
    expect((await openElsewhere()).said).to.equal("DATABASE_IN_USE");
    await database.close();
    const holder = await openElsewhere();
    expect(holder.said).to.equal("open");
    expect(codeOf(() => openDatabase(folder))).to.equal("DATABASE_IN_USE");
    await holder.letGo();
    database = openDatabase(folder);
  });

  it("says so when the disk is full, keeps what it had, and goes on", async () => {
    await database.close();
    const script = fileURLToPath(new URL("database-on-full-disk.child.ts", import.meta.url));
    const limited = `ulimit -f 1500 && exec "$0" --import tsx "$1" "$2"`; // in units of 512 bytes
    const child = spawn("/bin/sh", ["-c", limited, process.execPath, script, folder], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    const said: string[] = [];
    child.stdout.on("data", (data: Buffer) => void said.push(data.toString()));
    const [exitCode] = (await once(child, "close")) as [number | null];
    expect(said.join("").trim().split("\n")).to.deep.equal([
      "transaction DATABASE_WRITE_FAILED",
      "put DATABASE_WRITE_FAILED",
      "kept a",
    ]);
    expect(exitCode).to.equal(0);
    database = openDatabase(folder);
  });

  it("says so when the folder cannot be one", () => {
    const file = join(folder, "..", "file");
    writeFileSync(file, "");
    expect(codeOf(() => openDatabase(join(file, "db")))).to.equal("DATABASE_UNREADABLE");
    writeFileSync(join(folder, "..", "data.mdb"), "this is no database".repeat(1000));
    expect(codeOf(() => openDatabase(join(folder, "..")))).to.equal("DATABASE_UNREADABLE");
  });
});
