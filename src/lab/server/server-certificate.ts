import { createPublicKey } from "node:crypto";
import {
  type Authorities,
  type Certificate,
  type CertificateStore,
  type DeclaredCertificate,
  type KeyPems,
  type KeySource,
  mintCertificate,
  rootAbove,
  type StoredCertificate,
  storeMinted,
} from "../../certificates/index.ts";
import { type Directory, type LocalCopy, objectChange, serverId } from "../../directory/index.ts";
import type { InstalledServer } from "./install.ts";

/** A server whose certificate is replaced: its store, and its own directory. */
interface FaultyServer {
  installed: Pick<InstalledServer, "name" | "fqdn" | "site" | "store" | "rootStore">;
  own: { directory: Directory; organization: LocalCopy };
}

/** What was taken out of a store, so that it can be put back. */
interface Taken {
  certificate: StoredCertificate;
  key: KeyPems | undefined;
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
  /** Whatever is replaced ends with the lab, as what outside hosts were made to do does. */
  close(): Promise<void>;
}

/** @param activeDirectory the directory that tells Hubs of Edge servers */
export function serverCertificates(modules: {
  authorities: Authorities;
  keys: KeySource;
  now(): Date;
  activeDirectory: FaultyServer["own"];
}): ServerCertificates {
  const { authorities, keys, now, activeDirectory } = modules;
  const replaced = new Map<
    string,
    { server: FaultyServer; own: Taken | undefined; present: readonly string[]; root: Certificate | undefined }
  >();

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
    if (!before.own) return;
    const { certificate, key } = before.own;
    const held = store.find(certificate.thumbprint) ?? (await store.add(certificate, { ...certificate, key }));
    await publishEverywhere(server, held);
  };
  return {
    restore,
    async close() {
      // One that cannot be put back, its disk being gone, keeps nothing else from ending.
      for (const { server } of [...replaced.values()]) await restore(server).catch(() => undefined);
    },
    async replace(server, declared, published) {
      const { name, fqdn, store, rootStore } = server.installed;
      const before = replaced.get(name);
      const current = server.own.organization.server(name)?.internalTransportCertificateThumbprint ?? "";
      const minted = await mintCertificate(declared, { host: fqdn, authorities, keys, at: now() });
      const own = before ? before.own : take(server, current);
      await removeFrom(store, before ? before.present : [current]);
      if (before?.root) await rootStore.remove(before.root);
      const { services = ["SMTP"], friendlyName = "", rootCaType = "None" } = own?.certificate ?? {};
      const stored = await storeMinted(store, minted, {
        services,
        friendlyName,
        rootCaType,
        privateKeyExportable: false,
      });
      const present = [minted, ...minted.beside].map(({ certificate }) => certificate.thumbprint);
      // The issuer's root comes with a certificate, and goes with it; one that is trusted anyway stays.
      const above = rootAbove(stored, stored.chain, authorities, now());
      const root = above && (await rootStore.install(above));
      replaced.set(name, { server, own, present, root });
      if (published) return publishEverywhere(server, stored);
      if (server.installed.site === null) await publish(server.own, name, stored);
    },
  };
}

/** Whoever runs cmdlets meanwhile may have removed some already. */
async function removeFrom(store: CertificateStore, thumbprints: readonly string[]): Promise<void> {
  for (const thumbprint of thumbprints) if (store.find(thumbprint)) await store.remove(thumbprint);
}

function take({ installed: { store } }: FaultyServer, thumbprint: string): Taken | undefined {
  const certificate = store.find(thumbprint);
  if (!certificate?.hasPrivateKey) return certificate && { certificate, key: undefined };
  const privateKey = store.privateKey(thumbprint);
  const publicKey = createPublicKey(privateKey);
  return {
    certificate,
    key: {
      privateKeyPem: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
      publicKeyPem: publicKey.export({ type: "spki", format: "pem" }).toString(),
    },
  };
}
