import { expect } from "chai";
import type { ServerRole, Site, SiteLink } from "../../../src/directory/index.ts";
import { buildRoutingTable, type RoutingTable } from "../../../src/transport/categorize/route.ts";

const hubRoles: ServerRole[] = ["HubTransport"];

/** `"A-B 10"` is a link, `"*C"` a hub site, `"-D"` a site without a Hub; sites are named by the links. */
function tableFrom(site: string, ...lines: string[]): RoutingTable {
  const links: SiteLink[] = lines
    .filter((line) => line.includes(" "))
    .map((line) => {
      const [sites = "", cost] = line.split(" ");
      return { name: sites, sites: sites.split("-"), adCost: Number(cost), exchangeCost: null };
    });
  const names = [...new Set(links.flatMap((link) => link.sites))];
  const sites: Site[] = names.map((name) => ({ name, hubSiteEnabled: lines.includes(`*${name}`) }));
  const servers = names.filter((name) => !lines.includes(`-${name}`)).map((name) => ({ site: name, roles: hubRoles }));
  return buildRoutingTable(sites, links, servers, site, new Date("2008-05-12T10:00:00Z"));
}

const nextHops = (table: RoutingTable, ...targets: string[]) => Object.fromEntries(table.routesTo(targets).nextHops);
const textOf = (table: RoutingTable, ...targets: string[]) => table.routesTo(targets).steps.map(({ text }) => text);

describe("buildRoutingTable", () => {
  it("relays directly to the target site, whatever sites lie between", () => {
    const table = tableFrom("A", "A-B 10", "B-C 10");
    expect(nextHops(table, "C")).to.deep.equal({ C: "C" });
    expect(textOf(table, "C")).to.deep.equal([
      "A > B > C (cost 20, 2 hops), the only path",
      "Relay to C directly: no hub site lies between",
    ]);
  });

  it("stops at the first hub site on the path and ignores hub sites elsewhere", () => {
    const table = tableFrom("A", "A-B 10", "B-C 10", "C-D 10", "A-E 1", "*B", "*C", "*E");
    expect(nextHops(table, "D")).to.deep.equal({ D: "B" });
    expect(textOf(table, "D")).to.include("Relay to hub site B, on the way to D");
  });

  it("ignores a hub site without a Hub Transport server", () => {
    expect(nextHops(tableFrom("A", "A-B 10", "B-C 10", "*B", "-B"), "C")).to.deep.equal({ C: "C" });
  });

  it("prefers the lower cost to fewer hops, and says what the others would have cost", () => {
    const table = tableFrom("A", "A-B 10", "B-C 10", "A-C 50");
    expect(textOf(table, "C")[0]).to.equal(
      "A > B > C (cost 20, 2 hops), rather than A > C (cost 50, 1 hop): lowest cost",
    );
  });

  it("prefers fewer hops at equal cost", () => {
    const table = tableFrom("A", "A-B 10", "B-C 10", "A-C 20");
    expect(textOf(table, "C")[0]).to.equal(
      "A > C (cost 20, 1 hop), rather than A > B > C (cost 20, 2 hops): equal cost, fewest hops",
    );
  });

  it("prefers the lower site name at equal cost and hops, looking at the site next to the target first", () => {
    const table = tableFrom("A", "A-Y 1", "A-X 1", "Y-B 1", "X-C 1", "B-T 1", "C-T 1", "*X", "*Y");
    expect(nextHops(table, "T")).to.deep.equal({ T: "Y" }); // A > Y > B > T, for B comes before C
  });

  it("prefers ExchangeCost to the cost of Active Directory", () => {
    const links: SiteLink[] = [
      { name: "direct", sites: ["A", "C"], adCost: 5, exchangeCost: 100 },
      { name: "first", sites: ["A", "B"], adCost: 10, exchangeCost: null },
      { name: "second", sites: ["B", "C"], adCost: 10, exchangeCost: null },
    ];
    const sites = ["A", "B", "C"].map((name) => ({ name, hubSiteEnabled: name === "B" }));
    const servers = sites.map(({ name }) => ({ site: name, roles: hubRoles }));
    expect(nextHops(buildRoutingTable(sites, links, servers, "A"), "C")).to.deep.equal({ C: "B" });
  });

  it("joins every pair of sites within one link", () => {
    expect(nextHops(tableFrom("A", "A-B-C 10"), "B", "C")).to.deep.equal({ B: "B", C: "C" });
  });

  it("sends one copy to the fork", () => {
    const table = tableFrom("A", "A-B 1", "B-D 1", "B-E 1");
    expect(nextHops(table, "D", "E")).to.deep.equal({ D: "B", E: "B" });
    expect(textOf(table, "D", "E")).to.include("One copy to B, where the ways to D, E part");
    expect(nextHops(table, "D")).to.deep.equal({ D: "D" });
  });

  it("takes a target on the way to another one for the fork", () => {
    expect(nextHops(tableFrom("A", "A-B 1", "B-C 1", "C-D 1"), "B", "D")).to.deep.equal({ B: "B", D: "B" });
  });

  it("takes the last shared site that has a Hub when the fork has none", () => {
    const lines = ["A-B 1", "B-F 1", "F-D 1", "F-E 1", "-F"];
    expect(nextHops(tableFrom("A", ...lines), "D", "E")).to.deep.equal({ D: "B", E: "B" });
    expect(nextHops(tableFrom("A", ...lines, "-B"), "D", "E")).to.deep.equal({ D: "D", E: "E" });
  });

  it("raises event 5007 for a site without links and for a site without a Hub", () => {
    const table = tableFrom("A", "A-B 1", "C-D 1", "-B");
    const { nextHops: hops, steps } = table.routesTo(["B", "C"]);
    expect([...hops.values()]).to.deep.equal([undefined, undefined]);
    expect(steps.map(({ event }) => event)).to.deep.equal([
      { id: 5007, parameters: ["B", "2008-05-12T10:00:00.000Z"] },
      { id: 5007, parameters: ["C", "2008-05-12T10:00:00.000Z"] },
    ]);
  });

  it("gives the same routes again for the same sites in any order", () => {
    const table = tableFrom("A", "A-B 1", "B-D 1", "B-E 1");
    expect(table.routesTo(["D", "E"])).to.equal(table.routesTo(["E", "D"]));
  });

  it("knows what the way to a site costs, and why there is none", () => {
    const table = tableFrom("A", "A-B 10", "B-C 10", "A-C 50", "D-E 1", "-B");
    const answers = ["A", "C", "B", "D"].map((site) => {
      const way = table.costTo(site);
      return "lack" in way ? way.lack.event?.parameters : way.cost;
    });
    const builtAt = "2008-05-12T10:00:00.000Z";
    expect(answers).to.deep.equal([0, 20, ["B", builtAt], ["D", builtAt]]);
  });
});
