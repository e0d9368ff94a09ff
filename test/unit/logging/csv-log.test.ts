import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { heldClock } from "../../../src/base/index.ts";
import { type CsvLog, openCsvLog } from "../../../src/logging/csv-log.ts";
import { dailyNames, numberedNames } from "../../../src/logging/log-names.ts";
import { temporaryFolder } from "./temporary.ts";

const day = 86_400_000;

describe("a log that rotates", () => {
  const folder = temporaryFolder();
  const start = new Date("2008-05-12T10:00:00Z");
  let clock = heldClock(start);
  let limits = { maxFileSizeBytes: 1000, maxDirectorySizeBytes: 10_000, maxAgeMs: 30 * day };
  let failures: unknown[] = [];
  const open: CsvLog[] = [];

  const openLog = (append = true, names = dailyNames("SEND")): CsvLog => {
    const log = openCsvLog({
      folder: join(folder.path, "SmtpSend"),
      names,
      header: (date) => `#Date: ${date.toISOString()}\n`,
      clock,
      limits: () => limits,
      append,
      onFailure: (failure) => failures.push(failure),
    });
    open.push(log);
    return log;
  };
  const names = (): string[] => folder.names("SmtpSend");
  const read = (name: string): string => folder.read(`SmtpSend/${name}`);
  const row = (name: string, length = 100): string => name.padEnd(length - 1, ".");
  const appendAt = (log: CsvLog, time: string, line: string): void => log.append(line, new Date(time));

  beforeEach(() => {
    clock = heldClock(start);
    limits = { maxFileSizeBytes: 1000, maxDirectorySizeBytes: 10_000, maxAgeMs: 30 * day };
    failures = [];
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((log) => log.close()));
  });

  it("makes its file with the first row, and writes the header once", async () => {
    const log = openLog();
    await log.flush();
    expect(folder.names()).to.deep.equal([]);
    appendAt(log, "2008-05-12T10:00:01.000Z", "a");
    await log.flush();
    appendAt(log, "2008-05-12T10:00:02.000Z", "b");
    await log.flush();
    expect(names()).to.deep.equal(["SEND20080512-1.LOG"]);
    expect(read("SEND20080512-1.LOG")).to.equal("#Date: 2008-05-12T10:00:01.000Z\na\nb\n");
    expect(log.files()).to.deep.equal([join(folder.path, "SmtpSend", "SEND20080512-1.LOG")]);
  });

  it("begins the next instance before a row would pass the size limit, and loses no row", async () => {
    const log = openLog();
    const rows = Array.from({ length: 25 }, (_, index) => row(`row ${index}`));
    for (const line of rows) log.append(line, start);
    await log.flush();
    expect(names()).to.deep.equal(["SEND20080512-1.LOG", "SEND20080512-2.LOG", "SEND20080512-3.LOG"]);
    for (const name of names()) expect(read(name).length, name).to.be.at.most(1000);
    const written = names().flatMap((name) => read(name).trimEnd().split("\n").slice(1));
    expect(written).to.deep.equal(rows);
  });

  it("gives a row that is larger than the limit a file of its own", async () => {
    const log = openLog();
    for (const length of [100, 1500, 100]) log.append(row("x", length), start);
    await log.flush();
    expect(names().map((name) => read(name).split("\n").length)).to.deep.equal([3, 3, 3]);
  });

  it("begins with instance 1 on a new UTC day, by the time of the row", async () => {
    const log = openLog();
    appendAt(log, "2008-05-12T23:59:59.999Z", "late");
    appendAt(log, "2008-05-13T00:00:00.000Z", "early");
    appendAt(log, "2008-05-12T23:59:59.999Z", "overtaken");
    await log.flush();
    expect(names()).to.deep.equal(["SEND20080512-1.LOG", "SEND20080513-1.LOG"]);
    expect(read("SEND20080513-1.LOG")).to.equal("#Date: 2008-05-13T00:00:00.000Z\nearly\novertaken\n");
  });

  it("removes the oldest files once the folder passes its limit, never the newest", async () => {
    limits.maxDirectorySizeBytes = 2500;
    const log = openLog();
    for (let index = 0; index < 45; index++) log.append(row(`row ${index}`), start);
    await log.flush();
    expect(names()).to.deep.equal(["SEND20080512-4.LOG", "SEND20080512-5.LOG"]);
    limits.maxDirectorySizeBytes = 10;
    log.append(row("last"), start);
    await log.flush();
    expect(names()).to.deep.equal(["SEND20080512-6.LOG"]);
    expect(read("SEND20080512-6.LOG")).to.include("last");
  });

  it("removes files by their age in lab time, and none by an age of 0", async () => {
    const log = openLog();
    log.append("old", start);
    await clock.advance(new Date(start.getTime() + 29 * day));
    log.append("new", clock.now());
    await log.flush();
    expect(names()).to.deep.equal(["SEND20080512-1.LOG", "SEND20080610-1.LOG"]);
    limits.maxAgeMs = 0;
    await clock.advance(new Date(start.getTime() + 40 * day));
    await log.flush();
    expect(names()).to.have.length(2);
    limits.maxAgeMs = 30 * day;
    await clock.advance(new Date(start.getTime() + 41 * day));
    await log.flush();
    expect(names()).to.deep.equal(["SEND20080610-1.LOG"]);
  });

  it("removes the file it writes to, too, when nothing was written for that long, and begins another", async () => {
    const log = openLog();
    log.append("old", start); // still waiting to be written when its file has to go
    await clock.advance(new Date(start.getTime() + 31 * day));
    await log.flush();
    expect(names()).to.deep.equal([]);
    log.append("new", clock.now());
    await log.flush();
    expect(names()).to.deep.equal(["SEND20080612-1.LOG"]);
  });

  it("takes a change of the limits into account while it runs", async () => {
    const log = openLog();
    log.append(row("a"), start);
    await log.flush();
    limits = { ...limits, maxFileSizeBytes: 150 };
    log.append(row("b"), start);
    await log.flush();
    expect(names()).to.have.length(2);
  });

  it("goes on in the file of an earlier run, without a second header, on a line of its own", async () => {
    mkdirSync(join(folder.path, "SmtpSend"));
    writeFileSync(join(folder.path, "SmtpSend", "SEND20080512-1.LOG"), "#Date: full\n");
    writeFileSync(join(folder.path, "SmtpSend", "SEND20080512-2.LOG"), "#Date: earlier\na\ntorn of");
    writeFileSync(join(folder.path, "SmtpSend", "notes.txt"), "not ours");
    const log = openLog();
    log.append("b", start);
    await log.flush();
    expect(read("SEND20080512-2.LOG")).to.equal("#Date: earlier\na\ntorn of\nb\n");
    expect(log.files()).to.have.length(2);
  });

  it("begins a file of its own beside those of an earlier run when told to, and when their day is over", async () => {
    mkdirSync(join(folder.path, "SmtpSend"));
    writeFileSync(join(folder.path, "SmtpSend", "SEND20080512-9.LOG"), "x\n");
    openLog(false).append("b", start);
    openLog().append("c", new Date(start.getTime() + day));
    await Promise.all(open.map((log) => log.flush()));
    expect(names()).to.deep.equal(["SEND20080512-10.LOG", "SEND20080512-9.LOG", "SEND20080513-1.LOG"]);
  });

  it("counts the files of an earlier run towards age and size of the folder", async () => {
    mkdirSync(join(folder.path, "SmtpSend"));
    writeFileSync(join(folder.path, "SmtpSend", "SEND20080301-1.LOG"), "older than 30 days\n");
    writeFileSync(join(folder.path, "SmtpSend", "SEND20080510-1.LOG"), "x".repeat(9900));
    const log = openLog();
    log.append(row("a"), start);
    log.append(row("b"), start);
    await log.flush();
    expect(names()).to.deep.equal(["SEND20080512-1.LOG"]);
  });

  it("numbers files that are not daily", async () => {
    const log = openLog(true, numberedNames("journal-lab"));
    for (let index = 0; index < 15; index++) log.append(row("x"), new Date(start.getTime() + index * day));
    await log.flush();
    expect(names()).to.deep.equal(["journal-lab.2.ndjson", "journal-lab.ndjson"]);
    expect(log.files().map((path) => path.slice(-9))).to.deep.equal(["ab.ndjson", ".2.ndjson"]);
  });

  it("writes by itself soon after a row, and at once when there are many", async () => {
    const log = openLog();
    limits.maxFileSizeBytes = 10 ** 7;
    for (let index = 0; index < 1000; index++) log.append(row("x"), start);
    await new Promise<void>((resolve) => {
      const look = (): void => void (existing() === 1000 ? resolve() : setImmediate(look));
      const existing = (): number => {
        try {
          return read("SEND20080512-1.LOG").split("\n").length - 2;
        } catch {
          return 0;
        }
      };
      look();
    });
  });

  it("makes its file anew when somebody has cleared the folder", async () => {
    const log = openLog();
    log.append("a", start);
    await log.flush();
    rmSync(join(folder.path, "SmtpSend"), { recursive: true });
    log.append("b", start);
    await log.flush();
    expect(read("SEND20080512-1.LOG")).to.match(/^#Date: .*\nb\n$/);
    expect(failures).to.deep.equal([]);
  });

  it("says once that it cannot write, takes further rows all the same, and goes on when it can", async () => {
    writeFileSync(join(folder.path, "SmtpSend"), "a file where the folder should be");
    const log = openLog();
    log.append("a", start);
    await log.flush();
    log.append("b", start);
    await log.flush();
    expect(failures).to.have.length(1);
    rmSync(join(folder.path, "SmtpSend"));
    log.append("c", start);
    await log.flush();
    expect(read("SEND20080512-1.LOG")).to.match(/^#Date: .*\nc\n$/);
    expect(failures).to.have.length(1);
  });
});
