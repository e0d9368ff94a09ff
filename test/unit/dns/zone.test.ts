import { expect } from "chai";
import { openZone } from "../../../src/dns/index.ts";

const at = (address: string, port = 25) => ({ address, port });

describe("a lab's zone", () => {
  it("finds a host's port wherever it really is, by name in any case or by address", () => {
    const zone = openZone();
    zone.setHost("Edge1.ProExchange.local", 25, at("127.1.0.1", 2525));
    zone.setHost("edge1.proexchange.local", 50636, at("127.1.0.1", 50636));
    expect(zone.locate("EDGE1.proexchange.local.", 25)).to.deep.equal(at("127.1.0.1", 2525));
    expect(zone.locate("[127.1.0.1]", 25)).to.deep.equal(at("127.1.0.1", 2525));
    expect(zone.locate("127.1.0.1", 50636)).to.deep.equal(at("127.1.0.1", 50636));
    expect(zone.locate("edge1.proexchange.local", 587)).to.equal(undefined);
    expect(zone.locate("[127.9.9.9]", 25)).to.deep.equal(at("127.9.9.9", 25));
  });

  it("names the exchangers of a domain by preference and then by name", () => {
    const zone = openZone();
    const exchanger = (host: string, preference: number) => ({ host, preference });
    zone.setMailExchangers("Fabrikam.example", [
      exchanger("b.example", 10),
      exchanger("c.example", 5),
      exchanger("A.example", 10),
    ]);
    expect(zone.mailExchangers("fabrikam.EXAMPLE")).to.deep.equal(["c.example", "a.example", "b.example"]);
    expect(zone.mailExchangerGroups("fabrikam.EXAMPLE")).to.deep.equal([["c.example"], ["a.example", "b.example"]]);
    zone.setMailExchangers("fabrikam.example", []);
    expect(zone.mailExchangerGroups("fabrikam.example")).to.deep.equal([]);
    expect(zone.mailExchangers("fabrikam.example")).to.deep.equal([]);
  });

  it("lets a host without a record take its own mail, and knows no other domain", () => {
    const zone = openZone();
    zone.setHost("alone.example", 25, at("127.1.0.2"));
    expect(zone.mailExchangers("alone.example")).to.deep.equal(["alone.example"]);
    expect(zone.mailExchangerGroups("alone.example")).to.deep.equal([["alone.example"]]);
    expect(zone.mailExchangers("nowhere.example")).to.deep.equal([]);
  });

  it("leads to whoever stands in the way, the latest first, and past them who may", () => {
    const zone = openZone();
    zone.setHost("hub.example", 25, at("127.1.1.1"));
    const first = zone.intercept("HUB.example", 25, at("127.1.253.1"));
    const second = zone.intercept("hub.example", 25, at("127.1.253.2"));
    expect(zone.locate("hub.example", 25)).to.deep.equal(at("127.1.253.2"));
    expect(zone.locateTruly("hub.example", 25)).to.deep.equal(at("127.1.1.1"));
    second();
    expect(zone.locate("hub.example", 25)).to.deep.equal(at("127.1.253.1"));
    first();
    expect(zone.locate("hub.example", 25)).to.deep.equal(at("127.1.1.1"));
  });

  it("forgets a host", () => {
    const zone = openZone();
    zone.setHost("hub.example", 25, at("127.1.1.1"));
    zone.removeHost("hub.example");
    expect(zone.locate("hub.example", 25)).to.equal(undefined);
  });
});
