import { expect } from "chai";
import { heldClock, type LabClock } from "../../../src/base/index.ts";
import type { ReplicationScope } from "../../../src/directory/index.ts";
import { defaultEdgeSyncSchedule } from "../../../src/edgesync/results.ts";
import { SyncTimer } from "../../../src/edgesync/hub/schedule.ts";

const minute = 60_000;
const start = new Date("2008-05-12T10:00:00Z");

describe("SyncTimer", () => {
  let clock: LabClock;
  let ran: string[];
  let work: () => Promise<void>;
  let timer: SyncTimer;
  const minutes = () => (clock.now().getTime() - start.getTime()) / minute;
  const run = async (due: readonly ReplicationScope[]): Promise<void> => {
    ran.push(`${minutes()} ${due.map((scope) => scope[0]).join("")}`);
    await work();
  };
  const to = (at: number): Promise<unknown> => clock.advance(new Date(start.getTime() + at * minute));
  const begin = (intervals: [topology: number, configuration: number, recipients: number]): void => {
    const [topologyIntervalMs, configurationIntervalMs, recipientIntervalMs] = intervals.map(
      (each) => each * minute,
    ) as [number, number, number];
    timer = new SyncTimer(
      clock,
      "EdgeSync of HUB1",
      { ...defaultEdgeSyncSchedule, topologyIntervalMs, configurationIntervalMs, recipientIntervalMs },
      run,
    );
  };
  beforeEach(() => {
    clock = heldClock(start);
    ran = [];
    work = () => Promise.resolve();
  });
  afterEach(() => timer.stop());

  it("says what is due, together what falls together", async () => {
    begin([5, 10, 20]);
    await to(21);
    expect(ran).to.deep.equal(["5 T", "10 TC", "15 T", "20 TCR"]);
  });

  it("takes any intervals", async () => {
    begin([7, 3, 100]);
    await to(13);
    expect(ran).to.deep.equal(["3 C", "6 C", "7 T", "9 C", "12 C"]);
  });

  it("counts from a reset", async () => {
    begin([5, 10, 20]);
    await to(7);
    timer.reset();
    expect(timer.nextShow.getTime()).to.equal(start.getTime() + 27 * minute);
    await to(18);
    expect(ran).to.deep.equal(["5 T", "12 T", "17 TC"]);
  });

  it("waits for a run before it begins the next", async () => {
    begin([5, 10, 20]);
    let underWay = 0;
    work = async () => {
      expect(++underWay).to.equal(1);
      await new Promise((resolve) => setImmediate(resolve));
      underWay--;
    };
    await to(60);
    expect(ran).to.have.lengthOf(12);
  });

  it("says nothing after it was stopped, also in the middle of a run", async () => {
    begin([5, 10, 20]);
    work = async () => timer.stop();
    await to(60);
    expect(ran).to.deep.equal(["5 T"]);
  });
});
