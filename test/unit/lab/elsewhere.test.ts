import { createPrivateKey, X509Certificate } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { heldClock } from "../../../src/base/index.ts";
import {
  type Authorities,
  authoritiesOf,
  type DeclaredCertificate,
  type KeySource,
  openKeySource,
} from "../../../src/certificates/index.ts";
import { makeTlsFiles } from "../../../src/lab/outside/elsewhere.ts";
import { foundAuthorities } from "../../../src/lab/outside/authority-files.ts";
import { declaredHost } from "../world/world.ts";

const start = new Date("2008-05-12T10:00:00Z");

describe("the TLS files of a server that the lab does not start", () => {
  let folder: string;
  let keys: KeySource;
  let authorities: Authorities;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "hubedge-elsewhere-"));
    keys = openKeySource({ folder: join(folder, "keys"), mode: "p256" });
    const declared = [
      { name: "Issuing", issuedBy: "Root" },
      { name: "Root", issuedBy: null },
      { name: "Other Root", issuedBy: null },
    ];
    authorities = await foundAuthorities({ authorities: declared }, { keys, at: start, dataFolder: folder });
  });
  after(async () => {
    await keys.close();
    await rm(folder, { recursive: true, force: true });
  });

  const make = (certificate: Partial<DeclaredCertificate> | null, believed = authorities) => {
    const declared = certificate && { issuer: "Issuing", names: [], flaw: null, ...certificate };
    const host = declaredHost({ name: "mail.woodgrove.example", certificate: declared });
    return makeTlsFiles(host, folder, { authorities: believed, keys, clock: heldClock(start) });
  };
  const path = (file: string): string => join(folder, "tls", file);
  const read = async (file: string): Promise<X509Certificate[]> => {
    const pems = (await readFile(path(file), "utf8")).match(/-----BEGIN[^-]+-----[^-]+-----END[^-]+-----\n/g) ?? [];
    return pems.map((pem) => new X509Certificate(pem));
  };

  it("have the certificate first, then the authorities above it without the root", async () => {
    const made = await make({});
    const chain = await read("certificate.pem");
    expect(chain.map(({ subject }) => subject)).to.deep.equal(["CN=mail.woodgrove.example", "CN=Issuing"]);
    expect(chain[0]?.fingerprint.replaceAll(":", "")).to.equal(made?.thumbprint);
    expect(chain[1]?.raw).to.deep.equal(Buffer.from(authorities.get("Issuing")?.certificate.der ?? []));
  });

  it("have its key, which only their owner may read", async () => {
    await make({});
    const [certificate] = await read("certificate.pem");
    expect(certificate?.checkPrivateKey(createPrivateKey(await readFile(path("key.pem"))))).to.equal(true);
    expect((await stat(path("key.pem"))).mode & 0o777).to.equal(0o600);
  });

  it("have every root of the world, and no authority that is none", async () => {
    await make({});
    const roots = (await read("authorities.pem")).map(({ subject }) => subject);
    expect(roots).to.have.members(["CN=Root", "CN=Other Root"]);
    await make({ issuer: null }, authoritiesOf([])); // no program reads an empty list
    expect(await readdir(join(folder, "tls"))).to.have.members(["certificate.pem", "key.pem"]);
  });

  it("have the names, and what is wrong, as declared", async () => {
    await make({ names: ["woodgrove.example", "*.woodgrove.example"], flaw: "expired" });
    const [certificate] = await read("certificate.pem");
    expect(certificate?.subjectAltName).to.equal("DNS:woodgrove.example, DNS:*.woodgrove.example");
    expect(new Date(certificate?.validTo ?? "").getTime()).to.be.below(start.getTime());
  });

  it("are made anew at each start, and gone where no certificate is declared any more", async () => {
    const [first, second] = [await make({}), await make({})];
    expect(first?.thumbprint).not.to.equal(second?.thumbprint);
    expect((await read("certificate.pem"))[0]?.fingerprint.replaceAll(":", "")).to.equal(second?.thumbprint);
    expect(await make(null)).to.equal(undefined);
    expect(await readdir(folder)).not.to.include("tls");
  });
});
