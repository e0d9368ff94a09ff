import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { expect } from "chai";
import { LabError } from "../../../src/base/index.ts";
import {
  formatSubscriptionFile,
  isSignedWith,
  parseSubscriptionFile,
  type SubscriptionFile,
} from "../../../src/edgesync/subscription/subscription-file.ts";
import { makeKeyPair } from "../certificates/make.ts";
import { createPrivateKey } from "node:crypto";

const file: SubscriptionFile = {
  edgeServerName: "EDGE1",
  edgeServerFqdn: "edge1.perimeter.example",
  edgeCertificateBlob: "TUlJQg==",
  esraUsername: "ESRA.EDGE1",
  esraPassword: `p<&>"' ]]> é 😀`,
  effectiveDate: new Date("2008-05-12T10:00:00.123Z"),
  durationMinutes: 1440,
  adamSslPort: 50_636,
  serverType: "",
  productId: "00000-000",
  versionNumber: 1,
  serialNumber: "Version 8.1 (Build 240.6)",
};

describe("a subscription file", () => {
  const keyPair = makeKeyPair();
  const key = createPrivateKey(keyPair.privateKeyPem);
  const publicKey = createPublicKey(keyPair.publicKeyPem);
  const text = formatSubscriptionFile(file, key);

  it("has the elements of the documented file, in the clear, and a signature", () => {
    expect(text.split("\n").map((line) => line.replace(/(<Signature>).*(<\/)/, "$1…$2"))).to.deep.equal([
      '<?xml version="1.0" encoding="utf-8"?>',
      "<EdgeSubscriptionData>",
      "  <EdgeServerName>EDGE1</EdgeServerName>",
      "  <EdgeServerFQDN>edge1.perimeter.example</EdgeServerFQDN>",
      "  <EdgeCertificateBlob>TUlJQg==</EdgeCertificateBlob>",
      "  <ESRAUsername>ESRA.EDGE1</ESRAUsername>",
      `  <ESRAPassword>p&lt;&amp;&gt;"' ]]&gt; é 😀</ESRAPassword>`,
      "  <EffectiveDate>2008-05-12T10:00:00.123Z</EffectiveDate>",
      "  <Duration>PT1440M</Duration>",
      "  <AdamSslPort>50636</AdamSslPort>",
      "  <ServerType></ServerType>",
      "  <ProductID>00000-000</ProductID>",
      "  <VersionNumber>1</VersionNumber>",
      "  <SerialNumber>Version 8.1 (Build 240.6)</SerialNumber>",
      "  <Signature>…</Signature>",
      "</EdgeSubscriptionData>",
      "",
    ]);
  });

  it("is signed by a key of any kind, whatever is made of that kind later", () => {
    const ed25519 = generateKeyPairSync("ed25519");
    const read = parseSubscriptionFile(formatSubscriptionFile(file, ed25519.privateKey));
    expect(isSignedWith(read.file, read.signature, ed25519.publicKey)).to.equal(true);
    expect(isSignedWith({ ...read.file, adamSslPort: 1 }, read.signature, ed25519.publicKey)).to.equal(false);
  });

  it("is read back as it was, also with other line ends, indentation, empty elements and a mark of byte order", () => {
    const others = [
      text,
      `\uFEFF${text.replaceAll("\n", "\r\n")}`,
      text.replaceAll("\n", "").replaceAll("  <", "<"),
      text.replace("<ServerType></ServerType>", "<ServerType />").replace(/^<\?xml[^>]*>\n/, ""),
      text.replace(`"'`, "&quot;&apos;"),
    ];
    for (const other of others) {
      const parsed = parseSubscriptionFile(other);
      expect(parsed.file).to.deep.equal(file);
      expect(isSignedWith(parsed.file, parsed.signature, publicKey)).to.equal(true);
    }
  });

  it("shows by its signature that any of its fields was changed", () => {
    const { signature } = parseSubscriptionFile(text);
    const changes: Partial<SubscriptionFile>[] = [
      { edgeServerName: "EDGE2" },
      { edgeServerFqdn: "edge2.perimeter.example" },
      { edgeCertificateBlob: "TUlJQw==" },
      { esraUsername: "ESRA.EDGE2" },
      { esraPassword: "other" },
      { effectiveDate: new Date("2008-05-13T10:00:00.123Z") },
      { durationMinutes: 14_400 },
      { adamSslPort: 50_637 },
      { serverType: "x" },
      { productId: "x" },
      { versionNumber: 2 },
      { serialNumber: "x" },
    ];
    expect(Object.keys(Object.assign({}, ...changes) as object).sort()).to.deep.equal(Object.keys(file).sort());
    for (const change of changes) expect(isSignedWith({ ...file, ...change }, signature, publicKey)).to.equal(false);
    expect(isSignedWith(file, signature, createPublicKey(makeKeyPair().publicKeyPem))).to.equal(false);
    expect(isSignedWith(file, "", publicKey)).to.equal(false);
  });

  const refusals: readonly [what: string, change: (text: string) => string, message: RegExp][] = [
    ["nothing", () => "", /line 1: <EdgeSubscriptionData> is wanted/],
    ["something else", () => "PK\u0003\u0004", /line 1: <EdgeSubscriptionData> is wanted/],
    ["more than anybody writes", (text) => text + " ".repeat(70_000), /longer than 65536 characters/],
    ["a missing element", (text) => text.replace(/ {2}<Duration>.*\n/, ""), /line 9: <Duration> is wanted/],
    [
      "elements in another order",
      (text) => text.replace(/( {2}<Duration>.*\n)( {2}<AdamSslPort>.*\n)/, "$2$1"),
      /line 9: <Duration>/,
    ],
    ["an element twice", (text) => text.replace(/( {2}<Duration>.*\n)/, "$1$1"), /line 10: <AdamSslPort> is wanted/],
    [
      "an unknown element",
      (text) => text.replace("  <Duration>", "  <Extra/><Duration>"),
      /line 9: <Duration> is wanted/,
    ],
    ["no signature", (text) => text.replace(/ {2}<Signature>.*\n/, ""), /<Signature> is wanted/],
    [
      "a signature that is none",
      (text) => text.replace(/<Signature>./, "<Signature>!"),
      /<Signature> must hold base64/,
    ],
    ["attributes", (text) => text.replace("<Duration>", '<Duration unit="m">'), /line 9: <Duration> is wanted/],
    ["comments", (text) => text.replace("<Duration>", "<!-- --><Duration>"), /line 9: <Duration> is wanted/],
    [
      "a document type",
      (text) => text.replace("<EdgeSub", '<!DOCTYPE x [<!ENTITY e "y">]><EdgeSub'),
      /line 2: <EdgeSubscriptionData> is wanted/,
    ],
    ["an entity of its own", (text) => text.replace("EDGE1<", "&e;<"), /line 3: <EdgeServerName> holds an &/],
    ["a character by number", (text) => text.replace("EDGE1<", "&#65;<"), /holds an &/],
    ["an open element", (text) => text.replace("</Duration>", ""), /line 10: <Duration> must hold minutes/],
    ["a nested element", (text) => text.replace("PT1440M", "<b>PT1440M</b>"), /line 9: <Duration> must hold minutes/],
    ["text after the end", (text) => `${text}<more/>`, /line 17: nothing may follow/],
    ["an instant that is none", (text) => text.replace("2008-05-12T", "2008-02-31T"), /there is no instant 2008-02-31/],
    [
      "an instant in another form",
      (text) => text.replace("10:00:00.123Z", "10:00"),
      /<EffectiveDate> must hold an instant/,
    ],
    ["a port that is none", (text) => text.replace("50636", "65536"), /there is no port 65536/],
    ["port 0", (text) => text.replace("50636", "0"), /<AdamSslPort> must hold a port/],
    ["no duration", (text) => text.replace("PT1440M", "PT0M"), /<Duration> must hold minutes/],
    ["another version", (text) => text.replace("<VersionNumber>1", "<VersionNumber>2"), /must hold version 1/],
    ["a name that is none", (text) => text.replace("EDGE1<", "EDGE 1<"), /<EdgeServerName> must hold a host name/],
    ["an FQDN that is none", (text) => text.replace("edge1.", "edge1/."), /<EdgeServerFQDN> must hold an FQDN/],
    [
      "a line end in a value",
      (text) => text.replace("00000-000", "00000\n000"),
      /<ProductID> must hold a line of text/,
    ],
    ["half a character", (text) => text.replace("00000-000", "\uD800"), /<ProductID> must hold a line of text/],
    [
      "another document",
      (text) => text.replaceAll("EdgeSubscriptionData", "EdgeSubscription"),
      /<EdgeSubscriptionData> is wanted/,
    ],
    ["XML of another version", (text) => text.replace('"1.0"', '"1.1"'), /<EdgeSubscriptionData> is wanted/],
  ];
  for (const [what, change, message] of refusals) {
    it(`is refused with ${what}`, () => {
      const changed = change(text);
      expect(changed).not.to.equal(text);
      expect(() => parseSubscriptionFile(changed))
        .to.throw(LabError, message)
        .with.property("code", "EDGE_FILE_MALFORMED");
    });
  }
});
