import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { makePrivateFolder, messageOf, removeFile, systemCodeOf, writeFileAtomically } from "../../base/index.ts";
import { certificateServices, type PendingRequest, type StoredCertificate } from "../certificate.ts";
import { corruptStore } from "../errors.ts";
import { pendingRequest, requestToPem } from "../files/request.ts";
import { parseCertificate, toPem } from "../x509.ts";

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

/** What a request's `.request` holds; its key lies in the `.key` beside it, as a certificate's does. */
interface RequestRecord {
  request: string;
  friendlyName: string;
  privateKeyExportable: boolean;
  requestedAt: string;
}

const ownName = /^([0-9A-F]{40})\.(json|key|request)$/;
/** What a process that was killed while writing may leave behind; nobody has been told of it. */
const draftName = /\.[0-9a-f]{12}\.tmp$/;

const pathOf = (folder: string, thumbprint: string, kind: "json" | "key" | "request"): string =>
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

export function writeRequest(folder: string, { der, ...pending }: PendingRequest): Promise<void> {
  const record: RequestRecord = {
    request: requestToPem(der),
    friendlyName: pending.friendlyName,
    privateKeyExportable: pending.privateKeyExportable,
    requestedAt: pending.requestedAt.toISOString(),
  };
  const path = pathOf(folder, pending.thumbprint, "request");
  return writeFileAtomically(path, `${JSON.stringify(record, null, 2)}\n`, unflushed);
}

/** The certificate or request first: a key alone is no entry. */
export async function removeEntry(folder: string, thumbprint: string): Promise<void> {
  await removeFile(pathOf(folder, thumbprint, "json"));
  await removeFile(pathOf(folder, thumbprint, "request"));
  await removeFile(pathOf(folder, thumbprint, "key"));
}

/** What lies in a store's folder, by thumbprint. */
export interface Entries {
  certificates: Map<string, Entry>;
  requests: Map<string, RequestEntry>;
}

/** A request that waits for its answer, with the private key that it is for. */
export interface RequestEntry {
  pending: PendingRequest;
  privateKeyPem: string;
}

/** Every entry of the folder. Rejects CERT_STORE_CORRUPT, naming everything that is wrong. */
export async function readEntries(folder: string): Promise<Entries> {
  await makePrivateFolder(folder);
  const names = (await readdir(folder)).filter((name) => !draftName.test(name)).sort();
  const problems = names.filter((name) => !ownName.test(name)).map((name) => `"${name}" is not a file of a store`);
  const certificates = new Map<string, Entry>();
  const requests = new Map<string, RequestEntry>();
  for (const name of names) {
    const [, thumbprint, kind] = ownName.exec(name) ?? [];
    if (thumbprint === undefined) continue;
    try {
      if (kind === "json") certificates.set(thumbprint, await readEntry(folder, thumbprint));
      if (kind === "request") requests.set(thumbprint, await readRequest(folder, thumbprint));
    } catch (failure) {
      problems.push(`"${name}": ${messageOf(failure)}`);
    }
  }
  if (problems.length > 0) throw corruptStore(folder, problems);
  return { certificates, requests };
}

async function readEntry(folder: string, thumbprint: string): Promise<Entry> {
  const record: unknown = JSON.parse(await readFile(pathOf(folder, thumbprint, "json"), "utf8"));
  if (!isRecord(record)) throw new Error("a field is missing or unknown");
  const { certificate: pem, chain = [], ...beside } = record;
  const certificate = parseCertificate(pem);
  if (certificate.thumbprint !== thumbprint) throw new Error(`it holds the certificate ${certificate.thumbprint}`);
  const privateKeyPem = await readKey(folder, thumbprint);
  const stored = { ...certificate, ...beside, chain: chain.map(parseCertificate) };
  return { certificate: { ...stored, hasPrivateKey: privateKeyPem !== undefined }, privateKeyPem };
}

async function readRequest(folder: string, thumbprint: string): Promise<RequestEntry> {
  const record: unknown = JSON.parse(await readFile(pathOf(folder, thumbprint, "request"), "utf8"));
  if (!isRequestRecord(record)) throw new Error("a field is missing or unknown");
  const privateKeyPem = await readKey(folder, thumbprint);
  if (privateKeyPem === undefined) throw new Error("its private key is missing");
  const requestedAt = new Date(record.requestedAt);
  const pending = pendingRequest(Buffer.from(record.request), { ...record, requestedAt });
  if (pending.thumbprint !== thumbprint) throw new Error(`it holds the request ${pending.thumbprint}`);
  return { pending, privateKeyPem };
}

/** Undefined where there is none: Exchange's PrivateKeyMissing, not damage. */
async function readKey(folder: string, thumbprint: string): Promise<string | undefined> {
  const pem = await readIfThere(pathOf(folder, thumbprint, "key"));
  if (pem !== undefined && !pem.startsWith("-----BEGIN PRIVATE KEY-----"))
    throw new Error(`"${thumbprint}.key" beside it holds no private key`);
  return pem;
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

const isRequestRecord = (value: unknown): value is RequestRecord =>
  typeof value === "object" &&
  value !== null &&
  "request" in value &&
  typeof value.request === "string" &&
  "friendlyName" in value &&
  typeof value.friendlyName === "string" &&
  "privateKeyExportable" in value &&
  typeof value.privateKeyExportable === "boolean" &&
  "requestedAt" in value &&
  typeof value.requestedAt === "string" &&
  !Number.isNaN(Date.parse(value.requestedAt));

const isListOfStrings = (value: unknown): boolean =>
  Array.isArray(value) && value.every((entry) => typeof entry === "string");

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (failure) {
    if (systemCodeOf(failure) === "ENOENT") return undefined;
    throw failure;
  }
}
