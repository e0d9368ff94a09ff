import { expect } from "chai";
import { fakeServer } from "../../helpers/fake-server.ts";
import { refusalOf, run } from "./run-cmdlet.ts";

describe("Get-AdSite", () => {
  it("shows every site, or the one that is named", async () => {
    expect(await run(fakeServer(), "Get-AdSite")).to.have.length(2);
    expect(await run(fakeServer(), "Get-AdSite", { Identity: "siteb" })).to.deep.equal([
      { Name: "SiteB", HubSiteEnabled: true, Servers: ["Ex2007SE"] },
    ]);
  });

  it("names the sites there are for one that is not", async () => {
    const refusal = await refusalOf(fakeServer(), "Get-AdSite", { Identity: "SiteC" });
    expect(refusal).to.include({ code: "COMMAND_SITE_UNKNOWN" });
    expect(refusal.message).to.include("SiteA, SiteB");
  });
});
