import { expect } from "chai";
import { parseScenario } from "../../../src/scenario/load.ts";

const lab =
  "lab: { organization: o, domains: [o.local], sites: { S: {} }, servers: { EX1: { site: S, roles: [HubTransport] } } }";

const worldOf = (world: string) => {
  const loaded = parseScenario(`name: A\n${lab}\n${world}\nsteps: [{ note: hello }]\n`, "a.yaml");
  if ("problems" in loaded) throw new Error(loaded.problems.map(({ text }) => text).join("; "));
  return loaded.scenario.topology.world;
};

const usual = {
  at: undefined,
  tls: "offered",
  certificate: { issuer: null, names: [], flaw: null },
  tlsSettings: { minVersion: "TLSv1.2", maxVersion: "TLSv1.3", ciphers: null },
  clientCertificates: "ignored",
  sends: "opportunistic",
  trusts: [],
};

describe("a declared world", () => {
  it("is empty where a file has none", () => {
    expect(worldOf("")).to.deep.equal({ authorities: [], hosts: [], attackers: [] });
    expect(worldOf("world: {}")).to.deep.equal({ authorities: [], hosts: [], attackers: [] });
  });

  it("needs no more of a host than its domains", () => {
    const { hosts } = worldOf("world: { hosts: { mail.fabrikam.example: { domains: [fabrikam.example] } } }");
    expect(hosts).to.deep.equal([
      { ...usual, name: "mail.fabrikam.example", domains: [{ name: "fabrikam.example", preference: 10 }] },
    ]);
  });

  it("has all that the file says, in its order", () => {
    const { authorities, hosts, attackers } = worldOf(`
world:
  authorities: { Root: , Issuing: { issuedBy: Root } }
  hosts:
    a.example.com:
      domains: [a.example, { name: b.example, preference: 20 }]
      tls: required
      certificate: { issuer: Issuing, names: [a.example.com, "*.b.example"], flaw: expired }
      versions: { max: TLSv1.1 }
      clientCertificates: required
      sends: verified
      trusts: [Root]
    b.example.com: { domains: [c.example], certificate: none, versions: { min: TLSv1 } }
    c.example.com: { domains: [d.example], at: "127.0.0.1:2525" }
    d.example.com: { domains: [e.example], at: "127.0.0.1:2526", certificate: { issuer: Root, flaw: expired } }
  attackers: { mallory: { before: EX1, does: listen }, trudy: { before: a.example.com, does: listen, present: false } }
`);
    expect(authorities).to.deep.equal([
      { name: "Root", issuedBy: null },
      { name: "Issuing", issuedBy: "Root" },
    ]);
    expect(hosts[0]).to.deep.equal({
      name: "a.example.com",
      domains: [
        { name: "a.example", preference: 10 },
        { name: "b.example", preference: 20 },
      ],
      at: undefined,
      tls: "required",
      certificate: { issuer: "Issuing", names: ["a.example.com", "*.b.example"], flaw: "expired" },
      tlsSettings: { minVersion: "TLSv1.1", maxVersion: "TLSv1.1", ciphers: null },
      clientCertificates: "required",
      sends: "verified",
      trusts: ["Root"],
    });
    expect(hosts[1]).to.deep.include({
      certificate: null,
      tlsSettings: { minVersion: "TLSv1", maxVersion: "TLSv1.3", ciphers: null },
    });
    expect(hosts[2]).to.deep.include({ at: { address: "127.0.0.1", port: 2525 }, certificate: null });
    expect(hosts[3]?.certificate).to.deep.equal({ issuer: "Root", names: [], flaw: "expired" });
    expect(attackers.map(({ name, service, fromTheStart }) => [name, service, fromTheStart])).to.deep.equal([
      ["mallory", "smtp", true],
      ["trudy", "smtp", false],
    ]);
  });
});
