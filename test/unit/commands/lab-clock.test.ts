import { expect } from "chai";
import type { Progress } from "../../../src/commands/index.ts";
import { fakeServer } from "../../helpers/fake-server.ts";
import { refusalOf, run } from "./run-cmdlet.ts";

const shown = (LabTime: string, ServerTime: string) => ({
  LabTime: new Date(LabTime),
  Server: "Ex2007EE",
  ServerTime: new Date(ServerTime),
  Skew: "00:01:00",
});

describe("Get-LabClock", () => {
  it("shows lab time, and how far the server's clock is off", async () => {
    const fake = fakeServer();
    expect(await run(fake, "Get-LabClock")).to.deep.equal([shown("2008-05-12T10:00:00Z", "2008-05-12T10:01:00Z")]);
  });

  it("shows a clock that is behind with a minus sign", async () => {
    const fake = fakeServer();
    const labTime = async () => ({ lab: new Date("2008-05-12T10:00:00Z"), server: new Date("2008-05-12T09:54:00Z") });
    const [clock] = await run({ ...fake, api: { ...fake.api, labTime } }, "Get-LabClock");
    expect(clock).to.include({ Skew: "-00:06:00" });
  });
});

describe("Set-LabClock", () => {
  it("moves lab time to a moment, or by a span, and shows what it is then", async () => {
    const fake = fakeServer();
    expect(await run(fake, "Set-LabClock", { To: new Date("2008-06-01T00:00:00Z") })).to.deep.equal([
      shown("2008-06-01T00:00:00Z", "2008-06-01T00:01:00Z"),
    ]);
    await run(fake, "Set-LabClock", { By: 30 * 86_400_000 });
    expect(fake.asked).to.deep.equal([
      ["moveLabTime", new Date("2008-06-01T00:00:00Z")],
      ["moveLabTime", new Date("2008-07-01T00:00:00Z")],
    ]);
  });

  it("refuses a moment and a span together, and neither", async () => {
    const both = await refusalOf(fakeServer(), "Set-LabClock", { To: new Date("2008-06-01T00:00:00Z"), By: 1000 });
    expect(both).to.include({ code: "COMMAND_LAB_TIME_NOT_GIVEN" });
    expect(both.message).to.match(/both -To and -By/);
    expect((await refusalOf(fakeServer(), "Set-LabClock")).message).to.match(/nothing is given/);
  });

  it("refuses a moment that has passed", async () => {
    const fake = fakeServer();
    const refusal = await refusalOf(fake, "Set-LabClock", { To: new Date("2008-05-12T09:59:59Z") });
    expect(refusal).to.include({ code: "LAB_TIME_PAST" });
    expect(fake.asked).to.deep.equal([]);
  });

  describe("moves in parts", () => {
    /** A lab that gets on by a day each time it is asked. */
    function dayByDay(): { fake: ReturnType<typeof fakeServer>; asked: Date[] } {
      const fake = fakeServer();
      const asked: Date[] = [];
      const moveLabTime = async (to: Date) => {
        asked.push(to);
        fake.labTime = new Date(Math.min(fake.labTime.getTime() + 86_400_000, to.getTime()));
        return { lab: fake.labTime, due: fake.labTime < to ? "retry of queue 3" : null };
      };
      return { fake: { ...fake, api: { ...fake.api, moveLabTime } }, asked };
    }

    it("and tells how far it is, and what is next", async () => {
      const { fake, asked } = dayByDay();
      const told: Progress[] = [];
      const progress = (one: Progress): void => void told.push(one);
      expect(await run(fake, "Set-LabClock", { By: 3 * 86_400_000 }, { progress })).to.have.length(1);
      expect(asked).to.have.length(3);
      expect(told).to.deep.equal(
        [13, 14].map((day, past) => ({
          activity: "Lab time",
          status: `5/${day}/2008 10:00:00 AM of 5/15/2008 10:00:00 AM`,
          percentComplete: [33, 66][past],
          currentOperation: "retry of queue 3",
        })),
      );
    });

    it("of which no other begins once it is to stop: it says how far it came", async () => {
      const { fake, asked } = dayByDay();
      const stop = new AbortController();
      const warnings: string[] = [];
      const context = {
        signal: stop.signal,
        progress: () => stop.abort(),
        warning: (text: string): void => void warnings.push(text),
      };
      expect(await run(fake, "Set-LabClock", { By: 365 * 86_400_000 }, context)).to.deep.equal([]);
      expect(asked).to.have.length(2);
      expect(warnings).to.deep.equal(["Lab time stopped at 5/14/2008 10:00:00 AM of 5/12/2009 10:00:00 AM."]);
    });
  });

  it("moves nothing when it is only to say what it would do", async () => {
    const fake = fakeServer();
    const asked: string[][] = [];
    const shouldProcess = async (...about: [string, string]): Promise<boolean> => {
      asked.push(about);
      return false;
    };
    expect(await run(fake, "Set-LabClock", { By: 3_600_000 }, { shouldProcess })).to.deep.equal([]);
    expect(asked).to.deep.equal([["Set-LabClock", "2008-05-12T11:00:00.000Z"]]);
    expect(fake.asked).to.deep.equal([]);
  });
});
