import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSecureContext, type SecureContext, type TLSSocket } from "node:tls";
import { expect } from "chai";
import {
  type CertificateStore,
  defaultTlsSettings,
  openCertificateStore,
  presentations,
  type TlsSettings,
} from "../../../src/certificates/index.ts";
import { type Handshake, shakeHands } from "./handshake.ts";
import { makeAuthority, makeCertificate, type MadeCertificate } from "./make.ts";

const beside = { services: ["SMTP"], friendlyName: "", privateKeyExportable: false, rootCaType: "None" } as const;
const only = (version: TlsSettings["minVersion"]): TlsSettings => ({
  ...defaultTlsSettings,
  minVersion: version,
  maxVersion: version,
});

describe("presentations", () => {
  let folder: string;
  let store: CertificateStore;
  let made: MadeCertificate;
  let rsa: MadeCertificate;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "hubedge-present-"));
    store = await openCertificateStore(folder);
    [made, rsa] = await Promise.all([makeCertificate(), makeCertificate({ keyBits: 2048 })]);
    for (const one of [made, rsa]) await store.add(one.certificate, { key: one.keyPair, ...beside });
  });
  after(() => rm(folder, { recursive: true }));

  /** What two servers with these settings come to. */
  const meet = (server: TlsSettings, client: TlsSettings, { certificate } = made): Promise<Outcome> =>
    shakeHands(
      {
        server: presentations(server).present(certificate, store),
        client: presentations(client).clientSecureContext(),
      },
      outcomeOf,
    );

  it("shows the peer the certificate that was chosen", async () => {
    expect(await meet(defaultTlsSettings, defaultTlsSettings)).to.include({ thumbprint: made.certificate.thumbprint });
  });

  it("shows the authorities above it that the store keeps, in their order", async () => {
    const root = await makeAuthority("Root");
    const upper = await makeAuthority("Upper", root);
    const lower = await makeAuthority("Lower", upper);
    const leaf = await makeCertificate({}, lower);
    const chain = [lower.certificate, upper.certificate];
    await store.add(leaf.certificate, { key: leaf.keyPair, chain, ...beside });
    const seen = await shakeHands(
      {
        server: presentations(defaultTlsSettings).present(leaf.certificate, store),
        client: presentations(defaultTlsSettings).clientSecureContext(),
      },
      (both) => both.kind === "secured" && both.client.getPeerX509Certificate(),
    );
    const subjects: string[] = [];
    for (let one = seen || undefined; one; one = one.issuerCertificate) subjects.push(one.subject);
    expect(subjects).to.deep.equal(["CN=EX1", "CN=Lower", "CN=Upper"]);
  });

  it("never resumes a session, so that each one carries its certificate", async () => {
    for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
      const server = presentations(only(version)).present(made.certificate, store);
      const client = presentations(only(version)).clientSecureContext();
      const sessions = await sessionsOf(server, client);
      for (const session of sessions.length > 0 ? sessions : [undefined]) {
        await shakeHands({ server, client, options: session ? { session } : {} }, (both) => {
          expect(both.kind === "secured" && both.client.isSessionReused()).to.equal(false);
          expect(outcomeOf(both)).to.include({ thumbprint: made.certificate.thumbprint });
        });
      }
    }
  });

  it("speaks nothing older than TLS 1.2 where nothing else is set", async () => {
    const old = createSecureContext({ minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "ALL:@SECLEVEL=0" });
    const server = presentations(defaultTlsSettings).present(made.certificate, store);
    expect(await shakeHands({ server, client: old }, outcomeOf)).to.match(/unsupported protocol/);
  });

  for (const version of ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"] as const) {
    it(`speaks ${version} where both are set to it alone, with either kind of key`, async () => {
      for (const key of [made, rsa])
        expect(await meet(only(version), only(version), key)).to.include({ protocol: version });
    });
  }

  it("finds the newest version that both speak", async () => {
    const old: TlsSettings = { minVersion: "TLSv1", maxVersion: "TLSv1.2", ciphers: null };
    expect(await meet(old, defaultTlsSettings)).to.include({ protocol: "TLSv1.2" });
    expect(await meet(defaultTlsSettings, old)).to.include({ protocol: "TLSv1.2" });
    expect(await meet(old, { ...old, maxVersion: "TLSv1.1" })).to.include({ protocol: "TLSv1.1" });
  });

  it("comes to nothing where there is no common version", async () => {
    expect(await meet(defaultTlsSettings, only("TLSv1"))).to.match(/unsupported protocol|protocol version/);
    expect(await meet(only("TLSv1"), defaultTlsSettings)).to.match(/unsupported protocol|protocol version/);
    expect(await meet(only("TLSv1.3"), only("TLSv1.2"))).to.match(/unsupported protocol|protocol version/);
  });

  it("keeps to the ciphers that are set, and comes to nothing where none is common", async () => {
    const aes256: TlsSettings = { ...only("TLSv1.2"), ciphers: "ECDHE-RSA-AES256-GCM-SHA384" };
    const aes128: TlsSettings = { ...only("TLSv1.2"), ciphers: "ECDHE-RSA-AES128-GCM-SHA256" };
    expect(await meet(aes256, defaultTlsSettings, rsa)).to.include({ cipher: "ECDHE-RSA-AES256-GCM-SHA384" });
    expect(await meet(defaultTlsSettings, aes128, rsa)).to.include({ cipher: "ECDHE-RSA-AES128-GCM-SHA256" });
    expect(await meet(aes256, aes128, rsa)).to.match(/no shared cipher|handshake failure/);
    const oldest: TlsSettings = { minVersion: "TLSv1", maxVersion: "TLSv1", ciphers: "AES128-SHA" };
    expect(await meet(oldest, oldest, rsa)).to.include({ protocol: "TLSv1", cipher: "AES128-SHA" });
  });

  for (const version of ["TLSv1", "TLSv1.2", "TLSv1.3"] as const) {
    it(`comes to nothing in ${version} where the key may not be used, whatever has been presented before`, async () => {
      const own = presentations(only(version));
      const client = presentations(only(version)).clientSecureContext();
      for (const key of [made, rsa]) {
        own.present(key.certificate, store);
        const server = own.presentWithoutKey(key.certificate, store);
        expect(await shakeHands({ server, client }, outcomeOf))
          .to.be.a("string")
          .and.match(/handshake failure|no /);
      }
    });
  }

  it("refuses settings that leave nothing to speak", () => {
    for (const settings of [
      { ...defaultTlsSettings, ciphers: "NO-SUCH-CIPHER" },
      { ...defaultTlsSettings, minVersion: "TLSv1", ciphers: "NO-SUCH-CIPHER" },
      { ...defaultTlsSettings, minVersion: "TLSv1.3", maxVersion: "TLSv1.2" },
    ] as const)
      expect(() => presentations(settings))
        .to.throw()
        .with.property("code", "CERT_TLS_SETTINGS_UNUSABLE");
  });

  it("makes one context for each certificate", () => {
    const own = presentations(defaultTlsSettings);
    const context = own.present(made.certificate, store);
    expect(own.present(made.certificate, store)).to.equal(context);
    expect(own.present(rsa.certificate, store)).not.to.equal(context);
    expect(own.clientSecureContext()).to.equal(own.clientSecureContext());
  });

  it("refuses a certificate whose key the store does not hold", async () => {
    const own = presentations(defaultTlsSettings);
    const { certificate } = await makeCertificate();
    expect(() => own.present(certificate, store))
      .to.throw()
      .with.property("code", "CERT_THUMBPRINT_UNKNOWN");
    await store.add(certificate, { key: undefined, ...beside });
    expect(() => own.present(certificate, store))
      .to.throw()
      .with.property("code", "CERT_PRIVATE_KEY_MISSING");
  });
});

type Outcome = { protocol: string | null; cipher: string; thumbprint: string | undefined } | string;

const outcomeOf = (both: Handshake): Outcome =>
  both.kind === "failed"
    ? `client: ${both.client}; server: ${both.server}`
    : {
        protocol: both.client.getProtocol(),
        cipher: both.client.getCipher().name,
        thumbprint: both.client.getPeerX509Certificate()?.fingerprint.replaceAll(":", ""),
      };

/** The sessions that a server offers to resume, after a whole exchange. */
async function sessionsOf(server: SecureContext, client: SecureContext): Promise<Buffer[]> {
  const sessions: Buffer[] = [];
  const prepare = (socket: TLSSocket): void => void socket.on("session", (session) => sessions.push(session));
  await shakeHands({ server, client, prepare }, async (both) => {
    if (both.kind === "failed") throw new Error(both.client);
    both.server.end("hello");
    both.client.resume();
    await once(both.client, "close");
  });
  return sessions;
}
