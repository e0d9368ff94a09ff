import { createPublicKey } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import {
  type CertificateService,
  type CertificateStore,
  openCertificateStore,
  parseCertificate,
  type StoredCertificate,
} from "../../../src/certificates/index.ts";
import { makeAuthority, makeCertificate, type MadeCertificate } from "./make.ts";

describe("openCertificateStore", () => {
  let parent: string;
  let folder: string;
  let store: CertificateStore;
  let count = 0;
  let first: MadeCertificate;
  let second: MadeCertificate;
  before(async () => {
    parent = await mkdtemp(join(tmpdir(), "hubedge-store-"));
    [first, second] = await Promise.all([makeCertificate(), makeCertificate({ from: "2008-05-01" })]);
  });
  beforeEach(async () => {
    folder = join(parent, String(count++));
    store = await openCertificateStore(folder);
  });
  after(() => rm(parent, { recursive: true }));

  const add = (
    { certificate, keyPair }: MadeCertificate,
    services: CertificateService[] = ["SMTP"],
  ): Promise<StoredCertificate> =>
    store.add(certificate, {
      key: keyPair,
      services,
      friendlyName: "Test",
      privateKeyExportable: false,
      rootCaType: "None",
    });
  const codeOf = (action: Promise<unknown> | (() => unknown)): Promise<unknown> =>
    Promise.resolve()
      .then(() => (typeof action === "function" ? action() : action))
      .then(() => "no failure")
      .catch((failure: { code: string }) => failure.code);

  it("holds after reopening what it held before, key included", async () => {
    const added = await add(first, ["SMTP", "POP"]);
    await store.enableServices(added.thumbprint, ["IMAP"]);
    const reopened = await openCertificateStore(folder);
    expect(reopened.list()).to.deep.equal(store.list());
    expect(reopened.get(added.thumbprint)).to.deep.include({
      services: ["IMAP", "POP", "SMTP"],
      friendlyName: "Test",
      hasPrivateKey: true,
    });
    const publicKeyPem = createPublicKey(reopened.privateKey(added.thumbprint)).export({ type: "spki", format: "pem" });
    expect(publicKeyPem).to.equal(first.keyPair.publicKeyPem);
  });

  it("keeps the authorities above a certificate beside it", async () => {
    const upper = await makeAuthority("Upper");
    const lower = await makeAuthority("Lower", upper);
    const leaf = await makeCertificate({}, lower);
    const chain = [lower, upper].map(({ certificate }) => parseCertificate(certificate.der));
    const beside = { services: ["SMTP"], friendlyName: "", privateKeyExportable: false, rootCaType: "None" } as const;
    const added = await store.add(leaf.certificate, { key: leaf.keyPair, chain, ...beside });
    expect(added.chain).to.deep.equal(chain);
    await store.enableServices(added.thumbprint, ["POP"]);
    const reopened = await openCertificateStore(folder);
    expect(reopened.get(added.thumbprint).chain).to.deep.equal(chain);
    expect(reopened.list()).to.deep.equal(store.list());
  });

  it("takes a certificate from which it is told no chain for one that has none", async () => {
    expect((await add(first)).chain).to.deep.equal([]);
  });

  it("reads files that were written before chains were kept", async () => {
    const { thumbprint } = await add(first);
    const path = join(folder, `${thumbprint}.json`);
    const record = JSON.parse(await readFile(path, "utf8")) as Record<string, unknown>;
    expect(Object.keys(record)).to.deep.equal([
      "certificate",
      "services",
      "friendlyName",
      "privateKeyExportable",
      "rootCaType",
    ]);
    expect((await openCertificateStore(folder)).get(thumbprint).chain).to.deep.equal([]);
  });

  it("refuses a chain that is none", async () => {
    const { thumbprint } = await add(first);
    const path = join(folder, `${thumbprint}.json`);
    const record = JSON.parse(await readFile(path, "utf8")) as Record<string, unknown>;
    for (const [chain, why] of [
      [null, /a field is missing or unknown/],
      ["x", /a field is missing or unknown/],
      [[1], /a field is missing or unknown/],
      [["no certificate"], /Cannot read the certificate/],
    ] as const) {
      await writeFile(path, JSON.stringify({ ...record, chain }));
      const failure = await openCertificateStore(folder).catch((thrown: Error) => thrown);
      expect(failure).to.have.property("code", "CERT_STORE_CORRUPT");
      expect((failure as Error).message).to.match(why);
    }
  });

  it("lets nobody else read a key, and shows none in the certificate's own file", async () => {
    const { thumbprint } = await add(first);
    expect((await stat(folder)).mode & 0o777).to.equal(0o700);
    expect((await stat(join(folder, `${thumbprint}.key`))).mode & 0o777).to.equal(0o600);
    expect(await readFile(join(folder, `${thumbprint}.json`), "utf8")).not.to.match(/PRIVATE/);
    expect(JSON.stringify(store.list())).not.to.match(/PRIVATE/);
  });

  it("takes thumbprints as people paste them", async () => {
    const { thumbprint } = await add(first);
    const pasted = thumbprint.toLowerCase().replaceAll(/(..)/g, "$1 ");
    expect(store.get(pasted).thumbprint).to.equal(thumbprint);
    expect(store.find(pasted)?.thumbprint).to.equal(thumbprint);
    expect(store.find(second.certificate.thumbprint)).to.equal(undefined);
  });

  it("adds services and never takes one away, except that IIS has one certificate only", async () => {
    const one = await add(first, ["IIS", "SMTP"]);
    const two = await add(second, ["POP"]);
    await store.enableServices(two.thumbprint, ["SMTP", "IIS"]);
    expect(store.get(one.thumbprint).services).to.deep.equal(["SMTP"]);
    expect(store.get(two.thumbprint).services).to.deep.equal(["POP", "IIS", "SMTP"]);
    expect((await openCertificateStore(folder)).get(one.thumbprint).services).to.deep.equal(["SMTP"]);
  });

  it("takes whatever only one certificate may have from the one that had it, and nothing else", async () => {
    const own = await openCertificateStore(join(folder, "of-one"), ["SMTP"]);
    const beside = { friendlyName: "", privateKeyExportable: false, rootCaType: "None" } as const;
    const services = ["IIS", "SMTP"] as const;
    const one = await own.add(first.certificate, { key: first.keyPair, services, ...beside });
    const two = await own.add(second.certificate, { key: second.keyPair, services, ...beside });
    expect(own.get(one.thumbprint).services).to.deep.equal(["IIS"]);
    await own.enableServices(one.thumbprint, ["SMTP", "POP"]);
    expect(own.get(two.thumbprint).services).to.deep.equal(["IIS"]);
    expect(own.get(one.thumbprint).services).to.deep.equal(["POP", "IIS", "SMTP"]);
  });

  it("gives IIS to a certificate added with it", async () => {
    const one = await add(first, ["IIS"]);
    await add(second, ["IIS"]);
    expect(store.get(one.thumbprint).services).to.deep.equal([]);
  });

  it("loses no change of several made at once", async () => {
    const { thumbprint } = await add(first, []);
    await Promise.all(
      (["POP", "IMAP", "UM", "SMTP"] as const).map((service) => store.enableServices(thumbprint, [service])),
    );
    expect((await openCertificateStore(folder)).get(thumbprint).services).to.deep.equal(["IMAP", "POP", "UM", "SMTP"]);
  });

  it("removes a certificate together with its key", async () => {
    const { thumbprint } = await add(first);
    await add(second);
    await store.remove(thumbprint);
    expect(store.list().map((kept) => kept.thumbprint)).to.deep.equal([second.certificate.thumbprint]);
    expect((await readdir(folder)).filter((name) => name.startsWith(thumbprint))).to.deep.equal([]);
  });

  it("holds a certificate without its key, and says that the key is missing", async () => {
    const { thumbprint } = await add(first);
    await rm(join(folder, `${thumbprint}.key`));
    store = await openCertificateStore(folder);
    expect(store.get(thumbprint).hasPrivateKey).to.equal(false);
    expect(await codeOf(() => store.privateKey(thumbprint))).to.equal("CERT_PRIVATE_KEY_MISSING");
    expect(await codeOf(store.enableServices(thumbprint, ["POP"]))).to.equal("CERT_PRIVATE_KEY_MISSING");
  });

  it("refuses broken requests, and goes on working", async () => {
    await add(first);
    const { thumbprint } = second.certificate;
    expect(await codeOf(() => store.get(thumbprint))).to.equal("CERT_THUMBPRINT_UNKNOWN");
    expect(await codeOf(store.enableServices(thumbprint, ["POP"]))).to.equal("CERT_THUMBPRINT_UNKNOWN");
    expect(await codeOf(store.remove(thumbprint))).to.equal("CERT_THUMBPRINT_UNKNOWN");
    expect(await codeOf(add(first))).to.equal("CERT_DUPLICATE");
    expect(await codeOf(add({ ...second, keyPair: first.keyPair }))).to.equal("CERT_KEY_MISMATCH");
    expect(store.list()).to.have.length(1);
    await add(second);
    expect(store.list()).to.have.length(2);
  });

  it("names everything that is wrong with a folder in one error, and changes nothing", async () => {
    const { thumbprint } = await add(first);
    const other = second.certificate.thumbprint;
    await writeFile(join(folder, "holiday.jpg"), "x");
    await writeFile(join(folder, `${other}.json`), "{");
    await writeFile(join(folder, `${"A".repeat(40)}.json`), await readFile(join(folder, `${thumbprint}.json`)));
    await writeFile(
      join(folder, `${"B".repeat(40)}.json`),
      JSON.stringify({ certificate: first.pem, services: ["FTP"] }),
    );
    const before = await readdir(folder);
    const failure = await openCertificateStore(folder).catch((thrown: Error) => thrown);
    expect(failure).to.have.property("code", "CERT_STORE_CORRUPT");
    const { message } = failure as Error;
    for (const name of ["holiday.jpg", other, "A".repeat(40), "B".repeat(40)]) expect(message).to.contain(name);
    expect(message).not.to.contain(`"${thumbprint}.json"`);
    expect(await readdir(folder)).to.deep.equal(before);
  });

  it("refuses a key file that holds no key", async () => {
    const { thumbprint } = await add(first);
    await writeFile(join(folder, `${thumbprint}.key`), "");
    expect(await codeOf(openCertificateStore(folder))).to.equal("CERT_STORE_CORRUPT");
  });

  it("takes no notice of what a killed process left half written", async () => {
    const { thumbprint } = await add(first);
    await writeFile(join(folder, `${thumbprint}.json.0123456789ab.tmp`), "{");
    await writeFile(join(folder, `${second.certificate.thumbprint}.key`), second.keyPair.privateKeyPem);
    expect((await openCertificateStore(folder)).list()).to.have.length(1);
  });
});
