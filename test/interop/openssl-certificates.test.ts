import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import {
  installDefaultCertificate,
  openCertificateStore,
  openKeySource,
  type StoredCertificate,
} from "../../src/certificates/index.ts";
import { withTool } from "../helpers/tools.ts";

describe("openssl and our certificates", () => {
  let folder: string;
  const openssl = (...parameters: string[]): string =>
    execFileSync("openssl", parameters, { encoding: "utf8", cwd: folder, stdio: "pipe" });

  before(async () => void (folder = await mkdtemp(join(tmpdir(), "hubedge-openssl-"))));
  before(withTool("openssl"));
  after(() => rm(folder, { recursive: true }));

  for (const mode of ["fresh", "p256"] as const) {
    describe(`with keys: ${mode}`, () => {
      let certificate: StoredCertificate;
      let pem: string;
      let key: string;
      before(async () => {
        const store = await openCertificateStore(join(folder, mode));
        const keys = openKeySource({ folder, mode });
        const server = { name: "Ex2007EE", fqdn: "Ex2007EE.proexchange.local", services: ["SMTP"] as const };
        const installed = await installDefaultCertificate(store, server, keys, new Date("2008-05-12T10:00:00Z"));
        await keys.close();
        certificate = installed;
        pem = join(folder, `${mode}.pem`);
        key = join(folder, mode, `${certificate.thumbprint}.key`);
        const record: unknown = JSON.parse(
          await readFile(join(folder, mode, `${certificate.thumbprint}.json`), "utf8"),
        );
        await writeFile(pem, (record as { certificate: string }).certificate);
      });
      const x509 = (...wanted: string[]): string => openssl("x509", "-in", pem, "-noout", ...wanted).trim();

      it("agree on subject, issuer and serial number", () => {
        expect(x509("-subject", "-nameopt", "RFC2253")).to.equal(`subject=${certificate.subject}`);
        expect(x509("-issuer", "-nameopt", "RFC2253")).to.equal(`issuer=${certificate.issuer}`);
        expect(x509("-serial")).to.equal(`serial=${certificate.serialNumber}`);
      });

      it("agree on names, dates and thumbprint", () => {
        expect(x509("-ext", "subjectAltName")).to.match(/DNS:Ex2007EE, DNS:Ex2007EE\.proexchange\.local$/);
        expect(x509("-dates")).to.equal("notBefore=May 12 10:00:00 2008 GMT\nnotAfter=May 12 10:00:00 2009 GMT");
        expect(x509("-fingerprint", "-sha1").replaceAll(":", "")).to.match(new RegExp(`=${certificate.thumbprint}$`));
        expect(x509("-fingerprint", "-sha256").replaceAll(":", "")).to.match(new RegExp(`=${certificate.sha256}$`));
      });

      it("agree on what the certificate may be used for", () => {
        const text = x509("-text");
        expect(text).to.match(/Version: 3/);
        expect(text).to.match(/Signature Algorithm: (sha256WithRSAEncryption|ecdsa-with-SHA256)/);
        expect(text).to.match(/Key Usage: critical\n\s+Digital Signature, Key Encipherment\n/);
        expect(text).to.match(/Extended Key Usage: \n\s+TLS Web Server Authentication\n/);
        expect(text).to.match(/Basic Constraints: critical\n\s+CA:FALSE/);
      });

      it("agree that it signs itself, and is good within its dates only", () => {
        const verify = (at: string): string =>
          openssl(
            "verify",
            "-CAfile",
            pem,
            "-partial_chain",
            "-attime",
            String(Date.parse(at) / 1000),
            "-purpose",
            "sslserver",
            pem,
          );
        expect(verify("2008-06-01T00:00:00Z")).to.match(/: OK/);
        expect(() => verify("2009-06-01T00:00:00Z")).to.throw(/expired/);
      });

      it("agree that the key in the store is the certificate's", () => {
        expect(openssl("pkey", "-in", key, "-pubout")).to.equal(openssl("x509", "-in", pem, "-noout", "-pubkey"));
      });
    });
  }
});
