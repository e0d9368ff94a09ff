import { expect } from "chai";
import fc from "fast-check";
import { issueBy } from "../../src/certificates/issue/authority.ts";
import { readElements } from "../../src/certificates/der/der.ts";
import { type Certificate, foundAuthority, judgePeer, parseCertificate } from "../../src/certificates/index.ts";
import { makeAuthority, makeCertificate, type MadeCertificate, makeKeyPair } from "../unit/certificates/make.ts";

describe("judging by chain", () => {
  const at = new Date("2008-06-01T00:00:00Z");
  let authorities: Certificate[];
  let leaves: Certificate[];

  /** Two roots, authorities below both, renewed and expired ones, and one that is none: every path crosses another. */
  before(async () => {
    const issuingKey = makeKeyPair();
    const [rootA, rootB] = await Promise.all([makeAuthority("Root A"), makeAuthority("Root B")]);
    const policy = await makeAuthority("Policy", rootA, { pathLength: 1 });
    const below = (issuer: MadeCertificate, spec = {}): Promise<MadeCertificate> =>
      makeAuthority("Issuing", issuer, spec, issuingKey);
    const issuing = await Promise.all([
      below(policy),
      below(rootB),
      below(rootA, { to: "2008-02-01" }),
      below(rootB, { pathLength: 0, usage: "emailProtection" }),
    ]);
    const deeper = await makeAuthority("Deeper", issuing[0]);
    const server = await makeCertificate({}, rootA);
    const made = [rootA, rootB, policy, ...issuing, deeper, server];
    authorities = made.map(({ certificate }) => certificate);
    const leafMakers = [issuing[0], deeper, server, rootA, policy, undefined];
    leaves = (await Promise.all(leafMakers.map((issuer) => makeCertificate({}, issuer)))).map(
      ({ certificate }) => certificate,
    );
    leaves.push((await makeCertificate({ to: "2008-03-01" }, issuing[0])).certificate);
  });

  const subset = fc.subarray([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  const pick = (indices: readonly number[]): Certificate[] => indices.map((index) => authorities[index] as Certificate);
  const judge = (leaf: number, sent: readonly Certificate[], roots: readonly Certificate[]) =>
    judgePeer(leaves[leaf % leaves.length], { kind: "chain", roots, name: undefined }, { at, chain: sent });
  const leaf = fc.nat(6);

  it("comes to the same by the same steps, in whatever order the peer sends its authorities, or the roots lie", () => {
    fc.assert(
      fc.property(leaf, subset, subset, fc.infiniteStream(fc.nat(1000)), (index, sent, roots, order) => {
        const shuffled = (list: readonly Certificate[]): Certificate[] =>
          list
            .map((one) => ({ one, key: order.next().value ?? 0 }))
            .toSorted((a, b) => a.key - b.key)
            .map(({ one }) => one);
        const decision = judge(index, pick(sent), pick(roots));
        expect(judge(index, shuffled(pick(sent)), shuffled(pick(roots)))).to.deep.equal(decision);
      }),
    );
  });

  it("trusts nobody without roots, and nobody because of what the peer sends: all of it trusts no less than some", () => {
    fc.assert(
      fc.property(leaf, subset, subset, (index, sent, roots) => {
        expect(judge(index, pick(sent), []).outcome.kind).to.equal("untrusted");
        const some = judge(index, pick(sent), pick(roots)).outcome;
        const all = judge(index, authorities, pick(roots)).outcome;
        if (some.kind === "trusted") expect(all.kind).to.equal("trusted");
        expect(some.kind === "trusted").to.equal(some.status === "Valid" || some.status === "ValidSelfSigned");
      }),
    );
  });

  it("says of each peer that it does not trust why, and of each that it does by whom", () => {
    fc.assert(
      fc.property(leaf, subset, subset, (index, sent, roots) => {
        const { outcome, steps } = judge(index, pick(sent), pick(roots));
        const last = steps.at(-1)?.text;
        expect(last).to.equal(`${outcome.kind}: ${outcome.reason}`);
        if (outcome.kind === "untrusted") expect(outcome.reason).to.contain(leaves[index]?.thumbprint);
        else expect(pick(roots).some(({ subject }) => outcome.reason.includes(subject))).to.equal(true);
      }),
    );
  });
});

describe("what an authority issues", () => {
  it("bears its name, however awkward, and is trusted with it", async () => {
    const at = new Date("2008-06-01T00:00:00Z");
    const pairs = [makeKeyPair(), makeKeyPair()] as const;
    const keys = { lease: () => Promise.resolve(pairs[0]), close: () => Promise.resolve() };
    const awkward = fc
      .oneof(
        fc.constantFrom(
          "Contoso, Ltd",
          'the "best"',
          "a+b=c",
          "a + b",
          "<x>;#y",
          "#1",
          " led ",
          "CN=x, O=y",
          "Größe €",
        ),
        fc.string({ unit: "grapheme-composite", minLength: 1, maxLength: 20 }),
      )
      .filter((text) => /^\P{Cc}{1,64}$/u.test(text) && !text.includes("\\"));
    await fc.assert(
      fc.asyncProperty(awkward, async (name) => {
        const root = await foundAuthority(name, { issuedBy: undefined, keys, at });
        const certificate = await issueBy(root, {
          commonName: "mail.contoso.com",
          domainNames: ["mail.contoso.com"],
          notBefore: at,
          notAfter: at,
          keyPair: pairs[1],
        });
        expect(certificate.issuer).to.equal(root.certificate.subject);
        const rule = { kind: "chain", roots: [root.certificate], name: undefined } as const;
        expect(judgePeer(certificate, rule, { at }).outcome.kind).to.equal("trusted");
      }),
      { numRuns: 40 },
    );
  });
});

describe("reading what somebody else wrote", () => {
  it("takes any bytes for DER or refuses them, and never reads beyond their end", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        let elements: ReturnType<typeof readElements>;
        try {
          elements = readElements(bytes);
        } catch (failure) {
          return /not DER/.test(String(failure));
        }
        const read = elements.reduce((length, { content }) => length + content.length + 2, 0);
        return read <= bytes.length;
      }),
      { numRuns: 2000 },
    );
  });

  it("takes a damaged certificate for one, or says that it is malformed", async () => {
    const { certificate } = await makeCertificate({ keyUsage: ["digitalSignature"], pathLength: 1, authority: true });
    fc.assert(
      fc.property(fc.nat(certificate.der.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const damaged = Buffer.from(certificate.der);
        damaged[at]! ^= flip;
        try {
          const { notBefore, notAfter } = parseCertificate(damaged);
          return !Number.isNaN(notBefore.getTime() + notAfter.getTime());
        } catch (failure) {
          return (failure as { code?: string }).code === "CERT_MALFORMED";
        }
      }),
      { numRuns: 1000 },
    );
  });
});
