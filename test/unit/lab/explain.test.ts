import { expect } from "chai";
import { LabError } from "../../../src/base/index.ts";
import { defaultDisputedRules, rulesByRoots, type StoredCertificate } from "../../../src/certificates/index.ts";
import {
  defaultSendConnector,
  defaultTransportConfig,
  edgeReceiveConnectors,
  hubReceiveConnectors,
  type SendConnector,
} from "../../../src/directory/index.ts";
import { choicesFor } from "../../../src/lab/answers/explain.ts";
import type { Chooser } from "../../../src/lab/answers/explain-choice.ts";
import { targetsNamed } from "../../../src/lab/answers/explain-target.ts";
import { serverObject } from "../../helpers/objects.ts";
import { makeCertificate } from "../certificates/make.ts";
import { TestView } from "../send/sender.ts";

const at = new Date("2008-06-01T00:00:00Z");
const fqdn = "Ex2007EE.proexchange.local";
const bindings = { default: "127.7.1.1:25", client: "127.7.1.1:587" };
const edgeSite = { site: "SiteA", roles: ["EdgeTransport"] as const };

/** An organization of two sites, with an Edge server that is subscribed to the first. */
function organizationWith(...connectors: Partial<SendConnector>[]): TestView {
  const view = new TestView()
    .put("site", { name: "SiteA", hubSiteEnabled: false })
    .put("site", { name: "SiteB", hubSiteEnabled: false })
    .put("siteLink", { name: "A-B", sites: ["SiteA", "SiteB"], adCost: 10, exchangeCost: null })
    .put("server", serverObject({ name: "Ex2007EE" }))
    .put("server", serverObject({ name: "Ex2007NE" }))
    .put("server", serverObject({ name: "Ex2007SE", site: "SiteB" }))
    .put("server", serverObject({ name: "Edge1", fqdn: "Edge1.perimeter.example", ...edgeSite }));
  for (const server of ["Ex2007EE", "Ex2007SE"])
    for (const connector of hubReceiveConnectors(server, bindings)) view.put("receiveConnector", connector);
  for (const connector of connectors) view.put("sendConnector", { ...defaultSendConnector, ...connector });
  return view;
}

const toInternet = { name: "Internet", sourceTransportServers: ["Ex2007EE"] };
const everything = { addressSpaces: [{ type: "SMTP" as const, domain: "*", cost: 1 }] };

describe("choicesFor", () => {
  let own: StoredCertificate;
  let mail: StoredCertificate;
  before(async () => {
    own = (await makeCertificate({ commonName: "Ex2007EE", names: ["Ex2007EE", fqdn] })).certificate;
    mail = (await makeCertificate({ commonName: "mail.proexchange.local", names: [] })).certificate;
  });

  const chooser = (
    organization: TestView,
    about: Partial<Chooser<StoredCertificate>> = {},
  ): Chooser<StoredCertificate> => ({
    name: "Ex2007EE",
    fqdn,
    role: "hub",
    site: "SiteA",
    organization,
    candidates: [own, mail],
    published: own.thumbprint,
    rules: rulesByRoots({ roots: [] }, at, defaultDisputedRules),
    ...about,
  });

  /** What is selected for a name: `selection: certificate`, and the last step. */
  const chosen = (name: string, from: Chooser<StoredCertificate>): [string, StoredCertificate | undefined, string][] =>
    targetsNamed(name, from.name, from.organization)
      .flatMap((target) => choicesFor(target, from))
      .map(({ selection, outcome, steps }) => [selection, outcome, steps.at(-1)?.text ?? ""]);

  it("explains both verbs of a receive connector, by its identity or its name, in any case", () => {
    const from = chooser(organizationWith());
    for (const name of ["Ex2007EE\\Default Ex2007EE", "default ex2007ee"]) {
      const found = chosen(name, from);
      expect(found.map(([selection, outcome]) => [selection, outcome])).to.deep.equal([
        ["Inbound STARTTLS", own],
        ["Inbound X-ANONYMOUSTLS", own],
      ]);
    }
  });

  it("explains every receive connector of the server for its own name", () => {
    const found = chosen(fqdn, chooser(organizationWith()));
    expect(found).to.have.length(4);
    expect(found[1]?.[2]).to.equal("AuthMechanism lacks ExchangeServer: anonymous TLS is not offered");
  });

  it("tells the name that STARTTLS is chosen by, the connector's or the server's, and none where the directory decides", () => {
    const organization = organizationWith();
    const namesOf = (name: string): unknown =>
      targetsNamed(name, "Ex2007EE", organization)
        .flatMap((target) => choicesFor(target, chooser(organization)))
        .map((choice) => choice.fqdn);
    expect(namesOf("Default Ex2007EE")).to.deep.equal([fqdn, null]);
    const [connector] = organization.receiveConnectors("Ex2007EE");
    organization.put("receiveConnector", { ...(connector as NonNullable<typeof connector>), fqdn: "mail.contoso.com" });
    expect(namesOf("Client Ex2007EE")).to.deep.equal(["mail.contoso.com", null]);
    expect(namesOf("Ex2007SE")).to.deep.equal([null]);
  });

  it("explains what a Send connector would present, by the connector's own name", () => {
    const secure = { ...toInternet, ...everything, domainSecureEnabled: true, fqdn: "mail.proexchange.local" };
    const from = chooser(organizationWith(secure));
    expect(chosen("internet", from).map(([selection, outcome]) => [selection, outcome])).to.deep.equal([
      ["Outbound STARTTLS", mail],
    ]);
  });

  it("presents the internal certificate to an Edge server, and to another Hub none", () => {
    const from = chooser(organizationWith());
    expect(chosen("Edge1", from)[0]?.slice(0, 2)).to.deep.equal(["Outbound X-ANONYMOUSTLS", own]);
    expect(chosen("Ex2007SE", from)[0]?.[2]).to.match(/^SmtpRelayToRemoteAdSite leads to no Edge server/);
    expect(chosen("ex2007ne.proexchange.local", from)[0]?.[2]).to.match(/^SmtpRelayWithinAdSite leads to no Edge/);
  });

  it("presents the internal certificate of an Edge server to the Hubs of its site, through the subscription's connector", () => {
    const inbound = {
      name: "EdgeSync - Inbound to SiteA",
      smartHosts: ["--"],
      smartHostAuthMechanism: "ExchangeServer" as const,
      dnsRoutingEnabled: false,
    };
    const role = { name: "Edge1", role: "edge" as const, site: null };
    const subscribed = organizationWith(inbound);
    for (const connector of edgeReceiveConnectors("Edge1", "127.7.9.1:25"))
      subscribed.put("receiveConnector", connector);
    expect(chosen("Ex2007EE", chooser(subscribed, role))[0]?.slice(0, 2)).to.deep.equal([
      "Outbound X-ANONYMOUSTLS",
      own,
    ]);
    expect(chosen("EdgeSync - Inbound to SiteA", chooser(subscribed, role))[0]?.[1]).to.equal(own);
    expect(chosen("Ex2007EE", chooser(organizationWith(), role))[0]?.[2]).to.match(/SmartHostAuthMechanism is None/);
  });

  it("finds the way that mail to a domain takes, and says that a stranger is shown none", () => {
    const from = chooser(organizationWith({ ...toInternet, ...everything }));
    const [choice] = choicesFor({ kind: "domain", domain: "fabrikam.com" }, from);
    expect(choice).to.include({ outcome: undefined, connector: "Internet", fqdn: null });
    expect(choice?.steps.map(({ text }) => text)).to.deep.equal([
      "fabrikam.com matches * of Internet",
      "fabrikam.com: by Internet, from here to the domain's mail exchangers",
      "fabrikam.com is not in TLSSendDomainSecureList: none is presented",
    ]);
  });

  it("presents a certificate to a secured domain, and none where the connector cannot secure it", () => {
    const securing = { ...toInternet, ...everything, domainSecureEnabled: true, fqdn: "mail.proexchange.local" };
    const secured = (organization: TestView): TestView =>
      organization.put("transportConfig", { ...defaultTransportConfig, tlsSendDomainSecureList: ["fabrikam.com"] });
    expect(chosen("bob@fabrikam.com", chooser(secured(organizationWith(securing))))[0]?.slice(0, 2)).to.deep.equal([
      "Outbound STARTTLS",
      mail,
    ]);
    const [choice] = choicesFor(
      { kind: "domain", domain: "fabrikam.com" },
      chooser(secured(organizationWith(securing))),
    );
    expect(choice).to.include({ connector: "Internet", fqdn: "mail.proexchange.local" });
    const careless = organizationWith({ ...securing, domainSecureEnabled: false });
    expect(chosen("fabrikam.com", chooser(secured(careless)))[0]?.[2]).to.equal(
      "fabrikam.com is secured, and Internet is not domain-secure: none is presented",
    );
    const bySmartHost = organizationWith({ ...securing, dnsRoutingEnabled: false, smartHosts: ["relay.example"] });
    expect(chosen("fabrikam.com", chooser(secured(bySmartHost)))[0]?.[2]).to.match(/smart host .* none is presented$/);
  });

  it("presents what the next server on the way is shown, where the connector starts elsewhere", () => {
    const byEdge = organizationWith({ ...toInternet, ...everything, sourceTransportServers: ["Edge1"] });
    expect(chosen("fabrikam.com", chooser(byEdge))[0]?.slice(0, 2)).to.deep.equal(["Outbound X-ANONYMOUSTLS", own]);
    const byOtherSite = organizationWith({ ...toInternet, ...everything, sourceTransportServers: ["Ex2007SE"] });
    expect(chosen("fabrikam.com", chooser(byOtherSite))[0]?.[2]).to.match(/^SmtpRelayToRemoteAdSite leads to no Edge/);
    for (const organization of [byEdge, byOtherSite]) {
      const [choice] = choicesFor({ kind: "domain", domain: "fabrikam.com" }, chooser(organization));
      expect(choice).to.include({ connector: "Internet", fqdn: null });
    }
  });

  it("says that no session leads to a domain that no connector serves", () => {
    const [choice] = choicesFor({ kind: "domain", domain: "fabrikam.com" }, chooser(organizationWith()));
    expect(choice?.steps.at(-1)?.text).to.equal("no SMTP session leads there from here: none is presented");
    expect(choice?.connector).to.equal(null);
  });
});

describe("targetsNamed", () => {
  const refusal = (name: string): LabError => {
    try {
      targetsNamed(name, "Ex2007EE", organizationWith(toInternet));
    } catch (failure) {
      if (failure instanceof LabError) return failure;
    }
    throw new Error(`${name} was not refused`);
  };

  it("sends whoever asks for another server's connector to that server", () => {
    expect(refusal("Ex2007SE\\Default Ex2007SE")).to.include({ code: "CERT_CHOICE_ELSEWHERE" });
    expect(refusal("Ex2007SE\\Default Ex2007SE").remedy).to.equal("Run the cmdlet on Ex2007SE");
  });

  it("names the connectors that there are for a name that stands for nothing", () => {
    expect(refusal("Defualt Ex2007EE").message).to.include(
      "Ex2007EE\\Client Ex2007EE, Ex2007EE\\Default Ex2007EE, Internet",
    );
    for (const name of ["", ".", "a..b", "with blank.example", "fabrikam"])
      expect(refusal(name).code, name).to.equal("CERT_CHOICE_UNKNOWN");
  });
});
