import { expect } from "chai";
import { fakeEdge, fakeServer, subscription } from "../../helpers/fake-server.ts";
import { refusalOf, run } from "./run-cmdlet.ts";

describe("New-EdgeSubscription on an Edge Transport server", () => {
  it("writes the file, and says until when it is good", async () => {
    const edge = fakeEdge();
    expect(await run(edge, "New-EdgeSubscription", { FileName: "Edge1.XML", Force: true })).to.deep.equal([
      {
        Name: "Edge1",
        Site: null,
        Domain: "perimeter.example",
        FileName: "Edge1.XML",
        ExpiresAt: new Date("2008-05-13T10:00:00Z"),
      },
    ]);
    expect(edge.asked).to.deep.equal([["exportEdgeSubscription", { fileName: "Edge1.XML", overwrite: true }]]);
  });

  it("asks first, with all that will be gone and every cmdlet that will be refused", async () => {
    const edge = fakeEdge();
    await run(edge, "New-SendConnector", { Name: "My own", AddressSpaces: ["*"] });
    for (const given of [{}, { Force: false }]) {
      const refusal = await refusalOf(edge, "New-EdgeSubscription", { FileName: "Edge1.xml", ...given });
      expect(refusal).to.include({ code: "COMMAND_CONFIRMATION_NEEDED", remedy: "Add -Force to say yes" });
      for (const lost of ["SendConnector: My own", "AcceptedDomain: proexchange.local", "RemoteDomain: Default"])
        expect(refusal.message).to.include(lost);
      for (const verb of ["New", "Set", "Remove"])
        for (const noun of ["SendConnector", "AcceptedDomain", "RemoteDomain", "MessageClassification"])
          expect(refusal.message).to.include(`${verb}-${noun}`);
    }
    expect(edge.asked).to.deep.equal([]);
  });

  for (const given of [{ Site: "SiteA" }, { CreateInternetSendConnector: false }, { CreateInboundSendConnector: true }])
    it(`has no use for ${JSON.stringify(given)}`, async () => {
      const edge = fakeEdge();
      const refusal = await refusalOf(edge, "New-EdgeSubscription", { FileName: "Edge1.xml", Force: true, ...given });
      expect(refusal.code).to.equal("COMMAND_PARAMETER_NOT_ON_THIS_ROLE");
      expect(edge.asked).to.deep.equal([]);
    });
});

describe("New-EdgeSubscription on a Hub", () => {
  it("takes the file in for a site, with both connectors where nothing else is said, and shows the subscription", async () => {
    const fake = fakeServer();
    expect(await run(fake, "New-EdgeSubscription", { FileName: "Edge1.xml", Site: "sitea" })).to.deep.equal([
      { Name: "Edge1", Site: "SiteA", Domain: "perimeter.example" },
    ]);
    const connectors = { CreateInternetSendConnector: false, CreateInboundSendConnector: false };
    await run(fake, "New-EdgeSubscription", { FileName: "Edge1.xml", Site: "SiteA", ...connectors });
    const request = { fileName: "Edge1.xml", site: "SiteA" };
    expect(fake.asked).to.deep.equal([
      ["importEdgeSubscription", { ...request, createInternetSendConnector: true, createInboundSendConnector: true }],
      ["importEdgeSubscription", { ...request, createInternetSendConnector: false, createInboundSendConnector: false }],
    ]);
  });

  it("needs a site, and one that there is", async () => {
    const fake = fakeServer();
    const refusal = await refusalOf(fake, "New-EdgeSubscription", { FileName: "Edge1.xml" });
    expect(refusal).to.include({ code: "COMMAND_SUBSCRIPTION_SITE_NEEDED" });
    expect(refusal.remedy).to.include("SiteA, SiteB");
    const unknown = await refusalOf(fake, "New-EdgeSubscription", { FileName: "Edge1.xml", Site: "SiteC" });
    expect(unknown.code).to.equal("COMMAND_SITE_UNKNOWN");
    expect(fake.asked).to.deep.equal([]);
  });
});

describe("New-EdgeSubscription", () => {
  for (const FileName of ["Edge1", "Edge1.txt", "Edge1.xml.txt", ".xml", "folder/.xml"])
    it(`refuses the file name ${FileName}, on either side`, async () => {
      for (const fake of [fakeEdge(), fakeServer()]) {
        const refusal = await refusalOf(fake, "New-EdgeSubscription", { FileName, Force: true });
        expect(refusal.code).to.equal("COMMAND_SUBSCRIPTION_FILE_NAME");
        expect(fake.asked).to.deep.equal([]);
      }
    });
});

describe("Get-EdgeSubscription", () => {
  it("shows all of them, or the one that is named in any case", async () => {
    const fake = fakeServer();
    fake.subscriptions.push(subscription("Edge1"), subscription("Edge2"));
    expect(await run(fake, "Get-EdgeSubscription")).to.have.length(2);
    expect(await run(fake, "Get-EdgeSubscription", { Identity: "EDGE2" })).to.deep.equal([
      { Name: "Edge2", Site: "SiteA", Domain: "perimeter.example" },
    ]);
    const refusal = await refusalOf(fake, "Get-EdgeSubscription", { Identity: "Edge3" });
    expect(refusal.code).to.equal("COMMAND_IDENTITY_UNKNOWN");
    expect(refusal.message).to.include("Edge1, Edge2");
  });

  it("shows nothing where there is none, and the site of its own that is not known yet", async () => {
    const edge = fakeEdge();
    expect(await run(edge, "Get-EdgeSubscription")).to.deep.equal([]);
    edge.subscriptions.push(subscription("Edge1", null));
    expect(await run(edge, "Get-EdgeSubscription")).to.deep.include.members([
      { Name: "Edge1", Site: null, Domain: "perimeter.example" },
    ]);
  });
});

describe("Remove-EdgeSubscription", () => {
  it("ends the one that is named on a Hub, without a question", async () => {
    const fake = fakeServer();
    fake.subscriptions.push(subscription("Edge1"), subscription("Edge2"));
    await run(fake, "Remove-EdgeSubscription", { Identity: "edge1" });
    expect(fake.asked).to.deep.equal([["removeEdgeSubscription", "Edge1"]]);
    const refusal = await refusalOf(fake, "Remove-EdgeSubscription", { Identity: "Edge3" });
    expect(refusal.code).to.equal("COMMAND_IDENTITY_UNKNOWN");
  });

  it("asks first on an Edge Transport server, where all that was replicated goes", async () => {
    const edge = fakeEdge();
    edge.subscriptions.push(subscription("Edge1"));
    const refusal = await refusalOf(edge, "Remove-EdgeSubscription", { Identity: "Edge1" });
    expect(refusal.code).to.equal("COMMAND_CONFIRMATION_NEEDED");
    expect(edge.asked).to.deep.equal([]);
    await run(edge, "Remove-EdgeSubscription", { Identity: "Edge1", Force: true });
    expect(edge.asked).to.deep.equal([["removeEdgeSubscription", "Edge1"]]);
  });
});
