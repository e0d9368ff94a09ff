import { tmpdir } from "node:os";
import fc from "fast-check";
import { expect } from "chai";
import {
  type Authorities,
  authoritiesOf,
  type Certificate,
  certificateCatalogue,
  foundAuthority,
  judgePeer,
  mintCertificate,
  type MintedCertificate,
  openKeySource,
} from "../../src/certificates/index.ts";

const at = new Date("2008-05-12T10:00:00Z");

describe("certificates of the catalogue, before the judge", () => {
  const minted: { name: string; made: MintedCertificate }[] = [];
  const noise: Certificate[] = [];
  let authorities: Authorities;
  let roots: readonly Certificate[];

  before(async () => {
    const keys = openKeySource({ folder: tmpdir(), mode: "p256" });
    const root = await foundAuthority("Woodgrove Root", { issuedBy: undefined, keys, at });
    const other = await foundAuthority("Woodgrove Root", { issuedBy: undefined, keys, at });
    authorities = authoritiesOf([root]);
    roots = [root.certificate];
    const mint = (flaw: string, host: string, of: Authorities): Promise<MintedCertificate> =>
      mintCertificate({ issuer: undefined, names: [], flaw }, { host, authorities: of, keys, at });
    for (const { name } of certificateCatalogue) {
      minted.push({ name, made: await mint(name, "mail.woodgrove.example", authorities) });
      // Of a root of the same name with another key: whatever it is, it vouches for nobody here.
      const stray = await mint(name, "mail.fabrikam.example", authoritiesOf([other]));
      noise.push(stray.certificate, ...stray.chain);
    }
    noise.push(other.certificate);
    await keys.close();
  });

  it("are worth the same in whatever order authorities come with them, and whoever comes along", () => {
    const status = (presented: Certificate, chain: readonly Certificate[]): string =>
      judgePeer(
        presented,
        {
          kind: "chain",
          roots,
          name: { kind: "domain", domain: "woodgrove.example" },
          revocation: authorities.revocations,
        },
        { at, chain },
      ).outcome.status;
    const sent = fc
      .tuple(fc.constantFrom(...minted), fc.subarray(noise, { maxLength: 12 }))
      .chain(([{ name, made }, strays]) => {
        const all = [...made.chain, ...strays];
        return fc.tuple(fc.constant({ name, made }), fc.shuffledSubarray(all, { minLength: all.length }));
      });
    fc.assert(
      fc.property(sent, ([{ name, made }, chain]) => {
        expect(status(made.certificate, chain), name).to.equal(status(made.certificate, made.chain));
      }),
      { numRuns: 150 },
    );
  });
});
