import {
  type Authorities,
  type CertificateStore,
  type DeclaredCertificate,
  type KeySource,
  mintCertificate,
  rootAbove,
  type StoredCertificate,
  storeMinted,
} from "../../certificates/index.ts";
import { type Directory, type LocalCopy, objectChange, serverId } from "../../directory/index.ts";
import type { InstalledServer } from "./install.ts";
import { endSetAside, readSetAside, type Replacement, setAside, withKey } from "./set-aside.ts";

/** A server whose certificate is replaced: its store, and its own directory. */
interface FaultyServer {
  installed: Pick<InstalledServer, "name" | "fqdn" | "site" | "folder" | "store" | "rootStore">;
  own: { directory: Directory; organization: LocalCopy };
}

/** Replaces the internal transport certificates of servers while they run, and puts their own back. */
export interface ServerCertificates {
  /**
   * Replaces a server's internal transport certificate on its disk by one that is made as declared.
   *
   * @param published whether the directory names it for the server, as Exchange's own cmdlets would see to. Otherwise the
   *   others go on to expect the one before: a Hub presents none then, an Edge server one that the Hubs do not know
   * Rejects CERT_*.
   */
  replace(server: FaultyServer, declared: DeclaredCertificate, published: boolean): Promise<void>;
  /** The server has its own certificate again, published as before; nothing happens to one that has it. */
  restore(server: FaultyServer): Promise<void>;
  /** Whatever an earlier start has left replaced ends here, as what outside hosts were made to do has ended with it. */
  recover(servers: readonly FaultyServer[]): Promise<void>;
}

/** @param activeDirectory the directory that tells Hubs of Edge servers */
export function serverCertificates(modules: {
  authorities: Authorities;
  keys: KeySource;
  now(): Date;
  activeDirectory: FaultyServer["own"];
}): ServerCertificates {
  const { authorities, keys, now, activeDirectory } = modules;
  const replaced = new Map<string, Replacement>();

  const publish = async (at: FaultyServer["own"], server: string, certificate: StoredCertificate): Promise<void> => {
    if (!at.organization.server(server)) return;
    const change = {
      internalTransportCertificate: Buffer.from(certificate.der).toString("base64"),
      internalTransportCertificateThumbprint: certificate.thumbprint,
    };
    await at.organization.caughtUp(await at.directory.write([objectChange("server", serverId(server), change)]));
  };
  /** An Edge server has two directories to be found in: what it knows of itself, and what the Hubs know of it. */
  const publishEverywhere = async ({ installed, own }: FaultyServer, certificate: StoredCertificate): Promise<void> => {
    await publish(own, installed.name, certificate);
    if (installed.site === null) await publish(activeDirectory, installed.name, certificate);
  };
  const restore = async (server: FaultyServer): Promise<void> => {
    const { name, store, rootStore } = server.installed;
    const before = replaced.get(name);
    if (!before) return;
    replaced.delete(name);
    if (before.root) await rootStore.remove(before.root);
    await removeFrom(store, before.present);
    if (before.own) {
      const { certificate, key } = before.own;
      const held = store.find(certificate.thumbprint) ?? (await store.add(certificate, { ...certificate, key }));
      await publishEverywhere(server, held);
    }
    await endSetAside(server.installed);
  };
  return {
    restore,
    async recover(servers) {
      for (const server of servers) {
        const left = await readSetAside(server.installed);
        if (!left) continue;
        replaced.set(server.installed.name, left);
        await restore(server);
      }
    },
    async replace(server, declared, published) {
      const { name, fqdn, store, rootStore } = server.installed;
      const before = replaced.get(name);
      const current = server.own.organization.server(name)?.internalTransportCertificateThumbprint ?? "";
      const minted = await mintCertificate(declared, { host: fqdn, authorities, keys, at: now() });
      const own = before ? before.own : withKey(store, current);
      const present = [minted, ...minted.beside].map(({ certificate }) => certificate.thumbprint);
      // The issuer's root comes with a certificate, and goes with it; one that is trusted anyway stays.
      if (before?.root) await rootStore.remove(before.root);
      const above = rootAbove(minted.certificate, minted.chain, authorities, now());
      const root = above && (await rootStore.install(above));
      await setAside(server.installed, { own, present: [...(before?.present ?? []), ...present], root });
      replaced.set(name, { own, present, root });
      await removeFrom(store, before ? before.present : [current]);
      const { services = ["SMTP"], friendlyName = "", rootCaType = "None" } = own?.certificate ?? {};
      const stored = await storeMinted(store, minted, {
        services,
        friendlyName,
        rootCaType,
        privateKeyExportable: false,
      });
      if (published) return publishEverywhere(server, stored);
      if (server.installed.site === null) await publish(server.own, name, stored);
    },
  };
}

/** Whoever runs cmdlets meanwhile may have removed some already. */
async function removeFrom(store: CertificateStore, thumbprints: readonly string[]): Promise<void> {
  for (const thumbprint of thumbprints) if (store.find(thumbprint)) await store.remove(thumbprint);
}
