import { expect } from "chai";
import fc from "fast-check";
import {
  createAuthenticator,
  fatesOf,
  issueSelfSigned,
  newMachineKey,
  parseCertificate,
  replayCache,
  selectForStartTls,
  type Selection,
  selectInternalTransportCertificate,
  selectOutboundStartTlsCertificate,
  selectStartTlsCertificate,
  type StoredCertificate,
  verifyAuthenticator,
} from "../../src/certificates/index.ts";
import { makeKeyPair } from "../unit/certificates/make.ts";
import { altered } from "./altered.ts";

const day = 86_400_000;
const firstDay = Date.UTC(2008, 0, 1);

/** Certificates as a store might hold them, with few dates and names, so that ties and misses are common. */
const storedCertificate: fc.Arbitrary<StoredCertificate> = fc
  .record({
    thumbprint: fc.stringMatching(/^[0-9A-F]{40}$/),
    begins: fc.integer({ min: 0, max: 3 }),
    ends: fc.constantFrom(362, 365, 368),
    domains: fc.constantFrom(["EX1", "ex1.contoso.com"], ["*.contoso.com"], ["mail.contoso.com"]),
    services: fc.constantFrom<StoredCertificate["services"]>(["SMTP"], ["SMTP"], ["IIS"]),
    hasPrivateKey: fc.constantFrom(true, true, false),
    selfSigned: fc.constantFrom(true, true, false),
  })
  .map(({ begins, ends, domains, ...rest }) => ({
    ...rest,
    sha256: "",
    subject: `CN=${domains[0]}`,
    issuer: `CN=${domains[0]}`,
    serialNumber: "01",
    notBefore: new Date(firstDay + begins * day),
    notAfter: new Date(firstDay + ends * day),
    certificateDomains: domains,
    alternateNames: domains,
    publicKey: { kind: "RSA", bits: 2048 },
    enhancedKeyUsage: undefined,
    keyUsage: undefined,
    x509Version: 3,
    isCertificateAuthority: false,
    pathLength: undefined,
    nameConstraints: undefined,
    unknownCriticalExtensions: [],
    signatureAlgorithm: "sha256RSA",
    chain: [],
    der: new Uint8Array(),
    privateKeyExportable: false,
    friendlyName: "",
    rootCaType: "None",
  }));
const store = fc.uniqueArray(storedCertificate, { selector: ({ thumbprint }) => thumbprint, maxLength: 8 });
const shuffledTwice = store.chain((certificates) =>
  fc.tuple(
    fc.shuffledSubarray(certificates, { minLength: certificates.length }),
    fc.shuffledSubarray(certificates, { minLength: certificates.length }),
  ),
);

/** Each candidate has a fate of its own, and nobody but the outcome was chosen. */
function expectFates({ outcome, steps }: Selection<StoredCertificate>, all: readonly StoredCertificate[]): void {
  const fates = fatesOf({ steps }, all);
  expect(fates.map(({ candidate }) => candidate)).to.have.members(all);
  for (const { candidate, fate, reason } of fates) {
    expect(fate === "chosen").to.equal(candidate === outcome);
    expect(fate).to.not.equal("notConsidered");
    if (fate === "lost") expect(reason).to.include(outcome?.thumbprint);
  }
}

describe("certificate selection", () => {
  const at = new Date(firstDay + 360 * day);

  it("takes the same one for STARTTLS, by the same steps, in whatever order the store lies", () => {
    const connector = { name: "Default EX1", authMechanism: ["Tls"] as const, fqdn: null };
    fc.assert(
      fc.property(shuffledTwice, ([one, other]) => {
        const decision = selectStartTlsCertificate(connector, "ex1.contoso.com", one, at);
        expect(decision).to.deep.equal(selectStartTlsCertificate(connector, "ex1.contoso.com", other, at));
        expectFates(decision, one);
      }),
    );
  });

  it("takes the same one where some are valid PKI certificates, on any day and by either rule about expired ones", () => {
    const connector = { name: "Default EX1", authMechanism: ["Tls"] as const, fqdn: null };
    const rules = fc.record({
      at: fc.integer({ min: 360, max: 370 }).map((days) => new Date(firstDay + days * day)),
      disputed: fc.record({
        expiredStartTls: fc.constantFrom("offer" as const, "withdraw" as const),
        expiredPki: fc.constantFrom("wins" as const, "yields" as const),
        notEnabledForSmtp: fc.constantFrom("skip" as const, "choose" as const),
      }),
    });
    const whyNoPki = ({ thumbprint }: StoredCertificate) => (thumbprint < "A" ? undefined : "untrusted");
    fc.assert(
      fc.property(shuffledTwice, rules, ([one, other], rule) => {
        const decision = selectForStartTls(connector, "ex1.contoso.com", one, { ...rule, whyNoPki });
        const again = selectForStartTls(connector, "ex1.contoso.com", other, { ...rule, whyNoPki });
        expect(decision).to.deep.equal(again);
        expectFates(decision, one);
        const { outcome } = decision;
        if (rule.disputed.expiredStartTls === "withdraw" && outcome) expect(outcome.notAfter >= rule.at).to.equal(true);
      }),
      { numRuns: 500 },
    );
  });

  it("takes the same one for the way out, by the same steps, in whatever order the store lies", () => {
    const connector = { name: "Internet", fqdn: null, domainSecureEnabled: true };
    fc.assert(
      fc.property(shuffledTwice, ([one, other]) => {
        const decision = selectOutboundStartTlsCertificate(connector, "ex1.contoso.com", one, at, { roots: [] });
        expect(decision).to.deep.equal(
          selectOutboundStartTlsCertificate(connector, "ex1.contoso.com", other, at, { roots: [] }),
        );
        expectFates(decision, one);
      }),
    );
  });

  it("takes the same internal certificate in whatever order the store lies", () => {
    const connector = { authMechanism: ["ExchangeServer"] as const };
    fc.assert(
      fc.property(shuffledTwice, fc.nat(), ([one, other], pick) => {
        const published = one[pick % (one.length || 1)]?.thumbprint ?? null;
        const decision = selectInternalTransportCertificate(connector, published, one, at);
        expect(decision).to.deep.equal(selectInternalTransportCertificate(connector, published, other, at));
        if (published !== null) expectFates(decision, one);
      }),
    );
  });
});

describe("parsing what was issued", () => {
  const keyPair = makeKeyPair();
  const awkward = fc.oneof(
    fc.constantFrom(
      "Contoso, Ltd",
      'the "best"',
      "a+b=c",
      "a + b",
      "<x>;#y",
      "#1",
      " led ",
      "end\\",
      "\\,",
      "CN=x, O=y",
      "\\0A",
      "Größe €",
      "名前",
    ),
    fc
      .string({ unit: "grapheme-composite", minLength: 1, maxLength: 20 })
      .filter((text) => /^\P{Cc}{1,64}$/u.test(text)),
  );
  const domainName = fc.oneof(fc.domain(), fc.stringMatching(/^[\x21-\x7e]{1,40}$/));

  it("gives back the names and dates that went in, however awkward", async () => {
    const seconds = fc.integer({ min: 0, max: 4_000_000_000 });
    await fc.assert(
      fc.asyncProperty(
        awkward,
        fc.uniqueArray(domainName, { maxLength: 4 }),
        seconds,
        async (commonName, domainNames, begin) => {
          const notBefore = new Date(begin * 1000);
          const notAfter = new Date((begin + 31_536_000) * 1000);
          const certificate = await issueSelfSigned({ commonName, domainNames, notBefore, notAfter, keyPair });
          expect(certificate.certificateDomains[0]).to.equal(commonName);
          expect(certificate.alternateNames).to.deep.equal(domainNames);
          expect(certificate.notBefore).to.deep.equal(notBefore);
          expect(certificate.notAfter).to.deep.equal(notAfter);
          expect(unquote(certificate.subject)).to.equal(`CN=${commonName}`);
          expect(parseCertificate(certificate.der)).to.deep.equal(certificate);
        },
      ),
      { numRuns: 60 },
    );
  });

  /** What Windows' quoting means. */
  const unquote = (name: string): string => {
    const quoted = /^CN="(.*)"$/su.exec(name);
    return quoted ? `CN=${quoted[1]!.replaceAll('""', '"')}` : name;
  };
});

describe("an X-EXPS authenticator", () => {
  const now = new Date("2008-06-01T12:00:00Z");
  const key = newMachineKey();
  const serverKey = newMachineKey();
  const session = { channelBinding: Buffer.alloc(32, 1), serverCertificateSha256: "AB".repeat(32), now };
  const create = (): ReturnType<typeof createAuthenticator> =>
    createAuthenticator({ ...session, from: "ex2.contoso.com", to: "ex1.contoso.com", key });
  const verify = (blob: string, changes: Partial<typeof session> = {}): ReturnType<typeof verifyAuthenticator> =>
    verifyAuthenticator(blob, {
      ...session,
      ...changes,
      self: "ex1.contoso.com",
      key: serverKey,
      keyOf: () => key.publicKey,
      replay: replayCache(),
    });
  const { blob, checkAnswer } = create();
  const accepted = verify(blob);
  const answer = accepted.kind === "accepted" ? accepted.answer : "";

  it("is accepted as it is", () => {
    expect(accepted.kind).to.equal("accepted");
    expect(checkAnswer(answer, serverKey.publicKey).outcome).to.equal(true);
  });

  it("is refused when any character of it is altered", () => {
    fc.assert(
      fc.property(altered(blob), (other) => verify(other).kind === "refused"),
      { numRuns: 1000 },
    );
  });

  it("is refused when any byte under the base64 is altered", () => {
    const bytes = Buffer.from(blob, "base64");
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const other = Buffer.from(bytes);
        other[at]! ^= flip;
        return verify(other.toString("base64")).kind === "refused";
      }),
      { numRuns: 1000 },
    );
  });

  it("is refused in every session but its own", () => {
    const binding = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes));
    const hash = fc.stringMatching(/^[0-9A-F]{64}$/);
    fc.assert(
      fc.property(binding, hash, fc.boolean(), (channelBinding, serverCertificateSha256, oneOnly) => {
        const other = oneOnly ? { channelBinding } : { serverCertificateSha256 };
        return (
          verify(blob, other).kind === "refused" &&
          verify(blob, { channelBinding, serverCertificateSha256 }).kind === "refused"
        );
      }),
    );
  });

  it("has an answer that no alteration leaves valid", () => {
    fc.assert(
      fc.property(altered(answer), (other) => !checkAnswer(other, serverKey.publicKey).outcome),
      { numRuns: 500 },
    );
  });
});
