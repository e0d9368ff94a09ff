import { X509Certificate } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSecureContext, type SecureContext } from "node:tls";
import { heldClock, type LabClock } from "../../../src/base/index.ts";
import {
  type Authorities,
  authoritiesOf,
  type DeclaredCertificate,
  defaultTlsSettings,
  foundAuthority,
  type KeySource,
  mintCertificate,
  openKeySource,
} from "../../../src/certificates/index.ts";
import { openZone, smtpPort, type Zone } from "../../../src/dns/index.ts";
import { type DeclaredHost, type Host, sendAsOutsideClient, startHost } from "../../../src/world/index.ts";

/** Lab time at the start. */
export const start = new Date("2008-05-12T10:00:00Z");

/** What hosts and attackers of one suite share, and their end. */
export interface TestWorld {
  readonly names: Zone;
  readonly clock: LabClock;
  readonly keys: KeySource;
  readonly authorities: Authorities;
  readonly folder: string;
  /** Starts a host at a port of the system's choice, and names it in the zone. */
  host(declared: Partial<DeclaredHost> & { name: string }): Promise<Host>;
  atEnd(closer: () => Promise<unknown>): void;
}

/** Woodgrove Root, Woodgrove Issuing below it, and Other Root; P-256 keys, which take no time. */
export function useWorld(): TestWorld {
  const closers: (() => Promise<unknown>)[] = [];
  let folder = "";
  let keys: KeySource;
  let authorities: Authorities;
  const names = openZone();
  const clock = heldClock(start);
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "hubedge-world-"));
    keys = openKeySource({ folder, mode: "p256" });
    const root = await foundAuthority("Woodgrove Root", { issuedBy: undefined, keys, at: start });
    const issuing = await foundAuthority("Woodgrove Issuing", { issuedBy: root, keys, at: start });
    const other = await foundAuthority("Other Root", { issuedBy: undefined, keys, at: start });
    authorities = authoritiesOf([root, issuing, other]);
  });
  after(async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
    await keys.close();
    await rm(folder, { recursive: true, force: true });
  });
  const world: TestWorld = {
    names,
    clock,
    get keys() {
      return keys;
    },
    get authorities() {
      return authorities;
    },
    get folder() {
      return folder;
    },
    atEnd: (closer) => void closers.push(closer),
    async host(declared) {
      const host = await startHost(declaredHost(declared), {
        clock,
        names,
        keys,
        authorities,
        at: { address: "127.0.0.1", port: 0 },
        localAddress: "127.0.0.1",
        folder: join(folder, declared.name),
      });
      closers.push(() => host.close());
      names.setHost(declared.name, smtpPort, host.endpoint);
      for (const { name, preference } of host.declared.domains)
        names.setMailExchangers(name, [{ host: declared.name, preference }]);
      return host;
    },
  };
  return world;
}

export const selfSigned: DeclaredCertificate = { issuer: null, names: [], flaw: null };

/** As the shortest declaration in a file has it: for `mail.fabrikam.example` the domain `fabrikam.example`. */
export const declaredHost = (about: Partial<DeclaredHost> & { name: string }): DeclaredHost => ({
  domains: [{ name: about.name.replace(/^[^.]*\./, ""), preference: 10 }],
  at: undefined,
  tls: "offered",
  certificate: selfSigned,
  tlsSettings: defaultTlsSettings,
  clientCertificates: "ignored",
  sends: "opportunistic",
  trusts: [],
  ...about,
});

/** Brings a message to a host as a client of no name. */
export const bring = (host: Host, change: Partial<Parameters<typeof sendAsOutsideClient>[0]> = {}) =>
  sendAsOutsideClient({
    endpoint: host.endpoint,
    ehlo: "edge1.proexchange.example",
    tls: "opportunistic",
    from: "bob@proexchange.example",
    to: [`carol@${host.declared.domains[0]?.name}`],
    content: "Subject: Hi\r\nMessage-ID: <1@proexchange.example>\r\n\r\nHello\r\n",
    ...change,
  });

/** What lies at a host for an address, as text. */
export const mailFor = async (host: Host, address: string): Promise<string[]> =>
  Promise.all((await host.delivered(address)).map(({ path }) => readFile(path, "latin1")));

/** What a client presents that has such a certificate, TLS 1.2 and up. */
export async function contextWith(
  { authorities, keys }: TestWorld,
  declared: Partial<DeclaredCertificate>,
): Promise<SecureContext> {
  const about = { host: "edge1.proexchange.example", authorities, keys, at: start };
  const { certificate, chain, keyPair } = await mintCertificate({ ...selfSigned, ...declared }, about);
  const pem = [certificate, ...chain].map(({ der }) => new X509Certificate(der).toString());
  return createSecureContext({ cert: pem.join("\n"), key: keyPair?.privateKeyPem });
}
