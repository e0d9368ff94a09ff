import { expect } from "chai";
import { defaultSendConnector, type SendConnector, type TransportConfig } from "../../../src/directory/index.ts";
import { organizationHeaders } from "../../../src/smtp/index.ts";
import type { NextHopSolution } from "../../../src/transport/mail-item.ts";
import { obstacle, rulesFor, type SessionRules } from "../../../src/transport/send/rules.ts";
import type { SendServer } from "../../../src/transport/send/send-server.ts";
import type { Target } from "../../../src/transport/send/targets.ts";
import { serverObject } from "../../helpers/objects.ts";
import { newSender } from "./sender.ts";

const endpoint = { address: "127.1.0.1", port: 25 };
const hubServer = serverObject({ name: "Hub1" });
const edgeServer = serverObject({ name: "Edge1", roles: ["EdgeTransport"] });
const aHub: Target = { host: "Hub1.proexchange.local", endpoint, server: hubServer };
const anEdge: Target = { host: "Edge1.proexchange.local", endpoint, server: edgeServer };
const anybody: Target = { host: "mx.fabrikam.example", endpoint, server: undefined };

const internet: SendConnector = { ...defaultSendConnector, name: "Internet", fqdn: "mail.proexchange.example" };
const toSmartHost: SendConnector = {
  ...defaultSendConnector,
  name: "Relay",
  dnsRoutingEnabled: false,
  smartHosts: ["relay.example"],
};
const inbound: SendConnector = {
  ...defaultSendConnector,
  name: "EdgeSync - Inbound to SiteA",
  dnsRoutingEnabled: false,
  smartHosts: ["--"],
  smartHostAuthMechanism: "ExchangeServer",
  protocolLoggingLevel: "Verbose",
};
const overDns: NextHopSolution = {
  deliveryType: "DnsConnectorDelivery",
  nextHopDomain: "fabrikam.example",
  connector: "Internet",
};
const overSmartHost: NextHopSolution = {
  deliveryType: "SmartHostConnectorDelivery",
  nextHopDomain: "relay.example",
  connector: "Relay",
};
const toSite: NextHopSolution = { deliveryType: "SmtpRelayToRemoteAdSite", nextHopDomain: "SiteB" };
const toEdge: NextHopSolution = { deliveryType: "SmtpRelayWithinAdSiteToEdge", nextHopDomain: "Internet" };

/** A sender in whose organization mail to these domains is secured. */
function sending(secured: readonly string[] = [], changes: Partial<SendServer> = {}) {
  const sender = newSender(changes);
  const config: TransportConfig = {
    tlsSendDomainSecureList: secured,
    tlsReceiveDomainSecureList: [],
    internalSmtpServers: [],
  };
  sender.organization.put("transportConfig", config);
  return sender;
}

function rules(
  solution: NextHopSolution,
  connector: SendConnector | undefined,
  target: Target,
  by = sending(),
): SessionRules {
  const found = rulesFor({ solution, connector }, target, by);
  if ("refusal" in found) throw new Error(found.refusal.lines.join(" "));
  return found;
}

const edge = { name: "Edge1", fqdn: "edge1.perimeter.example", role: "edge" } as const;

describe("the rules of a session", () => {
  describe("between Hubs", () => {
    it("are those of the intra-organization connector: TLS, X-EXPS, every header", () => {
      expect(rules(toSite, undefined, aHub)).to.deep.include({
        connector: "Intra-Organization SMTP Send Connector",
        protocolLoggingLevel: "Verbose",
        hello: "EHLO Ex2007SE.proexchange.local",
        tls: "required",
        verb: "STARTTLS",
        remoteDomain: "Hub1.proexchange.local",
        peer: { kind: "hub", server: hubServer, judged: true },
        strippedHeaders: [],
      });
    });

    it("use Exchange's own verb, and judge nobody, where the lab is so", () => {
      const by = sending([], { intraOrgTls: "x-anonymoustls", hubTrust: "exchange" });
      expect(rules(toSite, undefined, aHub, by)).to.deep.include({
        verb: "X-ANONYMOUSTLS",
        peer: { kind: "hub", server: hubServer, judged: false },
      });
    });
  });

  describe("across the perimeter", () => {
    it("are direct trust on the intra-organization connector, from a Hub to an Edge server", () => {
      expect(rules(toEdge, { ...internet, requireTls: false, ignoreStartTls: true }, anEdge)).to.deep.include({
        connector: "Intra-Organization SMTP Send Connector",
        hello: "EHLO Ex2007SE.proexchange.local",
        tls: "required",
        peer: { kind: "direct-trust", server: edgeServer },
        strippedHeaders: [],
      });
    });

    it("are direct trust on the inbound connector, from an Edge server to a Hub", () => {
      const solution = { ...overSmartHost, nextHopDomain: "--", connector: inbound.name };
      const by = sending([], { ...edge, intraOrgTls: "x-anonymoustls" });
      expect(rules(solution, inbound, aHub, by)).to.deep.include({
        connector: "EdgeSync - Inbound to SiteA",
        protocolLoggingLevel: "Verbose",
        hello: "EHLO edge1.perimeter.example",
        tls: "required",
        verb: "X-ANONYMOUSTLS",
        peer: { kind: "direct-trust", server: hubServer },
        strippedHeaders: [],
      });
    });

    it("take no FQDN, ForceHELO or IgnoreSTARTTLS from the connector", () => {
      const odd = { ...inbound, fqdn: "mail.example", forceHelo: true, ignoreStartTls: true };
      expect(rules(overSmartHost, odd, aHub, sending([], edge))).to.deep.include({
        hello: "EHLO edge1.perimeter.example",
        tls: "required",
      });
    });
  });

  describe("with a smart host that is to be an Exchange server", () => {
    const demanding = { ...toSmartHost, smartHostAuthMechanism: "ExchangeServer" } as const;

    it("are those of that server, on the connector's own name", () => {
      expect(rules(overSmartHost, demanding, anEdge)).to.deep.include({
        connector: "Relay",
        peer: { kind: "direct-trust", server: edgeServer },
      });
      expect(rules(overSmartHost, demanding, aHub).peer.kind).to.equal("hub");
    });

    for (const [what, target, by] of [
      ["is nobody the directory knows", anybody, sending()],
      ["is an Edge server, to an Edge server", anEdge, sending([], edge)],
      ["has no transport role", { ...aHub, server: serverObject({ name: "Mbx", roles: ["Mailbox"] }) }, sending()],
    ] as const)
      it(`are a refusal where it ${what}`, () => {
        const found = rulesFor({ solution: overSmartHost, connector: demanding }, target, by);
        expect(found).to.deep.equal({
          refusal: { code: 451, enhanced: "5.7.3", lines: ["Cannot achieve Exchange Server authentication"] },
        });
      });

    it("mean nothing where mail goes by DNS", () => {
      const connector = { ...internet, smartHostAuthMechanism: "ExchangeServer" } as const;
      expect(rules(overDns, connector, anybody).peer).to.deep.equal({ kind: "stranger" });
    });
  });

  describe("with anybody else", () => {
    it("are opportunistic STARTTLS under the connector's name and FQDN, without the organization's headers", () => {
      expect(rules(overDns, internet, anybody)).to.deep.include({
        connector: "Internet",
        protocolLoggingLevel: "None",
        hello: "EHLO mail.proexchange.example",
        tls: "opportunistic",
        verb: "STARTTLS",
        remoteDomain: "fabrikam.example",
        peer: { kind: "stranger" },
        strippedHeaders: organizationHeaders,
      });
    });

    it("use STARTTLS also where Exchange servers use a verb of their own", () => {
      const by = sending([], { intraOrgTls: "x-anonymoustls" });
      expect(rules(overDns, internet, anybody, by).verb).to.equal("STARTTLS");
    });

    it("give the server's own name where the connector has none", () => {
      expect(rules(overDns, { ...internet, fqdn: null }, anybody).hello).to.equal("EHLO Ex2007SE.proexchange.local");
    });

    for (const [what, changes, tls, verb] of [
      ["nothing", {}, "opportunistic", "EHLO"],
      ["RequireTLS", { requireTls: true }, "required", "EHLO"],
      ["IgnoreSTARTTLS", { ignoreStartTls: true }, "never", "EHLO"],
      ["ForceHELO", { forceHelo: true }, "never", "HELO"],
      ["RequireTLS and IgnoreSTARTTLS", { requireTls: true, ignoreStartTls: true }, "required", "EHLO"],
      ["RequireTLS and ForceHELO", { requireTls: true, forceHelo: true }, "required", "HELO"],
    ] as const)
      it(`have ${tls} TLS and say ${verb} where the connector says ${what}`, () => {
        const found = rules(overDns, { ...internet, ...changes }, anybody);
        expect(found.tls).to.equal(tls);
        expect(found.hello).to.equal(`${verb} mail.proexchange.example`);
      });

    it("ask nothing of a smart host that is externally secured, and tell it nothing of the organization", () => {
      const connector = { ...toSmartHost, smartHostAuthMechanism: "ExternalAuthoritative" } as const;
      expect(rules(overSmartHost, connector, anEdge)).to.deep.include({
        tls: "opportunistic",
        peer: { kind: "stranger" },
        strippedHeaders: organizationHeaders,
      });
    });
  });

  describe("for a secured domain", () => {
    const secure = { ...internet, domainSecureEnabled: true };
    const by = sending(["Fabrikam.example"]);

    it("are mutual TLS over a domain-secure connector", () => {
      expect(rules(overDns, secure, anybody, by)).to.deep.include({
        tls: "required",
        verb: "STARTTLS",
        peer: { kind: "partner", domain: "fabrikam.example", connector: secure },
        strippedHeaders: organizationHeaders,
      });
    });

    it("are those of anybody where another domain is secured", () => {
      const solution = { ...overDns, nextHopDomain: "contoso.example" };
      expect(rules(solution, secure, anybody, by).peer).to.deep.equal({ kind: "stranger" });
    });

    for (const [what, changes, why] of [
      ["is not domain-secure", { domainSecureEnabled: false }, "is not domain-secure"],
      ["ignores STARTTLS", { ignoreStartTls: true }, "ignores STARTTLS"],
      ["forces HELO", { forceHelo: true }, "says HELO, after which there is no STARTTLS"],
    ] as const)
      it(`let nothing go where the connector ${what}`, () => {
        const connector = { ...secure, ...changes };
        expect(obstacle({ solution: overDns, connector }, by)).to.deep.equal({
          code: 451,
          enhanced: "5.7.3",
          lines: [`Domain fabrikam.example is in TLSSendDomainSecureList, but Send connector Internet ${why}`],
        });
        expect(obstacle({ solution: overDns, connector }, sending()), "unlisted").to.equal(undefined);
      });

    it("stand in nobody's way over a connector that can do it", () => {
      expect(obstacle({ solution: overDns, connector: secure }, by)).to.equal(undefined);
    });

    it("withhold its mail, and no other, from a smart host outside", () => {
      const { withheld } = rules(overSmartHost, toSmartHost, anybody, by);
      expect(withheld("bob@FABRIKAM.example")?.lines).to.deep.equal([
        "Domain fabrikam.example is in TLSSendDomainSecureList, but Send connector Relay routes to smart hosts",
      ]);
      expect(withheld("bob@contoso.example")).to.equal(undefined);
    });

    it("let it go on to whoever is within: Exchange servers, and what is externally secured", () => {
      for (const smartHostAuthMechanism of ["ExchangeServer", "ExternalAuthoritative"] as const) {
        const { withheld } = rules(overSmartHost, { ...toSmartHost, smartHostAuthMechanism }, anEdge, by);
        expect(withheld("bob@fabrikam.example")).to.equal(undefined);
      }
      expect(rules(toEdge, internet, anEdge, by).withheld("bob@fabrikam.example")).to.equal(undefined);
    });
  });
});
