import { createSecureContext, type SecureContext } from "node:tls";
import { expect } from "chai";
import { peerCertificates, readPresented } from "../../../src/certificates/index.ts";
import { shakeHands } from "./handshake.ts";
import { makeAuthority, makeCertificate, type MadeCertificate, replaced } from "./make.ts";

/** What each end saw of the other, and what each hears who asks again. */
interface Seen {
  byClient: Buffer[];
  byServer: Buffer[];
  againByClient: Buffer[];
  againByServer: Buffer[];
}

describe("peerCertificates", () => {
  let root: MadeCertificate;
  let issuing: MadeCertificate;
  let issued: MadeCertificate;
  let selfSigned: MadeCertificate;
  before(async () => {
    root = await makeAuthority("Root");
    issuing = await makeAuthority("Issuing", root);
    [issued, selfSigned] = await Promise.all([makeCertificate({}, issuing), makeCertificate()]);
  });

  const context = (version: "TLSv1.2" | "TLSv1.3", ...made: MadeCertificate[]): SecureContext =>
    createSecureContext({
      minVersion: version,
      maxVersion: version,
      ca: [],
      ...(made[0] && { cert: made.map(({ pem }) => pem).join(""), key: made[0].keyPair.privateKeyPem }),
    });
  const see = (server: SecureContext, client: SecureContext, asks = true): Promise<Seen> =>
    shakeHands({ server, client, asks }, (both) => {
      if (both.kind === "failed") throw new Error(`${both.client} ${both.server}`);
      const [byClient, byServer] = [peerCertificates(both.client), peerCertificates(both.server)];
      const [againByClient, againByServer] = [peerCertificates(both.client), peerCertificates(both.server)];
      return { byClient, byServer, againByClient, againByServer } as Seen;
    });
  const ders = (...made: MadeCertificate[]): Buffer[] => made.map(({ certificate }) => Buffer.from(certificate.der));

  for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
    describe(`over ${version}`, () => {
      it("gives a self-signed certificate to either side", async () => {
        const seen = await see(context(version, selfSigned), context(version, selfSigned));
        expect(seen).to.deep.include({ byClient: ders(selfSigned), byServer: ders(selfSigned) });
      });

      it("gives a chain to either side, its own certificate first", async () => {
        const seen = await see(context(version, issued, issuing), context(version, issued, issuing));
        expect(seen).to.deep.include({ byClient: ders(issued, issuing), byServer: ders(issued, issuing) });
      });

      it("gives all that was sent, in its order, also what does not belong there", async () => {
        const sent = [issued, selfSigned, root, issuing];
        const seen = await see(context(version, ...sent), context(version, ...sent));
        expect(seen).to.deep.include({ byClient: ders(...sent), byServer: ders(...sent) });
      });

      it("gives a server nothing where the client presents nothing, or was not asked", async () => {
        const server = context(version, issued, issuing);
        expect((await see(server, context(version))).byServer).to.deep.equal([]);
        expect((await see(server, context(version, selfSigned), false)).byServer).to.deep.equal([]);
      });

      it("gives whoever asks a second time less, and never an authority for the peer itself", async () => {
        const seen = await see(context(version, issued, issuing), context(version, issued, issuing));
        for (const again of [seen.againByClient, seen.againByServer])
          expect(again.slice(0, 1)).to.satisfy(
            ([first]: Buffer[]) => first === undefined || first.equals(ders(issued)[0]!),
          );
      });
    });
  }
});

describe("readPresented", () => {
  it("tells the peer's own certificate from the authorities", async () => {
    const root = await makeAuthority("Root");
    const { certificate } = await makeCertificate({}, root);
    const read = readPresented([certificate.der, root.certificate.der]);
    expect(read.presented?.thumbprint).to.equal(certificate.thumbprint);
    expect(read.chain.map(({ thumbprint }) => thumbprint)).to.deep.equal([root.certificate.thumbprint]);
    expect(readPresented([])).to.deep.equal({ presented: undefined, chain: [] });
  });

  it("passes over what cannot be read, and lets nothing else take its place", async () => {
    const root = await makeAuthority("Root");
    const { certificate } = await makeCertificate({}, root);
    const undated = replaced(Buffer.from(certificate.der), Buffer.from("080101000000Z"), Buffer.from("089901000000Z"));
    for (const unreadable of [Buffer.from("3000", "hex"), undated]) {
      expect(readPresented([certificate.der, unreadable]).chain).to.deep.equal([]);
      const read = readPresented([unreadable, root.certificate.der]);
      expect(read.presented).to.equal(undefined);
    }
  });

  it("reads 32 certificates and no more, however many were sent", async () => {
    const { der } = (await makeCertificate()).certificate;
    expect(readPresented(Array.from({ length: 100 }, () => der)).chain).to.have.length(31);
  });
});
