import { expect } from "chai";
import { categorize } from "../../../src/transport/categorize/categorize.ts";
import { buildRoutes } from "../../../src/transport/categorize/routes.ts";
import type { Envelope } from "../../../src/transport/mail-item.ts";
import { mailboxObject } from "../../helpers/objects.ts";
import { connector, hub, link, site, viewOf } from "./organization.ts";

const mailbox = (name: string, server: string, ...others: string[]) =>
  mailboxObject({ name, server, addresses: [`${name}@contoso.local`, ...others] });
const organization = viewOf({
  sites: ["Here", "There", "Island"].map(site),
  siteLinks: [link("Here", "There", 10)],
  servers: [hub("EX1", "Here"), hub("EX2", "Here"), hub("EX3", "There"), hub("EX4", "Island")],
  domains: { "contoso.local": "Authoritative" },
  mailboxes: [
    mailbox("anna", "EX1", "a@contoso.local"),
    mailbox("ben", "EX2"),
    mailbox("carl", "EX3"),
    mailbox("dora", "EX4"),
    mailbox("lost", "EX9"),
  ],
  connectors: [connector("Woodgrove", ["woodgrove.com"], ["EX3"])],
});
const here = { server: "EX1", role: "hub" as const, site: "Here" };
const routes = buildRoutes(organization, here, new Date("2008-05-12T10:00:00Z"));

const sortOut = (...addresses: string[]) => {
  const envelope: Envelope = {
    from: "x@contoso.local",
    recipients: addresses.map((address) => ({ address })),
    body: "7BIT",
  };
  const { deliveries, failed, duplicates, steps } = categorize(envelope, organization, here, routes, 1000);
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

  it("finds no route to a foreign domain that no send connector serves", () => {
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

  it("tells the way to a domain once, however many of its recipients there are", () => {
    const { copies, steps } = sortOut("eve@woodgrove.com", "carl@contoso.local", "zoe@WOODGROVE.com");
    expect(copies).to.deep.equal([
      "SmtpRelayToRemoteAdSite There: eve@woodgrove.com carl@contoso.local zoe@WOODGROVE.com",
    ]);
    expect(steps.map(({ text }) => text)).to.deep.equal([
      "woodgrove.com matches woodgrove.com of Woodgrove",
      "woodgrove.com: by Woodgrove, which starts from site There",
      "Here > There (cost 10, 1 hop), the only path",
      "Relay to There directly: no hub site lies between",
    ]);
  });

  it("keeps what the client asked of each recipient", () => {
    const recipient = { address: "carl@contoso.local", notify: ["SUCCESS"], orcpt: "rfc822;c@x.example" };
    const envelope: Envelope = { from: "", recipients: [recipient], body: "7BIT" };
    const { deliveries } = categorize(envelope, organization, here, routes, 1000);
    expect(deliveries[0]?.recipients).to.deep.equal([recipient]);
  });
});
