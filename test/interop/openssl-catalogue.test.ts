import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import {
  authoritiesOf,
  certificateCatalogue,
  foundAuthority,
  mintCertificate,
  openKeySource,
  toPem,
} from "../../src/certificates/index.ts";
import { runTool, withTool } from "../helpers/tools.ts";

const at = new Date("2008-05-12T10:00:00Z");
const host = "mail.woodgrove.example";

/** What `openssl verify` says of each, of its chain and the revocation lists; nothing where it is content. */
const said: Readonly<Record<string, RegExp | undefined>> = {
  "newer-but-invalid": /unable to get local issuer certificate/,
  expired: /certificate has expired/,
  "not-yet-valid": /certificate is not yet valid/,
  "reversed-dates": /certificate is not yet valid/,
  "expired-issuer": /certificate has expired/,
  "wrong-host": /hostname mismatch/i,
  "cn-only": /hostname mismatch/i, // Exchange reads the common name beside alternative names too
  "no-name": /hostname mismatch/i,
  "two-wildcards": /hostname mismatch/i,
  "ip-san": /hostname mismatch/i,
  "null-in-name": /hostname mismatch/i,
  "client-eku-only": /unsuitable certificate purpose/i,
  "code-signing-eku": /unsuitable certificate purpose/i,
  "wrong-key-usage": /unsuitable certificate purpose/i,
  "unknown-extension": /unhandled critical extension/,
  "ca-as-leaf": /self-signed certificate/,
  "weak-key-768": /EE certificate key too weak/,
  sha1: /CA signature digest algorithm too weak/,
  "self-signed": /self-signed certificate/,
  "unknown-issuer": /unable to get local issuer certificate/,
  "untrusted-root": /self-signed certificate in certificate chain/,
  "missing-intermediate": /unable to get local issuer certificate/,
  "namesake-issuer": /unable to get local issuer certificate/, // it takes the first of that name and looks no further
  "issued-by-a-server": /invalid CA certificate/,
  forged: /certificate signature failure/,
  "name-constrained": /permitted subtree violation/,
  revoked: /certificate revoked/,
  "revoked-issuer": /certificate revoked/,
  "no-revocation-list": /unable to get certificate CRL/,
  "stale-revocation-list": /CRL has expired/,
};

describe("other people's programs and the catalogue of certificates", () => {
  let folder: string;
  before(withTool("openssl"));
  before(async () => void (folder = await mkdtemp(join(tmpdir(), "hubedge-catalogue-"))));
  after(() => folder && rm(folder, { recursive: true, force: true }));

  it("find the flaw that a name says, where they look for it, and no other", async () => {
    const keys = openKeySource({ folder, mode: "p256" });
    const write = async (name: string, pems: readonly string[]): Promise<string> => {
      await writeFile(join(folder, name), pems.join(""));
      return join(folder, name);
    };
    for (const { name } of certificateCatalogue) {
      const root = await foundAuthority("Woodgrove Root", { issuedBy: undefined, keys, at });
      const authorities = authoritiesOf([root]);
      const declared = { issuer: undefined, names: [], flaw: name };
      const { certificate, chain } = await mintCertificate(declared, { host, authorities, keys, at });
      const lists = [root.certificate, ...chain]
        .map((issuer) => authorities.revocations.listOf(issuer, at))
        .filter((list) => list !== undefined && list !== "unavailable");
      const { code, output } = await runTool("openssl", [
        ...["verify", "-attime", String(at.getTime() / 1000 + 60), "-auth_level", "1", "-purpose", "sslserver"],
        ...["-verify_hostname", host, "-CAfile", await write("root.pem", [toPem(root.certificate)])],
        ...(chain.length > 0 ? ["-untrusted", await write("chain.pem", chain.map(toPem))] : []),
        ...["-crl_check_all", "-CRLfile", await write("lists.pem", lists as string[])],
        await write("certificate.pem", [toPem(certificate)]),
      ]);
      const words = said[name];
      if (words) expect(output, name).to.match(words);
      expect(code === 0, `${name}: ${output}`).to.equal(words === undefined);
    }
    await keys.close();
  });
});
