import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { makePrivateFolder, messageOf, removeFile, systemCodeOf, writeFileAtomically } from "../base/index.ts";
import { certificateServices, type StoredCertificate } from "./certificate.ts";
import { corruptStore } from "./errors.ts";
import { parseCertificate, toPem } from "./x509.ts";

/** A certificate of a store with its private key, PKCS #8 as PEM. */
export interface Entry {
  certificate: StoredCertificate;
  privateKeyPem: string | undefined;
}

/** What a certificate's `.json` holds; its key, where there is one, lies in the `.key` beside it. */
interface StoredRecord {
  certificate: string;
  /** PEM, its issuer first; absent in files of earlier versions. */
  chain?: readonly string[];
  services: StoredCertificate["services"];
  friendlyName: string;
  privateKeyExportable: boolean;
  rootCaType: StoredCertificate["rootCaType"];
}

const ownName = /^([0-9A-F]{40})\.(json|key)$/;
/** What a process that was killed while writing may leave behind; nobody has been told of it. */
const draftName = /\.[0-9a-f]{12}\.tmp$/;

const pathOf = (folder: string, thumbprint: string, kind: "json" | "key"): string =>
  join(folder, `${thumbprint}.${kind}`);

// Not flushed: what was written survives the process being killed, and that is all a lab claims.
const unflushed = { durable: false };

export const writePrivateKey = (folder: string, thumbprint: string, pem: string): Promise<void> =>
  writeFileAtomically(pathOf(folder, thumbprint, "key"), pem, { ...unflushed, mode: 0o600 });

export function writeEntry(folder: string, certificate: StoredCertificate): Promise<void> {
  const { chain, services, friendlyName, privateKeyExportable, rootCaType } = certificate;
  const record: StoredRecord = {
    certificate: toPem(certificate),
    ...(chain.length > 0 && { chain: chain.map(toPem) }),
    services,
    friendlyName,
    privateKeyExportable,
    rootCaType,
  };
  return writeFileAtomically(
    pathOf(folder, certificate.thumbprint, "json"),
    `${JSON.stringify(record, null, 2)}\n`,
    unflushed,
  );
}

/** The certificate first: a key alone is no entry. */
export async function removeEntry(folder: string, thumbprint: string): Promise<void> {
  await removeFile(pathOf(folder, thumbprint, "json"));
  await removeFile(pathOf(folder, thumbprint, "key"));
}

/** Every entry of the folder, by thumbprint. Rejects CERT_STORE_CORRUPT, naming everything that is wrong. */
export async function readEntries(folder: string): Promise<Map<string, Entry>> {
  await makePrivateFolder(folder);
  const names = (await readdir(folder)).filter((name) => !draftName.test(name)).sort();
  const problems = names.filter((name) => !ownName.test(name)).map((name) => `"${name}" is not a file of a store`);
  const entries = new Map<string, Entry>();
  for (const name of names) {
    const [, thumbprint, kind] = ownName.exec(name) ?? [];
    if (thumbprint === undefined || kind !== "json") continue;
    try {
      entries.set(thumbprint, await readEntry(folder, thumbprint));
    } catch (failure) {
      problems.push(`"${name}": ${messageOf(failure)}`);
    }
  }
  if (problems.length > 0) throw corruptStore(folder, problems);
  return entries;
}

async function readEntry(folder: string, thumbprint: string): Promise<Entry> {
  const record: unknown = JSON.parse(await readFile(pathOf(folder, thumbprint, "json"), "utf8"));
  if (!isRecord(record)) throw new Error("a field is missing or unknown");
  const { certificate: pem, chain = [], ...beside } = record;
  const certificate = parseCertificate(pem);
  if (certificate.thumbprint !== thumbprint) throw new Error(`it holds the certificate ${certificate.thumbprint}`);
  const privateKeyPem = await readIfThere(pathOf(folder, thumbprint, "key"));
  if (privateKeyPem !== undefined && !privateKeyPem.startsWith("-----BEGIN PRIVATE KEY-----")) {
    throw new Error(`"${thumbprint}.key" beside it holds no private key`);
  }
  const stored = { ...certificate, ...beside, chain: chain.map(parseCertificate) };
  return { certificate: { ...stored, hasPrivateKey: privateKeyPem !== undefined }, privateKeyPem };
}

const rootCaTypes: readonly unknown[] = ["None", "Registry", "ThirdParty", "Enterprise", "GroupPolicy", "Unknown"];

const isRecord = (value: unknown): value is StoredRecord =>
  typeof value === "object" &&
  value !== null &&
  "certificate" in value &&
  typeof value.certificate === "string" &&
  (!("chain" in value) || isListOfStrings(value.chain)) &&
  "services" in value &&
  Array.isArray(value.services) &&
  value.services.every((service) => certificateServices.includes(service)) &&
  "friendlyName" in value &&
  typeof value.friendlyName === "string" &&
  "privateKeyExportable" in value &&
  typeof value.privateKeyExportable === "boolean" &&
  "rootCaType" in value &&
  rootCaTypes.includes(value.rootCaType);

const isListOfStrings = (value: unknown): boolean =>
  Array.isArray(value) && value.every((entry) => typeof entry === "string");

/** A key that is not there is Exchange's PrivateKeyMissing, not damage. */
async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (failure) {
    if (systemCodeOf(failure) === "ENOENT") return undefined;
    throw failure;
  }
}
