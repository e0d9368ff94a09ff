import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type SecureContext, TLSSocket } from "node:tls";
import { expect } from "chai";
import {
  type Authority,
  authoritiesOf,
  type Certificate,
  type DeclaredCertificate,
  defaultTlsSettings,
  foundAuthority,
  judgePeer,
  mintCertificate,
  openCertificateStore,
  openKeySource,
  peerCertificates,
  presentations,
  readPresented,
} from "../../src/certificates/index.ts";
import { toPem } from "../../src/certificates/x509.ts";
import { runTool, withTool } from "../helpers/tools.ts";
import { judgeCases, makeJudgeCase } from "../unit/certificates/judge-cases.ts";

/** What is asked of `openssl verify`: the same as of our judge. */
interface Question {
  presented: Certificate;
  chain: readonly Certificate[];
  roots: readonly Certificate[];
  at: Date;
  host?: string | undefined;
  purposes: readonly ("sslserver" | "sslclient")[];
}

describe("openssl and our chains", () => {
  let folder: string;
  let count = 0;
  before(async () => void (folder = await mkdtemp(join(tmpdir(), "hubedge-chains-"))));
  before(withTool("openssl"));
  after(() => rm(folder, { recursive: true }));

  const file = async (...certificates: readonly Certificate[]): Promise<string> => {
    const path = join(folder, `${count++}.pem`);
    await writeFile(path, certificates.map(toPem).join(""));
    return path;
  };

  /** Whether OpenSSL finds it good for any of the purposes, and what it said. */
  async function verify({ presented, chain, roots, at, host, purposes }: Question): Promise<[boolean, string]> {
    const parameters = [
      // Whatever is trusted ends the chain; nothing of this machine is trusted.
      ...["verify", "-partial_chain", "-no-CApath", "-no-CAstore", "-attime", String(at.getTime() / 1000)],
      ...(roots.length > 0 ? ["-CAfile", await file(...roots)] : ["-no-CAfile"]),
      ...(chain.length > 0 ? ["-untrusted", await file(...chain)] : []),
      ...(host === undefined ? [] : ["-verify_hostname", host]),
    ];
    const leaf = await file(presented);
    const answers = await Promise.all(
      purposes.map((purpose) => runTool("openssl", [...parameters, "-purpose", purpose, leaf])),
    );
    return [answers.some(({ code }) => code === 0), answers.map(({ output }) => output).join("\n")];
  }

  describe("agree on who is trusted", () => {
    for (const given of judgeCases().filter(({ presented }) => presented !== null)) {
      const { about, opensslDiffers, peerIs } = given;
      it(`where ours ${about} (${given.file})${opensslDiffers === undefined ? "" : `, or differ: ${opensslDiffers}`}`, async () => {
        const { presented, rule, context } = await makeJudgeCase(given);
        // OpenSSL knows no rule for mail domains.
        const name = rule.name?.kind === "host" ? rule.name : undefined;
        const ours = judgePeer(presented, { ...rule, name }, context).outcome;
        const [good, said] = await verify({
          presented: presented!,
          ...context,
          roots: rule.roots,
          host: name?.host,
          purposes: peerIs === "client" ? ["sslclient", "sslserver"] : ["sslserver"],
        });
        expect(good === (ours.kind === "trusted"), `${ours.reason}\n${said}`).to.equal(opensslDiffers === undefined);
      });
    }
  });

  for (const mode of ["fresh", "p256"] as const) {
    describe(`with keys: ${mode}`, () => {
      const at = new Date("2008-05-12T10:00:00Z");
      const later = new Date("2008-06-01T00:00:00Z");
      let root: Authority;
      let other: Authority;
      let issuing: Authority;
      let mint: (declared: Partial<DeclaredCertificate>) => ReturnType<typeof mintCertificate>;
      before(async () => {
        const keys = openKeySource({ folder, mode });
        const found = (name: string, issuedBy?: Authority): Promise<Authority> =>
          foundAuthority(name, { issuedBy, keys, at });
        [root, other] = await Promise.all([found("Contoso, Ltd. + Söhne"), found("Fabrikam Root")]);
        issuing = await found('The "Issuing" CA', root);
        const authorities = authoritiesOf([root, issuing]);
        mint = (declared) =>
          mintCertificate(
            { issuer: issuing.name, names: [], flaw: null, ...declared },
            { host: "mail.contoso.com", authorities, keys, at },
          );
        after(() => keys.close());
      });

      it("see an authority that may sign certificates and revocation lists", async () => {
        for (const { certificate } of [root, issuing]) {
          const { output } = await runTool("openssl", ["x509", "-in", await file(certificate), "-noout", "-text"]);
          expect(output).to.match(/Basic Constraints: critical\n\s+CA:TRUE\n/);
          expect(output).to.match(/Key Usage: critical\n\s+Certificate Sign, CRL Sign\n/);
          expect(output).not.to.match(/Extended Key Usage|Subject Alternative Name/);
        }
      });

      it("see a certificate for both ends of TLS, for its host", async () => {
        const { certificate } = await mint({});
        const { output } = await runTool("openssl", ["x509", "-in", await file(certificate), "-noout", "-text"]);
        expect(output).to.match(/TLS Web Server Authentication, TLS Web Client Authentication/);
        expect(output).to.match(/DNS:mail\.contoso\.com\n/);
        expect(output).to.match(/CA:FALSE/);
      });

      it("accept the issued chain with its intermediate for either purpose, and nothing that lacks a part", async () => {
        const { certificate: presented, chain } = await mint({});
        const asked = { presented, chain, roots: [root.certificate], at: later, host: "mail.contoso.com" };
        for (const purpose of ["sslserver", "sslclient"] as const) {
          const question: Question = { ...asked, purposes: [purpose] };
          const [good, said] = await verify(question);
          expect(good, said).to.equal(true);
          expect((await verify({ ...question, chain: [] }))[0]).to.equal(false);
          expect((await verify({ ...question, roots: [other.certificate] }))[0]).to.equal(false);
          expect((await verify({ ...question, roots: [] }))[0]).to.equal(false);
          expect((await verify({ ...question, host: "mail.fabrikam.com" }))[0]).to.equal(false);
        }
      });

      it("meet in a handshake: openssl believes what we present, and we what it presents, with the authorities between", async () => {
        const { certificate, keyPair, chain } = await mint({});
        const store = await openCertificateStore(join(folder, `store-${mode}`));
        const beside = { services: [], friendlyName: "", privateKeyExportable: false, rootCaType: "None" } as const;
        await store.add(certificate, { key: keyPair, chain, ...beside });
        const secureContext = presentations(defaultTlsSettings).present(certificate, store);
        const seen = seenByServer(secureContext);
        const key = join(folder, `${mode}.key`);
        await writeFile(key, keyPair?.privateKeyPem ?? "");
        const { code, output } = await runTool("openssl", [
          ...["s_client", "-connect", `127.0.0.1:${await seen.port}`, "-attime", String(later.getTime() / 1000)],
          ...["-CAfile", await file(root.certificate), "-verify_return_error", "-verify_hostname", "mail.contoso.com"],
          ...["-cert", await file(certificate), "-key", key, "-cert_chain", await file(...chain)],
        ]);
        expect(code, output).to.equal(0);
        expect(output).to.match(/Verify return code: 0 \(ok\)/);
        const { presented, chain: sent } = readPresented(await seen.certificates);
        expect(sent.map(({ thumbprint }) => thumbprint)).to.deep.equal(chain.map(({ thumbprint }) => thumbprint));
        const name = { kind: "domain", domain: "contoso.com" } as const;
        const rule = { kind: "chain", roots: [root.certificate], name, peerIs: "client" } as const;
        expect(judgePeer(presented, rule, { at: later, chain: sent }).outcome).to.include({ status: "Valid" });
      });

      it("find the same flaws in what was made with them", async () => {
        const said = {
          expired: /expired/,
          "not-yet-valid": /not yet valid/,
          "wrong-host": /hostname mismatch/i,
        } as const;
        for (const [flaw, words] of Object.entries(said))
          for (const issuer of [root.name, issuing.name]) {
            const declared = { flaw: flaw as keyof typeof said, issuer };
            const { certificate: presented, chain } = await mint(declared);
            const roots = [root.certificate];
            const [good, output] = await verify({
              presented,
              chain,
              roots,
              at,
              host: "mail.contoso.com",
              purposes: ["sslserver"],
            });
            expect(good).to.equal(false);
            expect(output).to.match(words);
          }
      });
    });
  }
});

/** A TLS server that asks one client for its certificate: where it listens, and what it was shown. */
function seenByServer(secureContext: SecureContext): {
  port: Promise<number>;
  certificates: Promise<readonly Buffer[]>;
} {
  const listener = createServer().listen(0, "127.0.0.1");
  const certificates = new Promise<readonly Buffer[]>((resolve, reject) => {
    listener.once("connection", (plain) => {
      const secured = new TLSSocket(plain, {
        isServer: true,
        secureContext,
        requestCert: true,
        rejectUnauthorized: false,
      });
      secured.once("error", reject);
      secured.once("secure", () => {
        resolve(peerCertificates(secured));
        secured.end();
        listener.close();
      });
    });
  });
  const port = once(listener, "listening").then(() => (listener.address() as AddressInfo).port);
  return { port, certificates };
}
