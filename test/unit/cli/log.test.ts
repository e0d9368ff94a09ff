import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { Command } from "commander";
import { logCommand } from "../../../src/cli/log.ts";
import { showLog } from "../../../src/cli/show-log.ts";

const row = "2008-05-12T10:00:00.000Z,Internet,08CA822E1320D000,0,,127.0.1.1:25,*,,attempting to connect\n";

describe("hubedge log", () => {
  let folder = "";
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "hubedge-cli-log-"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  async function run(path: string, filter = {}): Promise<{ out: string; err: string; code: number }> {
    const out: string[] = [];
    const err: string[] = [];
    const io = {
      out: (text: string) => void out.push(text),
      err: (text: string) => void err.push(text),
      colour: false,
    };
    const code = await showLog([path], filter, io);
    return { out: out.join(""), err: err.join(""), code };
  }
  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };

  it("prints the sessions of a log and ends with 0", async () => {
    const { out, err, code } = await run(write("a.log", row));
    expect(out).to.match(/^08CA822E1320D000 {2}Internet .*\n {2}0 {2}10:00:00\.000 {2}\* attempting to connect\n$/);
    expect({ err, code }).to.deep.equal({ err: "", code: 0 });
  });

  it("says how many lines it passed over", async () => {
    const { out, err, code } = await run(write("b.log", `${row}torn of`));
    expect(out).to.include("attempting");
    expect(err).to.equal("passed over 1 lines that are no rows of a protocol log\n");
    expect(code).to.equal(0);
  });

  it("ends with 2, the reason and a remedy when there is nothing to show", async () => {
    const absent = await run(join(folder, "absent"));
    expect(absent).to.include({ out: "", code: 2 });
    expect(absent.err).to.match(/^LOG_UNREADABLE: Cannot read ".*absent": ENOENT.*\n {4}remedy: Name a protocol log/);
    expect(await run(write("c.log", "a,b\n"))).to.include({ out: "", code: 2 });
    expect(await run(write("a.log", row), { session: "08CA822E1320D001" })).to.include({ out: "", code: 2 });
    expect(await run(write("a.log", row), { message: "<7@x.test>" })).to.include({ out: "", code: 2 });
  });

  it("takes paths, --session and --message", () => {
    const program = new Command();
    logCommand(program, { out() {}, err() {}, colour: false, exit() {} });
    const [command] = program.commands;
    expect(command?.usage()).to.equal("[options] <path...>");
    expect(command?.options.map(({ flags }) => flags)).to.deep.equal(["--session <id>", "--message <id>"]);
  });
});
