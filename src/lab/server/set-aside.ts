import { createPublicKey } from "node:crypto";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { systemCodeOf, writeFileAtomically } from "../../base/index.ts";
import {
  type Certificate,
  type CertificateStore,
  type KeyPems,
  openCertificateStore,
  type StoredCertificate,
} from "../../certificates/index.ts";
import type { InstalledServer } from "./install.ts";

/** What a server has instead of its own certificate while it has a fault. */
export interface Replacement {
  /** Its own one; undefined where it had none. */
  own: { certificate: StoredCertificate; key: KeyPems | undefined } | undefined;
  /** Thumbprints of what is in its place. */
  present: readonly string[];
  /** The root that came with it. */
  root: Certificate | undefined;
}

type Place = Pick<InstalledServer, "folder" | "rootStore">;

interface ReplacementRecord {
  own: string | null;
  present: readonly string[];
  root: string | null;
}

const storeOf = ({ folder }: Place): Promise<CertificateStore> => openCertificateStore(join(folder, "set-aside"));
const recordOf = ({ folder }: Place): string => join(folder, "set-aside.json");

/** Notes on the server's disk what is about to be replaced, so that it can be put back whoever dies meanwhile. */
export async function setAside(server: Place, { own, present, root }: Replacement): Promise<void> {
  const aside = await storeOf(server);
  if (own && !aside.find(own.certificate.thumbprint)) await aside.add(own.certificate, { ...own.certificate, ...own });
  const record: ReplacementRecord = {
    own: own?.certificate.thumbprint ?? null,
    present,
    root: root?.thumbprint ?? null,
  };
  await writeFileAtomically(recordOf(server), JSON.stringify(record), { durable: false });
}

/** What a start before this one has left set aside. */
export async function readSetAside(server: Place): Promise<Replacement | undefined> {
  const text = await readFile(recordOf(server), "utf8").catch((failure: unknown) => {
    if (systemCodeOf(failure) === "ENOENT") return undefined;
    throw failure;
  });
  if (text === undefined) return undefined;
  const { own, present, root } = JSON.parse(text) as ReplacementRecord;
  return {
    own: own === null ? undefined : withKey(await storeOf(server), own),
    present,
    root: server.rootStore.roots.find(({ thumbprint }) => thumbprint === root),
  };
}

/** It has been put back. The record goes first: what it does not name is nobody's any more. */
export async function endSetAside(server: Place): Promise<void> {
  await rm(recordOf(server), { force: true });
  await rm(join(server.folder, "set-aside"), { recursive: true, force: true });
}

/** A certificate of a store with its key, if it has one; undefined where there is no such certificate. */
export function withKey(store: CertificateStore, thumbprint: string): Replacement["own"] {
  const certificate = store.find(thumbprint);
  if (!certificate?.hasPrivateKey) return certificate && { certificate, key: undefined };
  const privateKey = store.privateKey(thumbprint);
  return {
    certificate,
    key: {
      privateKeyPem: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
      publicKeyPem: createPublicKey(privateKey).export({ type: "spki", format: "pem" }).toString(),
    },
  };
}
