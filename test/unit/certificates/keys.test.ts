import { createPrivateKey, createPublicKey } from "node:crypto";
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { type KeyPair, type KeySource, openKeySource } from "../../../src/certificates/index.ts";
import { makeKeyPair } from "./make.ts";

describe("openKeySource", () => {
  let parent: string;
  let folder: string;
  let count = 0;
  const open: KeySource[] = [];
  before(async () => void (parent = await mkdtemp(join(tmpdir(), "hubedge-keys-"))));
  beforeEach(() => void (folder = join(parent, String(count++))));
  afterEach(() => Promise.all(open.splice(0).map((source) => source.close())));
  after(() => rm(parent, { recursive: true }));

  const source = (mode: "cached" | "fresh" | "p256"): KeySource => {
    const opened = openKeySource({ folder, mode });
    open.push(opened);
    return opened;
  };
  const leases = (from: KeySource, number: number): Promise<KeyPair[]> =>
    Promise.all(Array.from({ length: number }, () => from.lease()));
  /** Small keys do: what is cached is not looked into. */
  const fillCache = async (number: number): Promise<void> => {
    await source("cached").lease();
    for (let made = 1; made < number; made++) {
      const { privateKeyPem, publicKeyPem } = makeKeyPair(512);
      const name = `rsa-2048-00000000-0000-4000-8000-${String(made).padStart(12, "0")}.pem`;
      await writeFile(join(folder, name), privateKeyPem + publicKeyPem, { mode: 0o600 });
    }
  };

  it("leases RSA 2048 keys whose halves belong together, and keeps them privately", async () => {
    const { kind, privateKeyPem, publicKeyPem } = await source("cached").lease();
    const privateKey = createPrivateKey(privateKeyPem);
    expect(kind).to.equal("RSA");
    expect(privateKey.asymmetricKeyDetails?.modulusLength).to.equal(2048);
    expect(createPublicKey(privateKey).export({ type: "spki", format: "pem" })).to.equal(publicKeyPem);

    const [file, ...others] = await readdir(folder);
    expect(others).to.deep.equal([]);
    expect((await stat(folder)).mode & 0o777).to.equal(0o700);
    expect((await stat(join(folder, file!))).mode & 0o777).to.equal(0o600);
  });

  it("gives every key of the cache once, and then makes what is lacking", async () => {
    await fillCache(5);
    const again = await leases(source("cached"), 6);
    expect(new Set(again.map(({ publicKeyPem }) => publicKeyPem)).size).to.equal(6);
    expect(await readdir(folder)).to.have.length(6);
  });

  it("lets a later run use the keys of an earlier one, and makes none", async () => {
    const first = source("cached");
    const before = await first.lease();
    await first.close();
    const after = await source("cached").lease();
    expect(after).to.deep.equal(before);
    expect(await readdir(folder)).to.have.length(1);
  });

  it("passes over damaged and foreign files, and leaves them alone", async () => {
    await fillCache(1);
    const damaged = "rsa-2048-ffffffff-ffff-4fff-8fff-ffffffffffff.pem";
    await writeFile(join(folder, damaged), "-----BEGIN PRIVATE KEY-----\nMIIE");
    await writeFile(join(folder, "notes.txt"), "mine");
    const keys = await leases(source("cached"), 2);
    expect(keys.every(({ privateKeyPem }) => privateKeyPem.endsWith("-----END PRIVATE KEY-----\n"))).to.equal(true);
    expect(await readFile(join(folder, damaged), "utf8")).to.equal("-----BEGIN PRIVATE KEY-----\nMIIE");
    expect(await readdir(folder)).to.include("notes.txt");
  });

  it("makes a cache private that was not", async () => {
    await fillCache(1);
    await chmod(folder, 0o755);
    await source("cached").lease();
    expect((await stat(folder)).mode & 0o777).to.equal(0o700);
  });

  it("does without a cache that can't be made", async () => {
    await writeFile(folder, "a file, where the folder should be");
    expect((await source("cached").lease()).kind).to.equal("RSA");
    expect(await readFile(folder, "utf8")).to.equal("a file, where the folder should be");
  });

  it("neither reads nor fills the cache when keys are to be fresh", async () => {
    await fillCache(1);
    const [cached] = await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name), "utf8")));
    const { publicKeyPem } = await source("fresh").lease();
    expect(cached).not.to.contain(publicKeyPem);
    expect(await readdir(folder)).to.have.length(1);
  });

  it("leases a thousand P-256 keys, all different", async () => {
    const keys = await leases(source("p256"), 1000);
    expect(new Set(keys.map(({ publicKeyPem }) => publicKeyPem)).size).to.equal(1000);
    expect(createPrivateKey(keys[0]!.privateKeyPem).asymmetricKeyDetails?.namedCurve).to.equal("prime256v1");
  });

  it("makes nothing any more once it is closed", async () => {
    const closing = source("cached");
    const results = Array.from({ length: 8 }, () =>
      closing.lease().then(
        () => "made",
        () => "refused",
      ),
    );
    await closing.close();
    const atClose = await readdir(folder);
    expect(await Promise.all(results)).to.include("refused");
    expect(await readdir(folder)).to.deep.equal(atClose);
    expect(atClose.every((name) => name.endsWith(".pem"))).to.equal(true);
    expect(await closing.lease().catch((failure: Error) => failure.message)).to.match(/closed/);
  });
});
