import { expect } from "chai";
import { heldClock, type LabClock, runningClock, skewedClock } from "../../../src/base/index.ts";

const start = new Date("2008-05-12T10:00:00Z");
const minute = 60_000;
const after = (minutes: number): Date => new Date(start.getTime() + minutes * minute);

/** What both clocks promise whoever moves them. */
function describeMoving(name: string, make: () => LabClock): void {
  describe(name, () => {
    let clock: LabClock;
    let happened: string[];
    beforeEach(() => {
      clock = make();
      happened = [];
    });
    afterEach(() => clock.stop());

    const note = (what: string) => (): void => {
      const minutes = Math.round((clock.now().getTime() - start.getTime()) / minute);
      happened.push(`${what} at ${minutes}`);
    };

    it("runs what is due in order, each at its own time, and stands at the end where it was told to", async () => {
      clock.at(after(20), "second", note("second"));
      clock.every(15 * minute, "often", note("often"));
      clock.at(after(61), "too late", note("too late"));
      await clock.advance(after(60.5)); // what was planned a moment after the start is due a moment after the hour
      expect(happened).to.deep.equal(["often at 15", "second at 20", "often at 30", "often at 45", "often at 60"]);
      expect(clock.now().getTime() - after(60.5).getTime()).to.be.within(0, 5_000);
    });

    it("waits for what a task has begun before the next one is due", async () => {
      clock.at(after(1), "slow", async () => {
        await new Promise((resolve) => setImmediate(resolve));
        note("slow, over")();
      });
      clock.at(after(2), "next", note("next"));
      await clock.advance(after(3));
      expect(happened).to.deep.equal(["slow, over at 1", "next at 2"]);
    });

    it("runs what a task plans within the time", async () => {
      clock.at(after(1), "first", () => void clock.at(after(2), "planned", note("planned")));
      await clock.advance(after(3));
      expect(happened).to.deep.equal(["planned at 2"]);
    });

    it("forgets what was cancelled, and never goes back", async () => {
      clock.at(after(1), "cancelled", note("cancelled"))();
      await clock.advance(after(10));
      await clock.advance(after(5));
      expect(happened).to.deep.equal([]);
      expect(clock.now().getTime()).to.be.at.least(after(10).getTime());
    });

    it("stops between two tasks when its time is over, says what is next, and goes on from there", async () => {
      clock.at(after(1), "first", async () => {
        await new Promise((resolve) => setImmediate(resolve));
        note("first, over")();
      });
      clock.at(after(2), "second", note("second"));
      clock.at(after(9), "too late", note("too late"));
      expect(await clock.advance(after(5), 0)).to.equal("second");
      expect(happened).to.deep.equal(["first, over at 1"]);
      expect(clock.now().getTime() - after(1).getTime()).to.be.within(0, 5_000);
      expect(await clock.advance(after(5), 0)).to.equal(undefined);
      expect(happened).to.deep.equal(["first, over at 1", "second at 2"]);
      expect(clock.now().getTime() - after(5).getTime()).to.be.within(0, 5_000);
    });

    it("does not get where it was told to when it is stopped on the way", async () => {
      clock.at(after(1), "end", () => clock.stop());
      clock.at(after(2), "never", note("never"));
      expect(await clock.advance(after(5))).to.equal(undefined);
      expect(happened).to.deep.equal([]);
      expect(clock.now().getTime() - after(1).getTime()).to.be.within(0, 5_000);
    });

    it("moves once after the other when it is told twice at once", async () => {
      clock.at(after(2), "one", note("one"));
      await Promise.all([clock.advance(after(3)), clock.advance(after(6))]);
      expect(happened).to.deep.equal(["one at 2"]);
      expect(clock.now().getTime()).to.be.at.least(after(6).getTime());
    });
  });
}

describe("lab time", () => {
  describeMoving("held", () => heldClock(start));
  describeMoving("running", () => runningClock(start));

  it("stands between two moves when it is held", async () => {
    const clock = heldClock(start);
    await clock.advance(after(1));
    await new Promise((resolve) => setImmediate(resolve));
    expect(clock.now()).to.deep.equal(after(1));
  });

  it("runs on after a move when it is running, and a timer goes off by itself", async () => {
    const clock = runningClock(start);
    await clock.advance(after(60));
    const now = clock.now().getTime();
    await new Promise<void>((resolve) => clock.at(new Date(now + 5), "soon", resolve));
    expect(clock.now().getTime()).to.be.at.least(now + 4);
  });
});

describe("a clock that is off", () => {
  it("shows its own time and runs what is due by it, as the clock moves that it goes with", async () => {
    const clock = heldClock(start);
    const ahead = skewedClock(clock, 6 * minute);
    const happened: string[] = [];
    const note = (what: string) => (): void =>
      void happened.push(`${what} at ${ahead.now().toISOString().slice(11, 16)}`);
    ahead.at(after(8), "once", note("once"));
    ahead.every(5 * minute, "often", note("often"));
    await clock.advance(after(10));
    expect(happened).to.deep.equal(["once at 10:08", "often at 10:11", "often at 10:16"]);
    expect(ahead.now()).to.deep.equal(after(16));
    expect(skewedClock(clock, 0)).to.equal(clock);
  });
});
