import { tmpdir } from "node:os";
import { expect } from "chai";
import { openKit } from "../../../src/certificates/issue/catalogue/kit.ts";
import { revoke, writeRevocationList } from "../../../src/certificates/files/crl.ts";
import { forbiddenName } from "../../../src/certificates/judge/path-names.ts";
import { replaced } from "./make.ts";
import {
  type Authorities,
  authoritiesOf,
  type Authority,
  type Certificate,
  certificateStatus,
  foundAuthority,
  judgePeer,
  type KeySource,
  openKeySource,
  parseCertificate,
  type RevocationLists,
  selectStartTlsCertificate,
  type StoredCertificate,
  type Verdict,
} from "../../../src/certificates/index.ts";

const at = new Date("2008-05-12T10:00:00Z");
const days = (count: number): Date => new Date(at.getTime() + count * 86_400_000);

const stored = (certificate: Certificate, chain: readonly Certificate[] = []): StoredCertificate => ({
  ...certificate,
  chain,
  services: ["SMTP"],
  hasPrivateKey: true,
  privateKeyExportable: false,
  friendlyName: "",
  rootCaType: "None",
});

describe("revocation", () => {
  let keys: KeySource;
  let root: Authority;
  let issuing: Authority;
  let authorities: Authorities;
  before(() => void (keys = openKeySource({ folder: tmpdir(), mode: "p256" })));
  after(() => keys.close());
  beforeEach(async () => {
    root = await foundAuthority("Root", { issuedBy: undefined, keys, at });
    issuing = await foundAuthority("Issuing", { issuedBy: root, keys, at });
    authorities = authoritiesOf([root, issuing]);
  });

  const issue = async (names = ["mail.woodgrove.example"]): Promise<Certificate> => {
    const kit = openKit({ names, at, keys, revocations: authorities.revocations, issuer: issuing });
    return (await kit.make()).certificate;
  };
  const judged = (presented: Certificate, revocation?: RevocationLists, when = at): Verdict =>
    judgePeer(
      presented,
      { kind: "chain", roots: [root.certificate], name: undefined, revocation },
      { at: when, chain: issuing.chain },
    ).outcome;

  it("makes a certificate untrusted, and says who revoked it and when", async () => {
    const [one, other] = [await issue(), await issue()];
    revoke(issuing, one, days(-1));
    expect(judged(one, authorities.revocations)).to.deep.include({
      kind: "untrusted",
      status: "CertificateRevoked",
      reason: `certificate ${one.thumbprint} (CN=mail.woodgrove.example) was revoked by CN=Issuing at 2008-05-11T10:00:00.000Z`,
    });
    expect(judged(other, authorities.revocations)).to.include({ kind: "trusted", status: "Valid" });
  });

  it("counts from the moment on, for who asks after it", async () => {
    const certificate = await issue();
    expect(judged(certificate, authorities.revocations).kind).to.equal("trusted");
    revoke(issuing, certificate, at);
    expect(judged(certificate, authorities.revocations).status).to.equal("CertificateRevoked");
  });

  it("of an authority makes untrusted what that authority has issued", async () => {
    const certificate = await issue();
    revoke(root, issuing.certificate, days(-1));
    expect(judged(certificate, authorities.revocations)).to.include({ status: "CertificateRevoked" });
    expect(judged(certificate, authorities.revocations).reason).to.match(
      /relies on CN=Issuing, which was revoked by CN=Root/,
    );
  });

  it("is not asked about where nobody publishes a list, or where the rule does not say where to ask", async () => {
    const certificate = await issue();
    revoke(issuing, certificate, days(-1));
    expect(judged(certificate).kind).to.equal("trusted");
    expect(judged(certificate, { listOf: () => undefined }).kind).to.equal("trusted");
  });

  it("cannot be ruled out where the list cannot be had, is too old or too young, or is signed by somebody else", async () => {
    const certificate = await issue();
    const list = writeRevocationList(issuing, at);
    const ofRoot = writeRevocationList(root, at);
    const given = (pem: string): RevocationLists => ({ listOf: () => pem });
    const byIssuer = (pem: string): RevocationLists => ({
      listOf: (issuer) => (issuer.subject === "CN=Issuing" ? pem : undefined),
    });
    expect(judged(certificate, byIssuer(list)).kind).to.equal("trusted");
    for (const [lists, when, words] of [
      [given("unavailable"), at, /cannot be had/],
      [byIssuer(list), days(8), /was good until 2008-05-19/],
      [byIssuer(list), days(-1), /was good until/],
      [byIssuer(ofRoot), at, /has not signed/],
    ] as const) {
      const verdict = judged(certificate, lists, when);
      expect(verdict.findings, String(words)).to.include("revocationUnknown");
      expect(verdict.reason).to.match(words);
    }
  });

  it("is written anew by an authority of the lab each day, and stays the same list in between", async () => {
    const { revocations } = authorities;
    const first = revocations.listOf(issuing.certificate, at);
    expect(revocations.listOf(issuing.certificate, days(0.5))).to.equal(first);
    expect(revocations.listOf(issuing.certificate, days(1))).not.to.equal(first);
    expect(judged(await issue(), revocations, days(300)).status).to.equal("Valid");
  });

  it("is told by the status of a certificate in a store: Revoked, or RevocationCheckFailure", async () => {
    const certificate = stored(await issue(), issuing.chain);
    const status = (revocation?: RevocationLists, when = at) =>
      certificateStatus(certificate, when, { roots: [root.certificate], revocation });
    expect(status(authorities.revocations)).to.equal("Valid");
    expect(status({ listOf: () => "unavailable" })).to.equal("RevocationCheckFailure");
    revoke(issuing, certificate, days(-1));
    expect(status(authorities.revocations)).to.equal("Revoked");
    expect(status(authorities.revocations, days(400))).to.equal("DateInvalid");
    expect(status()).to.equal("Valid");
  });
});

describe("a server that chooses a certificate to present", () => {
  it("passes one that was revoked by for its self-signed one", async () => {
    const keys = openKeySource({ folder: tmpdir(), mode: "p256" });
    const root = await foundAuthority("Root", { issuedBy: undefined, keys, at });
    const { revocations } = authoritiesOf([root]);
    const kit = openKit({ names: ["ex1.contoso.com"], at, keys, revocations, issuer: root });
    const [issued, own] = [await kit.make(), await kit.makeSelfSigned()].map(({ certificate }) => stored(certificate));
    const connector = { name: "Default EX1", authMechanism: ["Tls"], fqdn: null } as const;
    const chosen = (): string | undefined =>
      selectStartTlsCertificate(connector, "ex1.contoso.com", [issued, own] as StoredCertificate[], at, {
        roots: [root.certificate],
        revocation: revocations,
      }).outcome?.thumbprint;
    expect(chosen()).to.equal(issued?.thumbprint);
    revoke(root, issued as Certificate, days(-1));
    expect(chosen()).to.equal(own?.thumbprint);
    await keys.close();
  });
});

describe("an authority whose names are constrained", () => {
  let keys: KeySource;
  before(() => void (keys = openKeySource({ folder: tmpdir(), mode: "p256" })));
  after(() => keys.close());

  /** What is said of a certificate with these names by an authority that may issue for `permitted` only. */
  async function statusOf(names: string[], permitted: string[], change: { commonName?: string; noSan?: true } = {}) {
    const root = await foundAuthority("Root", { issuedBy: undefined, keys, at });
    const { revocations } = authoritiesOf([root]);
    const kit = openKit({ names, at, keys, revocations, issuer: root });
    const between = await kit.below({ permitted });
    const { commonName = names[0] as string, noSan } = change;
    const { certificate, chain } = await kit.make({ commonName, ...(noSan && { names: [] }) }, between);
    const rule = { kind: "chain", roots: [root.certificate], name: undefined } as const;
    return judgePeer(certificate, rule, { at, chain }).outcome.status;
  }

  it("may issue for the names within them, and for no other", async () => {
    expect(await statusOf(["mail.contoso.com", "contoso.com", "A.B.CONTOSO.com"], ["contoso.com"])).to.equal("Valid");
    expect(await statusOf(["mail.contoso.com", "mail.fabrikam.com"], ["contoso.com"])).to.equal("NameNotPermitted");
    expect(await statusOf(["mail.fabrikam.com"], ["contoso.com", "fabrikam.com"])).to.equal("Valid");
    expect(await statusOf(["evilcontoso.com"], ["contoso.com"])).to.equal("NameNotPermitted");
  });

  it("may not get round them by a common name alone", async () => {
    expect(await statusOf(["mail.fabrikam.com"], ["contoso.com"], { noSan: true })).to.equal("NameNotPermitted");
    expect(await statusOf(["mail.contoso.com"], ["contoso.com"], { noSan: true })).to.equal("Valid");
    expect(await statusOf(["mail.contoso.com"], ["contoso.com"], { commonName: "Mail server" })).to.equal("Valid");
  });

  it("may exclude names too, and all of them", () => {
    const certificate = {
      alternateNames: ["mail.contoso.com"],
      certificateDomains: ["mail.contoso.com"],
    };
    const forbidden = (excluded: string[]) => forbiddenName(certificate, { permitted: [], excluded });
    expect(forbidden(["contoso.com"])).to.equal("mail.contoso.com");
    expect(forbidden([".contoso.com"])).to.equal("mail.contoso.com");
    expect(forbidden([""])).to.equal("mail.contoso.com");
    expect(forbidden(["fabrikam.com"])).to.equal(undefined);
  });

  it("is not relied on where they are about names of another kind, which are not understood here", async () => {
    const { revocations } = authoritiesOf([]);
    const kit = openKit({ names: ["x.example"], at, keys, revocations, issuer: undefined });
    const { certificate } = await kit.make({ permitted: ["contoso.com"] });
    const [dns, address] = [0x82, 0x87].map((tag) => Buffer.concat([Buffer.of(tag, 11), Buffer.from("contoso.com")]));
    const changed = parseCertificate(replaced(Buffer.from(certificate.der), dns as Buffer, address as Buffer));
    expect(certificate.unknownCriticalExtensions).to.deep.equal([]);
    expect(changed.unknownCriticalExtensions).to.deep.equal(["2.5.29.30"]);
    expect(changed.nameConstraints).to.deep.equal({ permitted: [], excluded: [] });
  });
});
