import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { heldClock } from "../../../src/base/index.ts";
import { type KeySource, openCertificateStore, openKeySource } from "../../../src/certificates/index.ts";
import { certificateApi } from "../../../src/lab/answers/certificate-api.ts";

const at = new Date("2008-05-12T10:00:00Z");

describe("certificateApi, where the directory publishes nothing for the server", () => {
  let folder: string;
  let keys: KeySource;
  let count = 0;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "hubedge-certificate-api-"));
    keys = openKeySource({ folder, mode: "p256" });
  });
  after(async () => {
    await keys.close();
    await rm(folder, { recursive: true });
  });

  /** A server with an empty store, and what is written about it into the directory. */
  async function bareServer() {
    const own = join(folder, String(count++));
    const published: unknown[] = [];
    const server = {
      name: "EX1",
      fqdn: "EX1.contoso.com",
      folder: own,
      store: await openCertificateStore(join(own, "certificates")),
      trust: { roots: [], revocation: undefined },
    };
    const api = certificateApi({
      server,
      topology: { renewalKeepsIis: true, smtpCertificates: "several" },
      clock: heldClock(at),
      organization: { server: () => undefined },
      write: async (...writes: unknown[]) => void published.push(...writes),
      keys,
    } as unknown as Parameters<typeof certificateApi>[0]);
    return { api, published };
  }

  for (const [names, isPublished] of [
    [["EX1.contoso.com"], true],
    [["mail.contoso.com", "ex1"], true],
    [["mail.contoso.com"], false],
  ] as const)
    it(`${isPublished ? "publishes" : "does not publish"} one for ${names.join(", ")} that is enabled for SMTP`, async () => {
      const { api, published } = await bareServer();
      const subjectName = "cn=Somebody else";
      const { thumbprint } = await api.newExchangeCertificate({ subjectName, domainNames: names, services: ["SMTP"] });
      await api.enableExchangeCertificate({ thumbprint, services: ["POP"], overwriteDefault: true });
      expect(published).to.deep.equal([]);
      await api.enableExchangeCertificate({ thumbprint, services: ["SMTP"], overwriteDefault: false });
      expect(published).to.have.length(isPublished ? 1 : 0);
    });

  for (const [name, isPublished] of [
    ["EX1.contoso.com", true],
    ["mail.contoso.com", false],
  ] as const)
    it(`${isPublished ? "publishes" : "does not publish"} one for ${name} that is imported`, async () => {
      const { api: elsewhere } = await bareServer();
      const { thumbprint } = await elsewhere.newExchangeCertificate({
        subjectName: `cn=${name}`,
        domainNames: [name],
        privateKeyExportable: true,
        services: [],
      });
      const path = join(folder, `${name}.pfx`);
      await elsewhere.exportCertificate({ thumbprint, path, password: "x", binaryEncoded: true, overwrite: false });
      const { api, published } = await bareServer();
      await api.importCertificate({ path, password: "x", privateKeyExportable: false });
      expect(published).to.have.length(isPublished ? 1 : 0);
    });
});
