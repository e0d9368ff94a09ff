import { expect } from "chai";
import { fakeServer } from "../../helpers/fake-server.ts";
import { refusalOf, run } from "./run-cmdlet.ts";

describe("Get-EventLog", () => {
  it("shows what the log holds with PowerShell's properties", async () => {
    const fake = fakeServer();
    const at = new Date("2009-05-12T10:00:00Z");
    const text = "An internal transport certificate expired. Thumbprint:AB";
    const about = { source: "MSExchangeTransport", level: "Warning", category: "TransportService" };
    fake.events.push({ index: 7, at, id: 12015, ...about, text });
    expect(await run(fake, "Get-EventLog", { LogName: "Application" })).to.deep.equal([
      {
        Index: 7,
        TimeGenerated: at,
        EntryType: "Warning",
        Source: "MSExchangeTransport",
        Category: "TransportService",
        EventID: 12015,
        InstanceId: 12015,
        Message: text,
      },
    ]);
  });

  it("hands every filter on", async () => {
    const fake = fakeServer();
    const After = new Date("2009-05-01T00:00:00Z");
    const Before = new Date("2009-06-01T00:00:00Z");
    await run(fake, "Get-EventLog", {
      LogName: "Application",
      InstanceId: ["12015", "12016"],
      Source: ["MSExchangeTransport"],
      EntryType: ["Error", "Warning"],
      Newest: 5,
      After,
      Before,
    });
    const levels = ["Error", "Warning"];
    const sources = ["MSExchangeTransport"];
    expect(fake.asked).to.deep.equal([
      ["events", { ids: [12015, 12016], sources, levels, newest: 5, after: After, before: Before }],
    ]);
  });

  it("refuses what is no event's id", async () => {
    for (const InstanceId of [["12o15"], ["-1"], ["123456"]])
      expect(await refusalOf(fakeServer(), "Get-EventLog", { LogName: "Application", InstanceId })).to.include({
        code: "COMMAND_EVENT_ID_MALFORMED",
      });
  });
});
