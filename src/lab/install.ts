import { join } from "node:path";
import {
  type Authority,
  type Certificate,
  type CertificateStore,
  installDefaultCertificate,
  type KeySource,
  type MachineKey,
  mintCertificate,
  openCertificateStore,
  openMachineKey,
  type TlsSettings,
} from "../certificates/index.ts";
import type { ServerRole } from "../directory/index.ts";
import type { DeclaredServer } from "./api.ts";

/** What Setup leaves on a server: its certificate store and its machine key, in a folder of its own. */
export interface InstalledServer {
  name: string;
  fqdn: string;
  /** Null for an Edge server. */
  site: string | null;
  /** How far its clock is ahead of lab time. */
  clockSkewMs: number;
  roles: readonly ServerRole[];
  protocolLogging: DeclaredServer["protocolLogging"];
  tlsSettings: TlsSettings;
  folder: string;
  store: CertificateStore;
  machineKey: MachineKey;
  /** Its trusted root store. */
  trustedRoots: readonly Certificate[];
}

/** What servers are installed with. */
export interface Setup {
  dataFolder: string;
  dnsSuffix: string;
  keys: KeySource;
  /** Lab time. */
  at: Date;
  authorities: ReadonlyMap<string, Authority>;
}

/**
 * Installs one server, or finds it installed: a server that has a certificate keeps it. Every role but Mailbox brings a
 * self-signed certificate, valid one year from lab time. Source: [bb851554], [bb124273].
 */
export async function installServer(declared: DeclaredServer, setup: Setup): Promise<InstalledServer> {
  const { name, site, roles, protocolLogging, tlsSettings, clockSkewMs } = declared;
  const folder = join(setup.dataFolder, "servers", name);
  const fqdn = `${name}.${declared.dnsSuffix ?? setup.dnsSuffix}`;
  const [store, machineKey] = await Promise.all([
    openCertificateStore(join(folder, "certificates")),
    openMachineKey(folder),
  ]);
  const at = new Date(setup.at.getTime() + clockSkewMs);
  if (store.list().length === 0) await installCertificates(store, { ...declared, fqdn }, { ...setup, at });
  const trustedRoots = declared.trusts.flatMap((authority) => setup.authorities.get(authority)?.certificate ?? []);
  return {
    name,
    fqdn,
    site,
    clockSkewMs,
    roles,
    protocolLogging,
    tlsSettings,
    folder,
    store,
    machineKey,
    trustedRoots,
  };
}

const minuteMs = 60_000;

/** Setup's own certificate first, then the declared ones, a minute between each: the last one is the newest. */
async function installCertificates(
  store: CertificateStore,
  server: DeclaredServer & { fqdn: string },
  { keys, at, authorities }: Setup,
): Promise<void> {
  const before = (count: number): Date => new Date(at.getTime() - count * minuteMs);
  const { certificates } = server;
  await installDefaultCertificate(store, server, keys, before(certificates.length));
  for (const [index, declared] of certificates.entries()) {
    const made = await mintCertificate(declared, {
      host: server.fqdn,
      authorities,
      keys,
      at: before(certificates.length - 1 - index),
    });
    await store.add(made.certificate, {
      key: made.keyPair,
      chain: made.chain,
      services: ["SMTP"],
      friendlyName: "Of the lab file",
      privateKeyExportable: true,
      rootCaType: declared.issuer === null ? "None" : "Enterprise",
    });
  }
}
