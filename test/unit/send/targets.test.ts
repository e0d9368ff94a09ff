import { expect } from "chai";
import type { SendConnector } from "../../../src/directory/index.ts";
import type { NextHopSolution } from "../../../src/transport/mail-item.ts";
import { type TargetGroups, targetsOf } from "../../../src/transport/send/targets.ts";
import { newSender, putConnector, putServer, type Sender } from "./sender.ts";

const at = (last: number, port = 25) => ({ address: `127.1.0.${last}`, port });

describe("the hosts that lead to a next hop", () => {
  let sender: Sender;
  let connector: SendConnector;

  beforeEach(() => {
    sender = newSender();
    connector = putConnector(sender, { name: "Outward" });
    const place = (name: string, site: string | null, last: number, edge = false): void => {
      putServer(sender, name, undefined, { site, ...(edge ? { roles: ["EdgeTransport"] } : {}) });
      sender.names.setHost(`${name}.proexchange.local`, 25, at(last));
    };
    place("HubA", "SiteA", 11);
    place("HubB2", "SiteB", 22);
    place("HubB1", "SiteB", 21);
    place("Edge1", "SiteA", 31, true);
    place("Edge2", "SiteB", 32, true);
    place("Edge3", "SiteA", 33, true);
    putServer(sender, "Mailbox", undefined, { site: "SiteB", roles: ["Mailbox"] });
    sender.names.setHost("relay1.example", 25, at(101));
    sender.names.setHost("relay2.example", 2525, at(102, 2525));
    sender.names.setHost("mx1.example", 25, at(111));
    sender.names.setHost("mx2.example", 25, at(112));
    sender.names.setHost("mx3.example", 25, at(113));
    sender.names.setHost("alone.example", 25, at(114));
  });

  /** Groups of `host`, or `host = server` where it is known to be one of ours. */
  const found = (solution: NextHopSolution, changes: Partial<SendConnector> = {}, by = sender) => {
    const targets = targetsOf(solution, { ...connector, ...changes }, by);
    if ("lastError" in targets || "failed" in targets) return targets;
    return (targets as TargetGroups).map((group) =>
      group.map(({ host, server }) => (server ? `${host} = ${server.name}` : host)),
    );
  };
  const smartHosts = (...hosts: string[]): [NextHopSolution, Partial<SendConnector>] => [
    { deliveryType: "SmartHostConnectorDelivery", nextHopDomain: hosts.join(","), connector: "Outward" },
    { dnsRoutingEnabled: false, smartHosts: hosts },
  ];
  const dns = (domain: string): NextHopSolution => ({
    deliveryType: "DnsConnectorDelivery",
    nextHopDomain: domain,
    connector: "Outward",
  });

  it("are every Hub of another site, by name", () => {
    expect(found({ deliveryType: "SmtpRelayToRemoteAdSite", nextHopDomain: "SiteB" })).to.deep.equal([
      ["HubB1.proexchange.local = HubB1", "HubB2.proexchange.local = HubB2"],
    ]);
  });

  it("are one Hub of this site, by its FQDN", () => {
    const solution = { deliveryType: "SmtpRelayWithinAdSite", nextHopDomain: "huba.proexchange.local" } as const;
    expect(found(solution)).to.deep.equal([["HubA.proexchange.local = HubA"]]);
  });

  it("are none where the directory knows no such server", () => {
    const unknown = { lastError: "451 4.4.0 DNS query failed" };
    expect(found({ deliveryType: "SmtpRelayToRemoteAdSite", nextHopDomain: "SiteX" })).to.deep.equal(unknown);
    expect(found({ deliveryType: "SmtpRelayWithinAdSite", nextHopDomain: "x.example" })).to.deep.equal(unknown);
    expect(found({ deliveryType: "SmtpRelayWithinAdSiteToEdge", nextHopDomain: "Outward" })).to.deep.equal(unknown);
  });

  it("are those sources of a connector that are Edge servers of this site", () => {
    const solution = { deliveryType: "SmtpRelayWithinAdSiteToEdge", nextHopDomain: "Outward" } as const;
    expect(found(solution, { sourceTransportServers: ["edge3", "Edge1", "Edge2", "HubA"] })).to.deep.equal([
      ["Edge1.proexchange.local = Edge1", "Edge3.proexchange.local = Edge3"],
    ]);
  });

  it("are every Hub that an Edge server knows, where the smart host is --", () => {
    const edge = newSender({ name: "Edge1", fqdn: "Edge1.perimeter.example", role: "edge" });
    for (const name of ["HubB", "HubA"]) putServer(edge, name, undefined);
    const targets = targetsOf(smartHosts("--")[0], { ...connector, ...smartHosts("--")[1] }, edge);
    expect((targets as TargetGroups).map((group) => group.map(({ host }) => host))).to.deep.equal([
      ["HubA.proexchange.local", "HubB.proexchange.local"],
    ]);
  });

  it("are the smart hosts in their order, at the connector's port", () => {
    expect(found(...smartHosts("relay1.example", "[127.1.0.9]"))).to.deep.equal([["relay1.example", "[127.1.0.9]"]]);
    const [solution, changes] = smartHosts("relay2.example");
    const targets = targetsOf(solution, { ...connector, ...changes, port: 2525 }, sender) as TargetGroups;
    expect(targets[0]?.[0]?.endpoint).to.deep.equal(at(102, 2525));
  });

  it("are known to be servers of ours by their FQDN, or by their address", () => {
    expect(found(...smartHosts("EDGE1.proexchange.local", "[127.1.0.33]"))).to.deep.equal([
      ["EDGE1.proexchange.local = Edge1", "[127.1.0.33] = Edge3"],
    ]);
  });

  it("are the smart hosts that somebody knows; none is left where nobody knows any", () => {
    expect(found(...smartHosts("nowhere.example", "relay1.example"))).to.deep.equal([["relay1.example"]]);
    expect(found(...smartHosts("nowhere.example"))).to.deep.equal({ lastError: "451 4.4.0 DNS query failed" });
  });

  it("are the mail exchangers of a domain, those of equal preference together", () => {
    sender.names.setMailExchangers("fabrikam.example", [
      { host: "mx3.example", preference: 10 },
      { host: "mx1.example", preference: 20 },
      { host: "mx2.example", preference: 10 },
    ]);
    expect(found(dns("fabrikam.example"))).to.deep.equal([["mx2.example", "mx3.example"], ["mx1.example"]]);
  });

  it("are the host itself where a domain has no record", () => {
    expect(found(dns("alone.example"))).to.deep.equal([["alone.example"]]);
  });

  it("never are servers of ours where DNS leads: nobody there is believed to be one", () => {
    sender.names.setMailExchangers("fabrikam.example", [{ host: "HubA.proexchange.local", preference: 10 }]);
    expect(found(dns("fabrikam.example"))).to.deep.equal([["huba.proexchange.local"]]);
  });

  it("will never be, where a domain has neither record nor host", () => {
    const found554 = found(dns("nowhere.example"));
    expect(found554).to.deep.equal({
      failed: { code: 554, enhanced: "5.4.4", lines: ["SMTPSEND.DNS.NonExistentDomain; nonexistent domain"] },
    });
  });

  it("are none for now where nobody knows a domain's mail exchangers", () => {
    sender.names.setMailExchangers("fabrikam.example", [{ host: "nowhere.example", preference: 10 }]);
    expect(found(dns("fabrikam.example"))).to.deep.equal({ lastError: "451 4.4.0 DNS query failed" });
  });

  it("come before this server itself in a list of mail exchangers, so that mail does not go in circles", () => {
    const list = [
      { host: "mx1.example", preference: 5 },
      { host: "Ex2007SE.proexchange.local", preference: 10 },
      { host: "mx2.example", preference: 10 },
      { host: "mx3.example", preference: 20 },
    ];
    sender.names.setMailExchangers("fabrikam.example", list);
    expect(found(dns("fabrikam.example"))).to.deep.equal([["mx1.example"]]);
    sender.names.setMailExchangers("fabrikam.example", list.slice(1));
    const loop = {
      code: 554,
      enhanced: "5.4.6",
      lines: ["The mail exchangers of this domain lead back to this server"],
    };
    expect(found(dns("fabrikam.example"))).to.deep.equal({ failed: loop });
    expect(found(dns("fabrikam.example"), { fqdn: "MX2.example" })).to.deep.equal({ failed: loop });
  });

  it("are nobody's for what no Send connector carries", () => {
    expect(() => found({ deliveryType: "Unreachable", nextHopDomain: "Unreachable Domain" })).to.throw("no next hop");
  });
});
