import { join } from "node:path";
import type { DecisionRecord, Journal } from "../../base/index.ts";
import {
  type Authorities,
  type CertificateService,
  type CertificateStore,
  decideSetupCertificate,
  type DeclaredCertificate,
  installDefaultCertificate,
  type KeySource,
  type MachineKey,
  mintCertificate,
  openCertificateStore,
  openMachineKey,
  rootAbove,
  type StoredCertificate,
  storeMinted,
  type TlsSettings,
  type Trust,
} from "../../certificates/index.ts";
import type { ServerRole } from "../../directory/index.ts";
import type { DeclaredServer, Topology } from "../api/index.ts";
import { openRootStore, type RootStore } from "./installed-roots.ts";
import { makeDisk } from "./server-files.ts";

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
  rootStore: RootStore;
  /** What that holds, and where it asks about revocation. */
  trust: Trust;
}

/** The services that only one certificate of a store may have. */
export const servicesOfOne = ({
  smtpCertificates,
}: Pick<Topology, "smtpCertificates">): readonly CertificateService[] =>
  smtpCertificates === "one" ? ["IIS", "SMTP"] : ["IIS"];

/** What servers are installed with. */
export interface Setup {
  dataFolder: string;
  dnsSuffix: string;
  keys: KeySource;
  /** Lab time. */
  at: Date;
  authorities: Authorities;
  /** Services that only one certificate of a store may have. */
  servicesOfOne: readonly CertificateService[];
  /** Hears what Setup decides. */
  journal: Journal<DecisionRecord>;
}

/**
 * Installs one server, or finds it installed: a server that has a certificate keeps it. Every role but Mailbox brings a
 * self-signed certificate, valid one year from lab time. Source: [bb851554], [bb124273].
 */
export async function installServer(declared: DeclaredServer, setup: Setup): Promise<InstalledServer> {
  const { name, site, roles, protocolLogging, tlsSettings, clockSkewMs } = declared;
  const folder = join(setup.dataFolder, "servers", name);
  const fqdn = `${name}.${declared.dnsSuffix ?? setup.dnsSuffix}`;
  const { authorities } = setup;
  const trusted = declared.trusts.flatMap((authority) => authorities.get(authority)?.certificate ?? []);
  const [store, rootStore, machineKey] = await Promise.all([
    openCertificateStore(join(folder, "certificates"), setup.servicesOfOne),
    openRootStore(folder, trusted),
    openMachineKey(folder),
    makeDisk({ folder }),
  ]);
  const at = new Date(setup.at.getTime() + clockSkewMs);
  if (store.list().length === 0) {
    await installCertificates(store, { ...declared, fqdn }, { ...setup, at });
    // Whoever is given a certificate of an authority has the authority's root installed beside it.
    for (const root of store.list().flatMap((held) => rootAbove(held, held.chain, authorities, at) ?? []))
      await rootStore.install(root);
  }
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
    rootStore,
    trust: { roots: rootStore.roots, revocation: authorities.revocations },
  };
}

const minuteMs = 60_000;

/** Setup's own certificate first, then the declared ones, a minute between each: the last one is the newest. */
async function installCertificates(
  store: CertificateStore,
  server: DeclaredServer & { fqdn: string },
  { keys, at, authorities, journal }: Setup,
): Promise<void> {
  const before = (count: number): Date => new Date(at.getTime() - count * minuteMs);
  const { certificates } = server;
  const mint = async (declared: DeclaredCertificate, at: Date, beside: Partial<StoredCertificate>): Promise<void> => {
    const made = await mintCertificate(declared, { host: server.fqdn, authorities, keys, at });
    const rootCaType = made.certificate.selfSigned ? "None" : "Enterprise";
    const friendlyName = "Of the lab file";
    await storeMinted(store, made, {
      ...{ services: ["SMTP"], friendlyName, privateKeyExportable: true, rootCaType },
      ...beside,
    });
  };
  const first = before(certificates.length);
  // What Setup has made counts as the one to publish, and so does what stands in its place.
  const { outcome: services, steps } = decideSetupCertificate(server.roles, server.noSelfSignedCertificates);
  const outcome = services?.join(", ") ?? "none";
  journal.report({
    kind: "decision",
    server: server.name,
    at,
    about: "setup-certificate",
    subject: server.name,
    outcome,
    steps,
  });
  if (server.certificate) await mint(server.certificate, first, { services: services ?? [], rootCaType: "Registry" });
  else if (services) await installDefaultCertificate(store, { ...server, services }, keys, first);
  for (const [index, declared] of certificates.entries())
    await mint(declared, before(certificates.length - 1 - index), {});
}
