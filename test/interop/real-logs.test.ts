import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { formatProtocolLog, groupSessions, parseProtocolLog, rowsOf } from "../../src/smtp/protocol-log.ts";
import { root } from "../repo/source-tree.ts";

const folder = process.env.HUBEDGE_REAL_LOGS ?? join(root, "../shared/real-logs");
const isThere = statSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? false;

describe("published excerpts of real logs", () => {
  if (!isThere) {
    it.skip("are read and written back (there are none: set HUBEDGE_REAL_LOGS to a folder that holds some)");
    return;
  }
  const files = readdirSync(folder).filter((name) => name.endsWith(".log"));
  const read = (name: string): Buffer => readFileSync(join(folder, name));
  const isProtocolLog = (name: string): boolean => /-(?:send|recv)-/.test(name);

  it("are there, of both kinds", () => {
    expect(files.filter((name) => name.includes("-send-"))).to.have.length.above(2);
    expect(files.filter((name) => name.includes("-recv-"))).to.have.length.above(2);
  });

  for (const name of files) {
    it(`${name} is written back octet for octet`, () => {
      const octets = read(name);
      expect(Buffer.from(formatProtocolLog(parseProtocolLog(octets.toString()))).equals(octets)).to.equal(true);
    });
  }

  for (const name of files.filter(isProtocolLog)) {
    it(`${name} holds rows only, and this codec writes each as Exchange did`, () => {
      const log = parseProtocolLog(read(name).toString());
      const odd = log.lines.filter((line) =>
        line.kind === "row" ? line.asWritten !== undefined : line.kind === "unreadable",
      );
      expect(odd.filter((line) => !("text" in line && line.text === ""))).to.deep.equal([]);
      expect(rowsOf(log)).to.have.length.above(1);
    });

    it(`${name} has sessions whose rows count up by one`, () => {
      for (const session of groupSessions(rowsOf(parseProtocolLog(read(name).toString())))) {
        const first = session[0]?.sequence ?? 0;
        expect(session.map((row) => row.sequence)).to.deep.equal(session.map((_, index) => first + index));
      }
    });
  }
});
