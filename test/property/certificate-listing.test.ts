import { expect } from "chai";
import fc from "fast-check";
import {
  decodeListing,
  defaultDisputedRules,
  fatesOf,
  type ListedCertificate,
  readListing,
  rulesByListing,
  selectForStartTls,
} from "../../src/certificates/index.ts";

const name = fc.constantFrom(
  ...["Thumbprint", "Subject", "Issuer", "CertificateDomains", "Services", "ServicesStringForm", "Status"],
  ...["NotBefore", "NotAfter", "IsSelfSigned", "HasPrivateKey", "PublicKeySize", "Version", "EnhancedKeyUsageList"],
  "InternalTransportCertificateThumbprint",
);
const value = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.constantFrom(
    "{",
    "}",
    "{a, b...",
    "{...}",
    "True",
    "None",
    "12/31/2008 1:00:00 PM",
    "99/99/9999",
    "PendingRequest",
    "...",
    "__proto__",
  ),
);
/** Lines as a console prints them, and others. */
const line = fc.oneof(
  fc.tuple(name, fc.constantFrom(" : ", ": ", "   : ", " :"), value).map((parts) => parts.join("")),
  value.map((text) => `                  ${text}`),
  fc.constantFrom("", "[PS] C:\\>", ">"),
);
const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.array(line).map((lines) => lines.join("\n")),
);

const at = new Date("2008-06-01T00:00:00Z");
const select = (certificates: readonly ListedCertificate[]) =>
  selectForStartTls(
    { name: "Default EX1", authMechanism: ["Tls"], fqdn: "a" },
    "ex1.contoso.com",
    certificates,
    rulesByListing(at, defaultDisputedRules),
  );

describe("a pasted listing", () => {
  it("is read as far as possible, whatever it says, and each of its certificates has a fate", () => {
    fc.assert(
      fc.property(text, (pasted) => {
        const { certificates } = readListing(pasted);
        expect(new Set(certificates.map(({ thumbprint }) => thumbprint)).size).to.equal(certificates.length);
        for (const { notBefore, notAfter } of certificates)
          for (const date of [notBefore, notAfter]) expect(Number.isNaN(date.getTime())).to.equal(false);
        const selection = select(certificates);
        expect(selection).to.deep.equal(select(certificates.toReversed()));
        expect(fatesOf(selection, certificates).filter(({ fate }) => fate === "notConsidered")).to.deep.equal([]);
      }),
      { numRuns: 1000 },
    );
  });

  it("is text, whatever the bytes", () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => typeof decodeListing(bytes) === "string"));
  });

  const hex = (length: number) => fc.stringMatching(new RegExp(`^[0-9A-F]{${length}}$`));
  const label = fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/);
  const printed = fc.record({
    Thumbprint: hex(40),
    CertificateDomains: fc.array(
      label.map((one) => `${one}.contoso.com`),
      { minLength: 1, maxLength: 12 },
    ),
    HasPrivateKey: fc.boolean(),
    IsSelfSigned: fc.boolean(),
    NotBefore: fc.date({ min: new Date("2000-01-01"), max: new Date("2030-01-01"), noInvalidDate: true }),
  });

  it("gives back what a console prints, at whatever column its window ends", () => {
    fc.assert(
      fc.property(fc.array(printed, { maxLength: 4 }), fc.integer({ min: 12, max: 120 }), (objects, width) => {
        const pasted = objects.map((object) => printedBy(object, width)).join("\n\n");
        const found = readListing(pasted).certificates.map((one) => [
          one.thumbprint,
          one.certificateDomains,
          one.hasPrivateKey,
        ]);
        const distinct = objects.filter(
          ({ Thumbprint }, index) => objects.findIndex((other) => other.Thumbprint === Thumbprint) === index,
        );
        expect(found).to.deep.equal(distinct.map((one) => [one.Thumbprint, one.CertificateDomains, one.HasPrivateKey]));
      }),
    );
  });
});

const plain = (item: unknown): string => {
  if (typeof item === "boolean") return item ? "True" : "False";
  return item instanceof Date ? item.toISOString() : String(item);
};

/** As PowerShell cuts it: at the window's edge, within words too. */
function printedBy(object: Readonly<Record<string, unknown>>, width: number): string {
  const whole = (item: unknown): string => (Array.isArray(item) ? `{${item.join(", ")}}` : plain(item));
  return Object.entries(object)
    .flatMap(([property, item]) => {
      const pieces = whole(item).match(new RegExp(`.{1,${width}}`, "g")) ?? [""];
      return pieces.map(
        (piece, index) => `${(index === 0 ? property : "").padEnd(18)} ${index === 0 ? ":" : " "} ${piece}`,
      );
    })
    .join("\n");
}
