import { expect } from "chai";
import type { Certificate, KeyPair } from "../../../src/certificates/index.ts";
import { bestPath } from "../../../src/certificates/judge/path-rules.ts";
import { longestPath, pathsFrom } from "../../../src/certificates/judge/chain.ts";
import { isSignedBy } from "../../../src/certificates/x509.ts";
import { type CertificateSpec, makeAuthority, makeCertificate, type MadeCertificate, makeKeyPair } from "./make.ts";

const at = new Date("2008-06-01T00:00:00Z");
const certificatesOf = (made: readonly MadeCertificate[]): Certificate[] => made.map(({ certificate }) => certificate);

/** Authorities one below the other, the root first. */
async function makeLine(length: number): Promise<MadeCertificate[]> {
  const line = [await makeAuthority("Authority 0")];
  while (line.length < length) line.push(await makeAuthority(`Authority ${line.length}`, line.at(-1)));
  return line;
}

/** A certificate two below a root. */
async function issuedBelow(
  spec: CertificateSpec,
): Promise<{ root: Certificate; issuing: Certificate; certificate: Certificate }> {
  const root = await makeAuthority("Root");
  const issuing = await makeAuthority("Issuing", root, spec);
  const { certificate } = await makeCertificate({}, issuing);
  return { root: root.certificate, issuing: issuing.certificate, certificate };
}

describe("a path to a trusted root", () => {
  let stranger: MadeCertificate;
  before(async () => void (stranger = await makeAuthority("Stranger")));

  /** So many authorities of the same name with a key that signed nothing, all within their dates. */
  function decoysOf(issuing: Certificate, count: number): Certificate[] {
    const foreign = stranger.certificate;
    return Array.from({ length: count }, (_, index) => {
      const der = Buffer.from(foreign.der);
      der.writeUInt16BE(index, der.length - 2); // in the signature, which nobody has checked yet
      return { ...foreign, subject: issuing.subject, der, sha256: index.toString(16).padStart(64, "0") };
    });
  }

  it("may have eight certificates, and not nine", async () => {
    const line = await makeLine(longestPath);
    const [root, ...intermediates] = certificatesOf(line);
    const endOf = async (issuer: MadeCertificate | undefined): Promise<string> => {
      const { certificate } = await makeCertificate({}, issuer);
      return bestPath(certificate, { roots: [root!], intermediates }, { at, role: "server" }).end;
    };
    expect(longestPath).to.equal(8);
    expect(await endOf(line.at(-2))).to.equal("trusted");
    expect(await endOf(line.at(-1))).to.equal("tooLong");
  });

  it("does not count authorities that renewed themselves as below another", async () => {
    const root = await makeAuthority("Root", undefined, { pathLength: 1 });
    const issuing = await makeAuthority("Issuing", root);
    const renewed = await makeAuthority("Issuing", issuing);
    const { certificate } = await makeCertificate({}, renewed);
    const sources = { roots: [root.certificate], intermediates: certificatesOf([issuing, renewed]) };
    const path = bestPath(certificate, sources, { at, role: "server" });
    expect(path.problems).to.deep.equal([]);
    expect(path.elements).to.have.length(4);
  });

  it("is looked for without end by nobody: where each step can be taken in many ways, few are", async () => {
    const keyPairs = Array.from({ length: 6 }, () => makeKeyPair());
    const level = (depth: number, count: number, issuer?: MadeCertificate): Promise<MadeCertificate[]> =>
      Promise.all(
        Array.from({ length: count }, () => makeAuthority(`Level ${depth}`, issuer, {}, keyPairs[depth] as KeyPair)),
      );
    const levels = [await level(0, 1)];
    while (levels.length < keyPairs.length) levels.push(await level(levels.length, 3, levels.at(-1)?.[0]));
    const { certificate } = await makeCertificate({}, levels.at(-1)?.[0]);
    const sources = { roots: [], intermediates: certificatesOf(levels.flat()) };
    const paths = [...pathsFrom(certificate, sources, at)];
    expect(paths.length).to.be.within(1, 110); // of 243
    for (const { elements } of paths) expect(new Set(elements).size).to.equal(elements.length);
  });

  it("is found among many authorities of the right name and the wrong key", async () => {
    const { root, issuing, certificate } = await issuedBelow({});
    const sources = { roots: [root], intermediates: [...decoysOf(issuing, 40), issuing] };
    expect(bestPath(certificate, sources, { at, role: "server" }).problems).to.deep.equal([]);
  });

  it("is given up where the peer sends more of those than anybody has in earnest", async () => {
    // The right one lies behind them: it has expired.
    const { root, issuing, certificate } = await issuedBelow({ to: "2008-02-01" });
    const sources = { roots: [root], intermediates: [...decoysOf(issuing, 150), issuing] };
    const { end, problems } = bestPath(certificate, sources, { at, role: "server" });
    expect(end).to.equal("tooLong");
    expect(problems.map(({ finding }) => finding)).to.deep.equal(["unknownIssuer"]);
  });

  it("takes no effort over authorities of other names", async () => {
    const { root, issuing, certificate } = await issuedBelow({ to: "2008-02-01" });
    const strangers = decoysOf(issuing, 150).map((decoy) => ({ ...decoy, subject: "CN=Stranger" }));
    const sources = { roots: [root], intermediates: [...strangers, issuing] };
    const { end, problems } = bestPath(certificate, sources, { at, role: "server" });
    expect(end).to.equal("trusted");
    expect(problems.map(({ finding }) => finding)).to.deep.equal(["expired"]);
  });

  it("prefers one that holds to a shorter one that does not", async () => {
    const root = await makeAuthority("Root");
    const upper = await makeAuthority("Upper", root);
    const keyPair = makeKeyPair();
    const expired = await makeAuthority("Issuing", root, { to: "2008-01-01" }, keyPair);
    const valid = await makeAuthority("Issuing", upper, {}, keyPair);
    const { certificate } = await makeCertificate({}, valid);
    const intermediates = certificatesOf([expired, upper, valid]);
    const path = bestPath(certificate, { roots: [root.certificate], intermediates }, { at, role: "server" });
    expect(path.problems).to.deep.equal([]);
    expect(path.elements.map(({ subject }) => subject)).to.deep.equal(["CN=EX1", "CN=Issuing", "CN=Upper", "CN=Root"]);
  });

  it("is no way round a flaw of the certificate itself, which is told once", async () => {
    const root = await makeAuthority("Root");
    const { certificate } = await makeCertificate({ to: "2008-02-01" }, root);
    const { end, problems } = bestPath(
      certificate,
      { roots: [root.certificate], intermediates: [] },
      { at, role: "server" },
    );
    expect(end).to.equal("trusted");
    expect(problems.map(({ finding }) => finding)).to.deep.equal(["expired"]);
  });

  it("may be for any purpose: then it is for this one", async () => {
    const { root, certificate } = await issuedBelow({});
    const sources = { roots: [root], intermediates: [] };
    const any = { ...certificate, issuer: root.subject, enhancedKeyUsage: ["2.5.29.37.0"] };
    const other = { ...any, enhancedKeyUsage: ["1.3.6.1.5.5.7.3.4"] };
    const findings = (leaf: Certificate): string[] =>
      bestPath(leaf, sources, { at, role: "server" }).problems.map(({ finding }) => finding);
    expect(findings(any)).not.to.include("wrongUsage");
    expect(findings(other)).to.include("wrongUsage");
  });
});

describe("a signature", () => {
  it("is an issuer's only where the name is the issuer's too", async () => {
    const root = await makeAuthority("Root");
    const renamed = await makeAuthority("Renamed", undefined, {}, root.keyPair);
    const { certificate } = await makeCertificate({}, root);
    expect(isSignedBy(certificate, root.certificate)).to.equal(true);
    expect(isSignedBy(certificate, renamed.certificate)).to.equal(false);
  });

  it("is nobody's whose key is of another kind", async () => {
    const root = await makeAuthority("Root");
    const rsa = await makeAuthority("Root", undefined, { keyBits: 2048 });
    const { certificate } = await makeCertificate({}, root);
    expect(isSignedBy(certificate, rsa.certificate)).to.equal(false);
  });
});
