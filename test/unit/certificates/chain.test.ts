import { expect } from "chai";
import type { Certificate } from "../../../src/certificates/index.ts";
import { bestPath } from "../../../src/certificates/path-rules.ts";
import { longestPath, pathsFrom } from "../../../src/certificates/chain.ts";
import { makeAuthority, makeCertificate, type MadeCertificate, makeKeyPair } from "./make.ts";

const at = new Date("2008-06-01T00:00:00Z");
const certificatesOf = (made: readonly MadeCertificate[]): Certificate[] => made.map(({ certificate }) => certificate);

/** Authorities one below the other, the root first. */
async function makeLine(length: number): Promise<MadeCertificate[]> {
  const line = [await makeAuthority("Authority 0")];
  while (line.length < length) line.push(await makeAuthority(`Authority ${line.length}`, line.at(-1)));
  return line;
}

describe("a path to a trusted root", () => {
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

  it("is looked for without end by nobody: authorities that all certify each other cost little", async () => {
    const keyPairs = Array.from({ length: 6 }, () => makeKeyPair());
    const selves = await Promise.all(
      keyPairs.map((keyPair, index) => makeAuthority(`Clique ${index}`, undefined, {}, keyPair)),
    );
    const cross = await Promise.all(
      selves.flatMap((issuer, from) =>
        keyPairs.flatMap((keyPair, to) => (from === to ? [] : [makeAuthority(`Clique ${to}`, issuer, {}, keyPair)])),
      ),
    );
    const { certificate } = await makeCertificate({}, selves[0]);
    const root = await makeAuthority("Root");
    const paths = [...pathsFrom(certificate, { roots: [root.certificate], intermediates: certificatesOf(cross) }, at)];
    expect(paths.length).to.be.within(1, 110);
    expect(paths.every(({ end }) => end === "tooLong")).to.equal(true);
    for (const { elements } of paths) expect(new Set(elements).size).to.equal(elements.length);
  });

  it("is found among many authorities of the right name and the wrong key", async () => {
    const root = await makeAuthority("Root");
    const issuing = await makeAuthority("Issuing", root);
    const keyPair = makeKeyPair();
    const decoys = await Promise.all(
      Array.from({ length: 40 }, () => makeAuthority("Issuing", undefined, {}, keyPair)),
    );
    const { certificate } = await makeCertificate({}, issuing);
    const sources = { roots: [root.certificate], intermediates: certificatesOf([...decoys, issuing]) };
    expect(bestPath(certificate, sources, { at, role: "server" }).problems).to.deep.equal([]);
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
});
