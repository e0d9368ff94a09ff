import { mkdtemp, rm } from "node:fs/promises";
import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, type ConnectionOptions, TLSSocket } from "node:tls";
import { expect } from "chai";
import { type CertificateStore, openCertificateStore, presentations } from "../../../src/certificates/index.ts";
import { makeCertificate, type MadeCertificate } from "./make.ts";

interface Seen {
  reused: boolean;
  thumbprint: string | undefined;
  sessions: Buffer[];
}

describe("presentations", () => {
  let folder: string;
  let store: CertificateStore;
  let made: MadeCertificate;
  let server: Server;
  const own = presentations();
  const failures: string[] = [];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "hubedge-present-"));
    store = await openCertificateStore(folder);
    made = await makeCertificate();
    await store.add(made.certificate, {
      key: made.keyPair,
      services: ["SMTP"],
      friendlyName: "",
      privateKeyExportable: false,
      rootCaType: "None",
    });
    // As a receive connector does it: TLS begins on a socket that is already open.
    server = createServer((plain) => {
      const secure = new TLSSocket(plain, { isServer: true, secureContext: own.present(made.certificate, store) });
      secure.on("error", ({ message }) => void failures.push(message));
      secure.end("hello");
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  after(async () => {
    server.close();
    await once(server, "close");
    await rm(folder, { recursive: true });
  });

  /** A whole session, with what the client saw of it. */
  const talk = async (options: ConnectionOptions = {}): Promise<Seen> => {
    const { port } = server.address() as AddressInfo;
    const secureContext = own.clientSecureContext();
    const socket = connect({
      host: "127.0.0.1",
      port,
      servername: "ex1.contoso.com",
      rejectUnauthorized: false,
      secureContext,
      ...options,
    });
    const sessions: Buffer[] = [];
    socket.on("session", (session) => sessions.push(session));
    await once(socket, "secureConnect");
    const seen = {
      reused: socket.isSessionReused(),
      thumbprint: socket.getPeerX509Certificate()?.fingerprint.replaceAll(":", ""),
    };
    socket.resume();
    await once(socket, "close");
    return { ...seen, sessions };
  };

  it("shows the peer the certificate that was chosen", async () => {
    expect((await talk()).thumbprint).to.equal(made.certificate.thumbprint);
  });

  it("never resumes a session, so that each one carries its certificate", async () => {
    for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
      const { sessions } = await talk({ maxVersion: version, minVersion: version });
      for (const session of sessions.length > 0 ? sessions : [undefined]) {
        const again = await talk({ maxVersion: version, minVersion: version, ...(session && { session }) });
        expect(again.reused).to.equal(false);
        expect(again.thumbprint).to.equal(made.certificate.thumbprint);
      }
    }
  });

  it("speaks nothing older than TLS 1.2", async () => {
    const { port } = server.address() as AddressInfo;
    const old = connect({
      host: "127.0.0.1",
      port,
      servername: "x",
      rejectUnauthorized: false,
      minVersion: "TLSv1",
      maxVersion: "TLSv1.1",
      ciphers: "ALL:@SECLEVEL=0",
    });
    await once(old, "error");
    expect(failures.join()).to.match(/unsupported protocol/);
  });

  it("makes one context for each certificate", async () => {
    const other = await makeCertificate();
    await store.add(other.certificate, {
      key: other.keyPair,
      services: [],
      friendlyName: "",
      privateKeyExportable: false,
      rootCaType: "None",
    });
    const context = own.present(made.certificate, store);
    expect(own.present(made.certificate, store)).to.equal(context);
    expect(own.present(other.certificate, store)).not.to.equal(context);
    expect(own.clientSecureContext()).to.equal(own.clientSecureContext());
  });

  it("refuses a certificate whose key the store does not hold", async () => {
    const { certificate } = await makeCertificate();
    expect(() => own.present(certificate, store))
      .to.throw()
      .with.property("code", "CERT_THUMBPRINT_UNKNOWN");
    await store.add(certificate, {
      key: undefined,
      services: [],
      friendlyName: "",
      privateKeyExportable: false,
      rootCaType: "None",
    });
    expect(() => own.present(certificate, store))
      .to.throw()
      .with.property("code", "CERT_PRIVATE_KEY_MISSING");
  });
});
