import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { type ApplicationEvent, EventJournal, heldClock } from "../../../src/base/index.ts";
import { applicationEvents, describeEvent } from "../../../src/logging/application-events.ts";
import { startEventLog } from "../../../src/logging/event-log.ts";
import { root, sourceFiles } from "../../repo/source-tree.ts";
import { temporaryFolder } from "./temporary.ts";

const start = new Date("2008-05-12T10:00:00Z");
const event: ApplicationEvent = {
  kind: "event",
  server: "HUB1",
  at: start,
  id: 1036,
  parameters: ["CN=HUB2", "127.0.2.1"],
};
const later = (minutes: number): Date => new Date(start.getTime() + minutes * 60_000);

describe("the Application event log", () => {
  const folder = temporaryFolder();
  const lines = (): { at: string; id: number }[] =>
    folder
      .read("Application/Application.ndjson")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));

  async function write(...events: ApplicationEvent[]): Promise<void> {
    const journal = new EventJournal<ApplicationEvent>();
    const log = startEventLog({ server: "HUB1", folder: folder.path, journal, clock: heldClock(start) });
    for (const each of events) journal.report(each);
    await log.close();
  }

  it("holds id, source, level, category and text, one object a line", async () => {
    await write(event, { ...event, server: "HUB2" });
    expect(lines()).to.deep.equal([
      {
        at: "2008-05-12T10:00:00.000Z",
        id: 1036,
        source: "MSExchangeTransport",
        level: "Error",
        category: "SmtpReceive",
        text:
          "Inbound direct trust authentication failed for certificate CN=HUB2. The source IP address of the server that " +
          "tried to authenticate to Microsoft Exchange is [127.0.2.1]. Make sure EdgeSync is running properly.",
      },
    ]);
  });

  it("gives an event the level that it is told, where sources disagree, and leaves the others theirs", () => {
    const levels = { 1035: "Error" } as const;
    expect(describeEvent(1035, [], levels).level).to.equal("Error");
    expect(describeEvent(1035, []).level).to.equal("Warning");
    expect(describeEvent(12016, [], levels).level).to.equal("Error");
    expect(describeEvent(12017, [], levels).level).to.equal("Warning");
  });

  it("does not repeat an event within a lab hour, but does after it, and for other parameters", async () => {
    const other = { ...event, parameters: ["CN=HUB3", "127.0.2.1"] };
    await write(event, { ...event, at: later(59) }, { ...other, at: later(59) }, { ...event, at: later(60) });
    expect(lines().map(({ at }) => at.slice(11, 16))).to.deep.equal(["10:00", "10:59", "11:00"]);
  });

  it("is read back, with what was there before, by the place of each", async () => {
    await write(event);
    const journal = new EventJournal<ApplicationEvent>();
    const log = startEventLog({ server: "HUB1", folder: folder.path, journal, clock: heldClock(start) });
    const before = (await log.read()).length;
    journal.report({ ...event, at: later(90), parameters: ["CN=HUB4", "127.0.2.1"] });
    const held = await log.read();
    expect(held.map(({ index }) => index)).to.deep.equal(held.map((_, place) => place + 1));
    expect(held.slice(before).map(({ at, id, level }) => [at, id, level])).to.deep.equal([[later(90), 1036, "Error"]]);
    await log.close();
  });

  it("keeps what a peer wrote on one line", async () => {
    await write({ ...event, parameters: ["CN=a\r\nb", "x"] });
    expect(lines()).to.have.length(1);
  });
});

describe("the texts of events", () => {
  it("have a place for each parameter, and say so when one is missing", () => {
    expect(describeEvent(12017, ["AB", "9"]).text).to.match(/Thumbprint:AB, hours remaining: 9$/);
    expect(describeEvent(12017, ["AB"]).text).to.match(/hours remaining: \?$/);
    expect(describeEvent(12015, ["$& %2"]).text).to.match(/Thumbprint:\$& %2$/);
  });

  it("admit it when an id is not known", () => {
    expect(describeEvent(4711, ["a", "b"]).text).to.equal("No description of event 4711 is known. With it came: a, b");
  });

  it("are there for every event that the stages raise", () => {
    const raised = sourceFiles("src").flatMap(({ path, text }) =>
      [...text.matchAll(/\bid: (\d{4,5}),\s*parameters: \[|\braise\(\w+, (\d{4,5}),/g)].map((match) => ({
        path,
        id: Number(match[1] ?? match[2]),
      })),
    );
    expect(raised).to.have.length.above(10);
    expect(raised.filter(({ id }) => applicationEvents[id] === undefined)).to.deep.equal([]);
  });

  it("are listed in docs/formats.md, with level and category", () => {
    const document = readFileSync(join(root, "docs", "formats.md"), "utf8");
    for (const [id, { source, level, category, text }] of Object.entries(applicationEvents)) {
      expect(document).to.include(`| ${id} | ${source} | ${level} | ${category} | ${text} |`);
    }
  });
});
