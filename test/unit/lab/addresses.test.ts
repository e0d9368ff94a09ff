import { expect } from "chai";
import { numberServers } from "../../../src/lab/addresses.ts";
import { probeCapabilities, probeNames } from "../../../src/lab/capabilities.ts";

const topology = (...sizes: number[]) => ({
  sites: sizes.map((_, site) => ({ name: `S${site}`, hubSite: false })),
  servers: sizes.flatMap((size, site) =>
    Array.from({ length: size }, (_, place) => ({
      name: `EX${site}-${place}`,
      site: `S${site}`,
      roles: ["HubTransport" as const],
      address: undefined,
      protocolLogging: "None" as const,
    })),
  ),
});

describe("numberServers", () => {
  it("gives each site an octet and each server its place in it", () => {
    const addresses = numberServers(topology(1, 2), 7);
    expect([...addresses]).to.deep.equal([
      ["EX0-0", "127.7.1.1"],
      ["EX1-0", "127.7.2.1"],
      ["EX1-1", "127.7.2.2"],
    ]);
  });

  it("numbers flat where a site has more than 250 servers, and never twice the same", () => {
    const addresses = [...numberServers(topology(251, 600), 1).values()];
    expect(new Set(addresses).size).to.equal(851);
    expect(addresses[0]).to.equal("127.1.1.1");
    expect(addresses[250]).to.equal("127.1.2.1");
    expect(addresses.every((address) => address.split(".").every((octet) => Number(octet) <= 254))).to.equal(true);
  });

  it("numbers flat where there are more than 250 sites", () => {
    const addresses = [...numberServers(topology(...Array.from({ length: 300 }, () => 1)), 1).values()];
    expect(addresses[299]).to.equal("127.1.2.50");
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
