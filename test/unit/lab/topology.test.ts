import { expect } from "chai";
import { checkTopology, topologySchema, toTopology, worldSchema } from "../../../src/lab/index.ts";

const declared = (change: Record<string, unknown> = {}) =>
  topologySchema.parse({
    organization: "proexchange",
    domains: ["proexchange.local"],
    sites: { SiteA: null, SiteB: { hubSite: true } },
    siteLinks: [{ name: "A-B", sites: ["SiteA", "SiteB"] }],
    servers: {
      Ex2007EE: { site: "SiteA", roles: ["HubTransport", "Mailbox"] },
      Ex2007SE: { site: "SiteB", roles: ["HubTransport"], address: "127.0.0.9", protocolLogging: "Verbose" },
    },
    mailboxes: { bob: { server: "Ex2007EE", addresses: ["BOB@proexchange.local", "b@proexchange.local"] } },
    ...change,
  });

const noWorld = worldSchema.parse({});

const problems = (change: Record<string, unknown>): string[] =>
  checkTopology(declared(change)).map(({ path, found, wanted }) => `${path.join(".")}: ${found}, wanted ${wanted}`);

const minute = 60_000;
const plainServer = {
  present: true,
  dnsSuffix: undefined,
  clockSkewMs: 0,
  noSelfSignedCertificates: false,
  tlsSettings: { minVersion: "TLSv1.2", maxVersion: "TLSv1.3", ciphers: null },
  certificate: undefined,
  certificates: [],
  trusts: [],
  subscription: undefined,
};

describe("a topology", () => {
  it("has every default filled in, in the file's order", () => {
    expect(toTopology(declared(), noWorld, "two-sites")).to.deep.equal({
      id: "two-sites",
      organization: "proexchange",
      domains: ["proexchange.local"],
      clock: undefined,
      intraOrgTls: "starttls",
      hubTrust: "direct-trust",
      renewalKeepsIis: true,
      smtpCertificates: "several",
      overwriteQuestion: "the-existing",
      event1035: "warning",
      disputed: { expiredStartTls: "offer", expiredPki: "wins", notEnabledForSmtp: "skip" },
      keys: "cached",
      sites: [
        { name: "SiteA", hubSite: false },
        { name: "SiteB", hubSite: true },
      ],
      siteLinks: [{ name: "A-B", sites: ["SiteA", "SiteB"], cost: 100 }],
      servers: [
        {
          name: "Ex2007EE",
          site: "SiteA",
          roles: ["HubTransport", "Mailbox"],
          address: undefined,
          protocolLogging: "None",
          ...plainServer,
        },
        {
          name: "Ex2007SE",
          site: "SiteB",
          roles: ["HubTransport"],
          address: "127.0.0.9",
          protocolLogging: "Verbose",
          ...plainServer,
        },
      ],
      mailboxes: [
        // The primary address is not there a second time, though the file repeats it.
        {
          name: "bob",
          server: "Ex2007EE",
          addresses: ["bob@proexchange.local", "b@proexchange.local"],
          password: undefined,
          requireSenderAuthentication: false,
          safeSenders: [],
        },
      ],
      edgeSync: {
        topologyIntervalMs: 5 * minute,
        configurationIntervalMs: 60 * minute,
        recipientIntervalMs: 240 * minute,
        lockDurationMs: 5 * minute,
        optionDurationMs: 60 * minute,
        lockRenewalMs: minute,
        credentialLifetimeMs: 30 * 24 * 60 * minute,
      },
      world: { authorities: [], hosts: [], attackers: [] },
    });
  });

  it("takes its own id and clock before the defaults", () => {
    const topology = toTopology(declared({ id: "lesson-1", clock: "2008-05-12T12:00:00+02:00" }), noWorld, "file");
    expect(topology.id).to.equal("lesson-1");
    expect(topology.clock).to.deep.equal(new Date("2008-05-12T10:00:00Z"));
  });

  it("sets the clocks of its servers ahead or back", () => {
    const { servers } = toTopology(declared({ skew: { Ex2007EE: "+6m", Ex2007SE: "-30s" } }), noWorld, "file");
    expect(servers.map(({ clockSkewMs }) => clockSkewMs)).to.deep.equal([6 * minute, -minute / 2]);
    expect(problems({ skew: { Ex2007XX: "6m" } })).to.deep.equal([
      'skew.Ex2007XX: found "Ex2007XX", which lab.servers does not declare, wanted a server of lab.servers: Ex2007EE, Ex2007SE',
    ]);
    for (const skew of ["six minutes", "+-6m", "0s", 6])
      expect(() => declared({ skew: { Ex2007EE: skew } }), String(skew)).to.throw(/a time span like \+6m or -30s/);
  });

  it("spares only Client Access and Unified Messaging servers a self-signed certificate", () => {
    const withRoles = (...roles: string[]) =>
      problems({ servers: { EX1: { site: "SiteA", roles, noSelfSignedCertificates: true } }, mailboxes: {} });
    expect(withRoles("ClientAccess")).to.deep.equal([]);
    expect(withRoles("UnifiedMessaging", "Mailbox")).to.deep.equal([]);
    expect(withRoles("HubTransport", "ClientAccess")).to.deep.equal([]);
    expect(withRoles("HubTransport", "Mailbox")).to.deep.equal([
      "servers.EX1.noSelfSignedCertificates: found it on a server with HubTransport, Mailbox, wanted it where ClientAccess or UnifiedMessaging is among the roles: /NoSelfSignedCertificates is for those only",
    ]);
  });

  it("that holds together has no problems", () => {
    expect(checkTopology(declared())).to.deep.equal([]);
  });

  it("may have a site without a Hub when no mailbox is in it", () => {
    const servers = { EX1: { site: "SiteA", roles: ["Mailbox"] } };
    expect(problems({ servers, mailboxes: {} })).to.deep.equal([]);
    expect(problems({ servers, mailboxes: { bob: { server: "EX1" } } })).to.deep.equal([
      "sites.SiteA: found mailboxes in it (bob) and no Hub Transport server, wanted a server with the HubTransport role in every site that has mailboxes",
    ]);
  });

  it("has addresses in its own domains only, whatever their case", () => {
    const mailboxes = { bob: { server: "Ex2007EE", addresses: ["b@PROEXCHANGE.local", "b@sub.proexchange.local"] } };
    expect(problems({ mailboxes })).to.deep.equal([
      'mailboxes.bob.addresses.1: found "b@sub.proexchange.local", wanted an address in a domain of lab.domains: proexchange.local',
    ]);
  });

  it("takes an address from another mailbox's name as a duplicate", () => {
    const mailboxes = {
      anna: { server: "Ex2007EE", addresses: ["BOB@proexchange.local"] },
      bob: { server: "Ex2007EE" },
    };
    expect(problems({ mailboxes })).to.deep.equal([
      'mailboxes.bob: found "bob@proexchange.local" again, wanted each address once',
    ]);
  });
});
