import { expect } from "chai";
import { numberAll } from "../../../src/lab/ground/addresses.ts";
import type { DeclaredServer } from "../../../src/lab/api/index.ts";
import type { DeclaredAttacker, DeclaredHost } from "../../../src/world/index.ts";
import { probeCapabilities, probeNames } from "../../../src/lab/ground/capabilities.ts";

const server = (name: string, site: string | null) => ({ name, site }) as DeclaredServer;
const nobody = { authorities: [], hosts: [], attackers: [] };
const topology = (...sizes: number[]) => ({
  sites: sizes.map((_, site) => ({ name: `S${site}`, hubSite: false })),
  servers: sizes.flatMap((size, site) =>
    Array.from({ length: size }, (_, place) => server(`EX${site}-${place}`, `S${site}`)),
  ),
  world: nobody,
});

describe("numberAll", () => {
  it("gives each site an octet and each server its place in it", () => {
    const addresses = numberAll(topology(1, 2), 7);
    expect([...addresses]).to.deep.equal([
      ["EX0-0", "127.7.1.1"],
      ["EX1-0", "127.7.2.1"],
      ["EX1-1", "127.7.2.2"],
    ]);
  });

  it("numbers flat where a site has more than 250 servers, and never twice the same", () => {
    const addresses = [...numberAll(topology(251, 600), 1).values()];
    expect(new Set(addresses).size).to.equal(851);
    expect(addresses[0]).to.equal("127.1.1.1");
    expect(addresses[250]).to.equal("127.1.2.1");
    expect(addresses.every((address) => address.split(".").every((octet) => Number(octet) <= 254))).to.equal(true);
  });

  it("numbers flat where there are more than 250 sites", () => {
    const addresses = [...numberAll(topology(...Array.from({ length: 300 }, () => 1)), 1).values()];
    expect(addresses[299]).to.equal("127.1.2.50");
  });
});

describe("those in no site", () => {
  it("have the perimeter, the outside and the way between to themselves", () => {
    const host = { name: "mail.fabrikam.example", at: undefined } as DeclaredHost;
    const elsewhere = { name: "mail.real.example", at: { address: "127.0.0.1", port: 2526 } } as DeclaredHost;
    const world = { authorities: [], hosts: [elsewhere, host], attackers: [{ name: "mallory" } as DeclaredAttacker] };
    const edges = [server("Edge1", null), server("Edge2", null)];
    const addresses = numberAll({ ...topology(1), servers: [...edges, server("EX0-0", "S0")], world }, 7);
    expect([...addresses]).to.deep.equal([
      ["EX0-0", "127.7.1.1"],
      ["Edge1", "127.7.251.1"],
      ["Edge2", "127.7.251.2"],
      ["mail.fabrikam.example", "127.7.252.1"],
      ["mallory", "127.7.253.1"],
    ]);
  });
});

describe("probeCapabilities", () => {
  it("finds nothing where every answer is forced", async () => {
    expect(await probeCapabilities(probeNames)).to.deep.equal({
      severalAddresses: false,
      lowPorts: false,
      unixSockets: false,
      folderSync: false,
    });
  });

  it("refuses a capability that there is not", async () => {
    const failure = await probeCapabilities(["no-gravity"]).catch((thrown: unknown) => thrown);
    expect(failure).to.have.property("code", "PROBE_UNKNOWN");
  });
});
