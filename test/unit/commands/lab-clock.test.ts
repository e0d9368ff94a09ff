import { expect } from "chai";
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
      ["setLabTime", new Date("2008-06-01T00:00:00Z")],
      ["setLabTime", new Date("2008-07-01T00:00:00Z")],
    ]);
  });

  it("refuses a moment and a span together, and neither", async () => {
    const both = await refusalOf(fakeServer(), "Set-LabClock", { To: new Date("2008-06-01T00:00:00Z"), By: 1000 });
    expect(both).to.include({ code: "COMMAND_LAB_TIME_NOT_GIVEN" });
    expect(both.message).to.match(/both -To and -By/);
    expect((await refusalOf(fakeServer(), "Set-LabClock")).message).to.match(/nothing is given/);
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
