import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import {
  type Authority,
  type CertificateStore,
  formatPkcs7,
  foundAuthority,
  importCertificate,
  issueFromRequest,
  type KeySource,
  makeRequest,
  openCertificateStore,
  openKeySource,
  parseCertificate,
  parseRequest,
  parseSubject,
  requestToPem,
  revoke,
  type StoredCertificate,
  toPem,
  type WantedCertificate,
  writeRevocationList,
} from "../../src/certificates/index.ts";
import { needTool, runTool } from "../helpers/tools.ts";

const at = new Date("2008-05-12T10:00:00Z");
const seconds = String(at.getTime() / 1000 + 60);

describe("openssl and our certificate files", () => {
  let folder: string;
  const path = (name: string): string => join(folder, name);
  /** Runs it in the folder; rejects where it fails. */
  const openssl = async (...parameters: string[]): Promise<string> => {
    const { code, output } = await runTool(
      "openssl",
      parameters.map((one) => one.replace("@", `${folder}/`)),
    );
    if (code !== 0) throw new Error(`openssl ${parameters.join(" ")}: ${output}`);
    return output;
  };

  before(async function () {
    await needTool(this, "openssl");
    folder = await mkdtemp(join(tmpdir(), "hubedge-openssl-files-"));
  });
  after(() => (folder === undefined ? undefined : rm(folder, { recursive: true })));

  for (const mode of ["fresh", "p256"] as const)
    describe(`with keys: ${mode}`, function () {
      this.timeout(60_000); // RSA keys are made
      let keys: KeySource;
      let root: Authority;
      let issuing: Authority;
      let store: CertificateStore;
      let stored: StoredCertificate;

      const wanted = (): WantedCertificate => ({
        subject: parseSubject('c=US,o="Contoso, Ltd",cn=mail.contoso.com'),
        domainNames: ["mail.contoso.com", "EX1.contoso.com"],
        friendlyName: "Internet mail",
        privateKeyExportable: true,
        keySize: undefined,
        keys,
        at,
      });

      before(async () => {
        keys = openKeySource({ folder, mode });
        root = await foundAuthority("Contoso Root", { issuedBy: undefined, keys, at });
        issuing = await foundAuthority("Contoso Issuing", { issuedBy: root, keys, at });
        store = await openCertificateStore(path(mode));
        const { der } = await makeRequest(store, wanted());
        const answer = await issueFromRequest(issuing, parseRequest(der), at);
        await writeFile(path("request.pem"), requestToPem(der));
        await writeFile(path("request.der"), der);
        await writeFile(path("answer.pem"), toPem(answer));
        await writeFile(path("answer.p7b"), formatPkcs7([answer.der, issuing.certificate.der]));
        await writeFile(path("root.pem"), toPem(root.certificate));
        await writeFile(path("issuing.pem"), toPem(issuing.certificate));
        stored = await importCertificate(store, await readFile(path("answer.p7b")), {
          password: undefined,
          friendlyName: undefined,
          privateKeyExportable: false,
          rootCaTypeOf: () => "Enterprise",
        });
        await writeFile(path("ours.pfx"), store.exportPfx(stored.thumbprint, "geheim"));
      });
      after(() => keys.close());

      it("agree on a request, in PEM and DER: its names, what it asks for, and that its signature is good", async () => {
        for (const file of [
          ["-in", "@request.pem"],
          ["-in", "@request.der", "-inform", "DER"],
        ]) {
          const output = await openssl("req", "-verify", "-noout", "-text", "-nameopt", "RFC2253", ...file);
          expect(output).to.match(/verify OK/i);
          expect(output).to.include("Subject: C=US,O=Contoso\\, Ltd,CN=mail.contoso.com");
          expect(output).to.match(/DNS:mail\.contoso\.com, DNS:EX1\.contoso\.com/);
          expect(output).to.match(/TLS Web Server Authentication/);
          expect(output).to.match(/Digital Signature, Key Encipherment/);
        }
      });

      it("agree that the answer leads over the intermediate authority to the root", async () => {
        const verify = ["verify", "-attime", seconds, "-purpose", "sslserver", "-CAfile", "@root.pem"];
        expect(await openssl(...verify, "-untrusted", "@issuing.pem", "@answer.pem")).to.match(/OK/);
        const failure = await openssl(...verify, "@answer.pem").catch((thrown: Error) => thrown.message);
        expect(failure).to.match(/unable to get (local )?issuer certificate/);
      });

      it("agree on what a PKCS #7 holds, theirs and ours", async () => {
        const ours = await openssl("pkcs7", "-inform", "DER", "-in", "@answer.p7b", "-print_certs");
        expect(ours)
          .to.match(/CN ?= ?mail\.contoso\.com/)
          .and.match(/CN ?= ?Contoso Issuing/);

        const elsewhere = await openCertificateStore(path(`${mode}-theirs`));
        const { der } = await makeRequest(elsewhere, wanted());
        const answer = await issueFromRequest(issuing, parseRequest(der), at);
        await writeFile(path("second.pem"), toPem(answer));
        await openssl(
          "crl2pkcs7",
          "-nocrl",
          "-certfile",
          "@issuing.pem",
          "-certfile",
          "@second.pem",
          "-out",
          "@second.p7b",
        );
        const taken = await importCertificate(elsewhere, await readFile(path("second.p7b")), {
          password: undefined,
          friendlyName: undefined,
          privateKeyExportable: false,
          rootCaTypeOf: () => "Enterprise",
        });
        expect(taken.thumbprint).to.equal(answer.thumbprint);
        expect(taken.chain.map(({ subject }) => subject)).to.deep.equal(["CN=Contoso Issuing"]);
      });

      it("agree on our PKCS #12: certificate, chain, key, friendly name, AES-256 and the password", async () => {
        const all = await openssl("pkcs12", "-in", "@ours.pfx", "-passin", "pass:geheim", "-nodes", "-info");
        expect(all).to.include("friendlyName: Internet mail");
        expect(all).to.match(/PBES2, PBKDF2, AES-256-CBC/);
        expect(all).to.match(/MAC: sha256/);
        expect(all.match(/BEGIN CERTIFICATE/g)).to.have.length(2);
        expect(await openssl("pkcs12", "-in", "@ours.pfx", "-passin", "pass:geheim", "-clcerts", "-nokeys")).to.include(
          toPem(stored),
        );
        await writeFile(
          path("ours.key"),
          await openssl("pkcs12", "-in", "@ours.pfx", "-passin", "pass:geheim", "-nocerts", "-nodes"),
        );
        expect(await openssl("pkey", "-in", "@ours.key", "-pubout")).to.equal(
          await openssl("x509", "-in", "@answer.pem", "-noout", "-pubkey"),
        );
        const failure = await openssl("pkcs12", "-in", "@ours.pfx", "-passin", "pass:other", "-noout").catch(
          (thrown: Error) => thrown.message,
        );
        expect(failure).to.match(/Mac verify error/);
      });

      for (const [how, options] of [
        ["AES-256", []],
        ["-legacy: 3DES and RC2", ["-legacy"]],
        ["3DES throughout", ["-keypbe", "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-3DES", "-macalg", "sha1"]],
        ["3DES by PBES2", ["-keypbe", "DES-EDE3-CBC", "-certpbe", "DES-EDE3-CBC"]],
        ["AES-128 and SHA-512", ["-keypbe", "AES-128-CBC", "-certpbe", "AES-192-CBC", "-macalg", "sha512"]],
        ["an unencrypted certificate", ["-certpbe", "NONE"]],
      ] as const)
        it(`agree on their PKCS #12 with ${how}`, async () => {
          const key = mode === "p256" ? ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"] : ["rsa:2048"];
          const files = ["-keyout", "@theirs.key", "-out", "@theirs.pem", "-nodes", "-days", "30"];
          await openssl("req", "-x509", "-newkey", ...key, "-subj", "/O=Fabrikam/CN=mail.fabrikam.com", ...files);
          const what = ["-inkey", "@theirs.key", "-in", "@theirs.pem", "-certfile", "@issuing.pem", "-name", "Größe"];
          await openssl("pkcs12", "-export", ...what, "-passout", "pass:geheim", "-out", "@theirs.pfx", ...options);

          const elsewhere = await openCertificateStore(path(`${mode}-${how.replaceAll(/\W/g, "")}`));
          const taken = (password: string) => async () =>
            importCertificate(elsewhere, await readFile(path("theirs.pfx")), {
              password,
              friendlyName: undefined,
              privateKeyExportable: true,
              rootCaTypeOf: () => "None",
            });
          const refusal = await taken("another")().catch((thrown: { code: string }) => thrown);
          expect(refusal).to.have.property("code", "CERT_PFX_PASSWORD");
          const imported = await taken("geheim")();
          const theirs = parseCertificate(await readFile(path("theirs.pem"), "utf8"));
          expect(imported.thumbprint).to.equal(theirs.thumbprint);
          expect(imported.friendlyName).to.equal("Größe");
          const key8 = elsewhere.privateKey(imported.thumbprint).export({ type: "pkcs8", format: "pem" });
          expect(await openssl("pkey", "-in", "@theirs.key")).to.equal(key8);
        });

      it("agree on a request of openssl's", async () => {
        const key = mode === "p256" ? ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"] : ["rsa:2048"];
        const subject = [
          "-subj",
          "/C=DE/CN=theirs.contoso.com",
          "-addext",
          "subjectAltName=DNS:a.contoso.com,IP:127.0.0.1",
        ];
        await openssl("req", "-newkey", ...key, "-nodes", "-keyout", "@their.key", "-out", "@their.csr", ...subject);
        const request = parseRequest(await readFile(path("their.csr")));
        expect(request.certificateDomains).to.deep.equal(["theirs.contoso.com", "a.contoso.com"]);
        await writeFile(path("their.pem"), toPem(await issueFromRequest(issuing, request, at)));
        const verify = ["verify", "-attime", seconds, "-CAfile", "@root.pem", "-untrusted", "@issuing.pem"];
        expect(await openssl(...verify, "@their.pem")).to.match(/OK/);
      });

      it("agree on who has been revoked", async () => {
        revoke(issuing, stored, at);
        await writeFile(path("issuing.crl"), writeRevocationList(issuing, at));
        await writeFile(path("root.crl"), writeRevocationList(root, at));
        const text = await openssl("crl", "-in", "@issuing.crl", "-noout", "-text", "-CAfile", "@issuing.pem");
        expect(text).to.match(/verify OK/i);
        expect(text).to.include(`Serial Number: ${stored.serialNumber}`);
        expect(text).to.match(/Last Update: May 12 10:00:00 2008 GMT/);
        expect(text).to.match(/Next Update: May 19 10:00:00 2008 GMT/);
        const verify = [
          "verify",
          "-attime",
          seconds,
          "-crl_check",
          "-CAfile",
          "@root.pem",
          "-untrusted",
          "@issuing.pem",
        ];
        const lists = ["-CRLfile", "@issuing.crl", "-CRLfile", "@root.crl"];
        const failure = await openssl(...verify, ...lists, "@answer.pem").catch((thrown: Error) => thrown.message);
        expect(failure).to.match(/certificate revoked/);
        expect(await openssl(...verify, ...lists, "@their.pem")).to.match(/OK/);
      });
    });
});
