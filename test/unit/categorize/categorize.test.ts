import { expect } from "chai";
import type { ServerRole } from "../../../src/directory/index.ts";
import { categorize, type CategorizerDirectory } from "../../../src/transport/categorize/categorize.ts";
import { buildRoutingTable } from "../../../src/transport/categorize/route.ts";
import type { Envelope } from "../../../src/transport/mail-item.ts";
import { mailboxObject } from "../../helpers/objects.ts";

const roles: ServerRole[] = ["HubTransport", "Mailbox"];
const servers = [
  { name: "EX1", fqdn: "ex1.contoso.local", site: "Here", roles },
  { name: "EX2", fqdn: "ex2.contoso.local", site: "Here", roles },
  { name: "EX3", fqdn: "ex3.contoso.local", site: "There", roles },
  { name: "EX4", fqdn: "ex4.contoso.local", site: "Island", roles },
];
const mailbox = (name: string, server: string, ...others: string[]) =>
  mailboxObject({ name, server, addresses: [`${name}@contoso.local`, ...others] });
const mailboxes = [
  mailbox("anna", "EX1", "a@contoso.local"),
  mailbox("ben", "EX2"),
  mailbox("carl", "EX3"),
  mailbox("dora", "EX4"),
  mailbox("lost", "EX9"),
];
const organization: CategorizerDirectory = {
  mailboxByAddress: (address) => mailboxes.find(({ addresses }) => addresses.includes(address.toLowerCase())),
  acceptedDomain: (domain) =>
    domain === "contoso.local"
      ? { name: domain, domainName: domain, domainType: "Authoritative", default: true }
      : undefined,
  server: (name) => servers.find((server) => server.name === name),
};
const sites = ["Here", "There", "Island"].map((name) => ({ name, hubSiteEnabled: false }));
const link = { name: "L", sites: ["Here", "There"], adCost: 10, exchangeCost: null };
const routes = buildRoutingTable(sites, [link], servers, "Here");

const sortOut = (...addresses: string[]) => {
  const envelope: Envelope = {
    from: "x@contoso.local",
    recipients: addresses.map((address) => ({ address })),
    body: "7BIT",
  };
  const { deliveries, failed, duplicates, steps } = categorize(
    envelope,
    organization,
    { server: "EX1", site: "Here" },
    routes,
  );
  return {
    steps,
    failed,
    duplicates: duplicates.map(({ address }) => address),
    copies: deliveries.map(
      ({ solution, recipients }) =>
        `${solution.deliveryType} ${solution.nextHopDomain}: ${recipients.map(({ address }) => address).join(" ")}`,
    ),
  };
};

describe("categorize", () => {
  it("makes one copy per Mailbox server of the local site and one per next site", () => {
    const { copies, steps } = sortOut("anna@contoso.local", "carl@contoso.local", "ben@contoso.local");
    expect(steps.map(({ text }) => text)).to.deep.equal([
      "ex1.contoso.local is in this site, Here: deliver to its mailboxes",
      "ex2.contoso.local is in this site, Here: deliver to its mailboxes",
      "Here > There (cost 10, 1 hop), the only path",
      "Relay to There directly: no hub site lies between",
    ]);
    expect(copies).to.deep.equal([
      "MapiDelivery ex1.contoso.local: anna@contoso.local",
      "MapiDelivery ex2.contoso.local: ben@contoso.local",
      "SmtpRelayToRemoteAdSite There: carl@contoso.local",
    ]);
  });

  it("finds a mailbox by any of its addresses, whatever their case, and keeps the address as it was given", () => {
    expect(sortOut("A@Contoso.Local").copies).to.deep.equal(["MapiDelivery ex1.contoso.local: A@Contoso.Local"]);
  });

  it("serves a mailbox once that was named by two addresses, and hands the second back as a duplicate", () => {
    const { copies, duplicates } = sortOut("anna@contoso.local", "a@contoso.local");
    expect(copies).to.deep.equal(["MapiDelivery ex1.contoso.local: anna@contoso.local"]);
    expect(duplicates).to.deep.equal(["a@contoso.local"]);
  });

  it("leaves the same address out when it comes again: to settle one is to settle both", () => {
    const { copies, duplicates } = sortOut("anna@contoso.local", "ANNA@contoso.local");
    expect(copies).to.deep.equal(["MapiDelivery ex1.contoso.local: anna@contoso.local"]);
    expect(duplicates).to.deep.equal([]);
  });

  it("refuses an unknown recipient of an own domain, once", () => {
    const { failed, copies, steps } = sortOut("nobody@contoso.local", "Nobody@contoso.local");
    expect(copies).to.deep.equal([]);
    expect(failed).to.deep.equal([
      {
        recipient: { address: "nobody@contoso.local" },
        reply: { code: 550, enhanced: "5.1.1", lines: ["RESOLVER.ADR.RecipNotFound; not found"] },
      },
    ]);
    expect(steps.map(({ text }) => text)).to.deep.equal([
      "nobody@contoso.local: 550 5.1.1 RESOLVER.ADR.RecipNotFound; not found",
    ]);
  });

  it("finds no route to a foreign domain while there are no send connectors", () => {
    const { copies, steps } = sortOut("eve@elsewhere.example");
    expect(copies).to.deep.equal(["Unreachable Unreachable Domain: eve@elsewhere.example"]);
    expect(steps.map(({ text }) => text)).to.deep.equal([
      "eve@elsewhere.example: no send connector serves elsewhere.example",
    ]);
  });

  it("finds no route to a site without links and raises event 5007", () => {
    const { copies, steps } = sortOut("dora@contoso.local", "carl@contoso.local");
    expect(copies).to.deep.equal([
      "Unreachable Unreachable Domain: dora@contoso.local",
      "SmtpRelayToRemoteAdSite There: carl@contoso.local",
    ]);
    expect(steps.map(({ event }) => event?.id)).to.include(5007);
  });

  it("finds no route to a mailbox whose server the directory does not have and raises event 5006", () => {
    const { copies, steps } = sortOut("lost@contoso.local");
    expect(copies).to.deep.equal(["Unreachable Unreachable Domain: lost@contoso.local"]);
    expect(steps[0]?.event).to.deep.equal({ id: 5006, parameters: ["EX9"] });
  });

  it("keeps what the client asked of each recipient", () => {
    const recipient = { address: "carl@contoso.local", notify: ["SUCCESS"], orcpt: "rfc822;c@x.example" };
    const envelope: Envelope = { from: "", recipients: [recipient], body: "7BIT" };
    const { deliveries } = categorize(envelope, organization, { server: "EX1", site: "Here" }, routes);
    expect(deliveries[0]?.recipients).to.deep.equal([recipient]);
  });
});
