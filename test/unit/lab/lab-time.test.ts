import { join } from "node:path";
import { expect } from "chai";
import { type Database, openDatabase } from "../../../src/base/index.ts";
import { startLabTime } from "../../../src/lab/ground/lab-time.ts";
import { usePlace } from "../../helpers/lab.ts";

const start = new Date("2008-05-12T10:00:00Z");
const minuteMs = 60_000;
const yearMs = 365 * 24 * 60 * minuteMs;
const later = (ms: number): Date => new Date(start.getTime() + ms);

describe("lab time, from start to start", () => {
  const place = usePlace();
  let database: Database;
  let count = 0;
  beforeEach(() => void (database = openDatabase(join(place.path, `data-${count++}`))));
  afterEach(() => database.close());
  const kept = (): Date => new Date(database.table("lab").get("lab-time")?.toString() ?? 0);
  const minutesKeptAhead = (of: Date): number => Math.round((kept().getTime() - of.getTime()) / minuteMs);

  it("is kept ahead while it runs, and as it is at the end", async () => {
    const time = await startLabTime(database, start);
    expect(minutesKeptAhead(start)).to.equal(10);
    await time.close();
    expect(minutesKeptAhead(start)).to.equal(0);
    time.clock.stop();
  });

  it("is kept to where it is moved to before it is moved, once", async () => {
    const { clock, close } = await startLabTime(database, start);
    const seen: number[] = [];
    clock.every(yearMs / 4, "look", () => void seen.push(minutesKeptAhead(later(yearMs))));
    await clock.advance(later(yearMs - minuteMs));
    expect(seen).to.deep.equal([9, 9, 9]);
    await close();
    clock.stop();
  });

  it("is kept where it stopped, a second after a move that did not come to its end", async () => {
    const { clock, close } = await startLabTime(database, start);
    clock.at(later(minuteMs), "one", () => undefined);
    clock.at(later(2 * minuteMs), "two", () => undefined);
    expect(await clock.advance(later(yearMs), 0)).to.equal("two");
    expect(minutesKeptAhead(later(yearMs))).to.equal(10);
    await new Promise<void>((resolve) => clock.at(new Date(clock.now().getTime() + 1000), "look", resolve));
    await clock.quiet();
    expect(minutesKeptAhead(later(minuteMs))).to.equal(10);
    await close();
    clock.stop();
  });

  it("is written down once for a move that is made in parts", async () => {
    const { clock, close } = await startLabTime(database, start);
    const table = database.table("lab");
    clock.every(yearMs / 5, "look", () => undefined);
    await clock.advance(later(yearMs), 0);
    await table.putAlone("lab-time", Buffer.from("not written again"));
    while ((await clock.advance(later(yearMs), 0)) !== undefined);
    expect(table.get("lab-time")?.toString()).to.equal("not written again");
    await close();
    clock.stop();
  });

  it("is not kept back by a moment that has passed", async () => {
    const { clock, close } = await startLabTime(database, start);
    await clock.advance(later(yearMs));
    await clock.advance(later(0));
    expect(minutesKeptAhead(later(yearMs))).to.equal(10);
    await close();
    clock.stop();
  });

  it("goes on where it ended, whatever is declared, and never back", async () => {
    const first = await startLabTime(database, start);
    await first.clock.advance(later(yearMs));
    await first.close();
    first.clock.stop();
    const second = await startLabTime(database, start);
    expect(second.clock.now().getTime() - later(yearMs).getTime()).to.be.within(0, minuteMs);
    await second.close();
    second.clock.stop();
    const declaredLater = await startLabTime(database, later(2 * yearMs));
    expect(declaredLater.clock.now().getTime() - later(2 * yearMs).getTime()).to.be.within(0, minuteMs);
    await declaredLater.close();
    declaredLater.clock.stop();
  });
});
