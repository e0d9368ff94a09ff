import { expect } from "chai";
import { fakeServer } from "../../helpers/fake-server.ts";
import { refusalOf, run } from "./run-cmdlet.ts";

describe("Get-Queue", () => {
  it("shows the server's queues with Exchange's properties", async () => {
    const fake = fakeServer();
    Object.assign(fake.queues[1] ?? {}, {
      status: "Retry",
      messageCount: 2,
      lastError: "451 4.4.0 DNS query failed",
      nextRetryTime: new Date("2008-05-12T10:01:00Z"),
    });
    const found = await run(fake, "Get-Queue");
    expect(found).to.have.length(2);
    expect(found[1]).to.deep.equal({
      Identity: String.raw`Ex2007EE\3`,
      DeliveryType: "SmtpRelayToRemoteAdSite",
      NextHopDomain: "SiteB",
      NextHopConnector: null,
      Status: "Retry",
      MessageCount: 2,
      LastError: "451 4.4.0 DNS query failed",
      LastRetryTime: null,
      NextRetryTime: new Date("2008-05-12T10:01:00Z"),
    });
  });

  for (const Identity of [String.raw`Ex2007EE\3`, String.raw`EX2007ee\3`, "3"])
    it(`finds ${Identity}`, async () => {
      const found = await run(fakeServer(), "Get-Queue", { Identity });
      expect(found.map((queue) => Reflect.get(queue, "Identity"))).to.deep.equal([String.raw`Ex2007EE\3`]);
    });

  it("finds a queue by its name, and all of them by the server's", async () => {
    expect(await run(fakeServer(), "Get-Queue", { Identity: "submission" })).to.have.length(1);
    expect(await run(fakeServer(), "Get-Queue", { Identity: "ex2007ee" })).to.have.length(2);
  });

  it("names the queues there are for one that is not", async () => {
    const refusal = await refusalOf(fakeServer(), "Get-Queue", { Identity: "4" });
    expect(refusal.code).to.equal("COMMAND_QUEUE_UNKNOWN");
    expect(refusal.message).to.include(String.raw`Ex2007EE\Submission, Ex2007EE\3`);
  });

  it("sends whoever asks for another server's queue there", async () => {
    const refusal = await refusalOf(fakeServer(), "Get-Queue", { Identity: String.raw`Ex2007SE\3` });
    expect(refusal.code).to.equal("COMMAND_QUEUE_ELSEWHERE");
    expect(refusal.remedy).to.equal("Run the cmdlet on Ex2007SE");
  });
});

describe("Retry-Queue", () => {
  it("retries the queue that is named, under its full identity, and shows nothing", async () => {
    const fake = fakeServer();
    expect(await run(fake, "Retry-Queue", { Identity: "3" })).to.deep.equal([]);
    expect(fake.retried).to.deep.equal([String.raw`Ex2007EE\3`]);
  });

  it("retries nothing for a name it does not know", async () => {
    const fake = fakeServer();
    expect((await refusalOf(fake, "Retry-Queue", { Identity: "9" })).code).to.equal("COMMAND_QUEUE_UNKNOWN");
    expect(fake.retried).to.deep.equal([]);
  });
});
