import { createPrivateKey, type KeyObject } from "node:crypto";
import {
  type Certificate,
  type CertificateService,
  certificateServices,
  type PendingRequest,
  type StoredCertificate,
  readThumbprint,
} from "../certificate.ts";
import {
  answerForNobody,
  duplicateCertificate,
  keyMismatch,
  keyNotExportable,
  privateKeyMissing,
  requestWaits,
  unknownThumbprint,
} from "../errors.ts";
import { writePfx } from "../files/pfx.ts";
import type { KeyPems } from "../keys.ts";
import { isForKey } from "../x509.ts";
import {
  type Entries,
  type Entry,
  readEntries,
  removeEntry,
  type RequestEntry,
  writeEntry,
  writePrivateKey,
} from "./store-files.ts";
import { PendingRequests, type RequestOptions } from "./store-requests.ts";

/** What goes into a store beside the certificate. */
interface AddOptions {
  /** Undefined for a certificate whose private key is elsewhere. */
  key: KeyPems | undefined;
  /** The authorities to present with it, its issuer first, without the root. */
  chain?: readonly Certificate[];
  services: readonly CertificateService[];
  friendlyName: string;
  privateKeyExportable: boolean;
  rootCaType: StoredCertificate["rootCaType"];
}

/**
 * A server's personal store. Thumbprints are taken as people paste them: spaces and case do not matter.
 * Changes are on disk, safe against a killed process, when their promise resolves.
 */
export interface CertificateStore {
  list(): readonly StoredCertificate[];
  find(thumbprint: string): StoredCertificate | undefined;
  /** Throws CERT_THUMBPRINT_UNKNOWN. */
  get(thumbprint: string): StoredCertificate;
  /** Rejects CERT_DUPLICATE, and CERT_KEY_MISMATCH where the key is another certificate's. */
  add(certificate: Certificate, options: AddOptions): Promise<StoredCertificate>;
  /**
   * Adds services to those it has; IIS moves here from the certificate that had it, and whatever else only one may have. Rejects CERT_THUMBPRINT_UNKNOWN and
   * CERT_PRIVATE_KEY_MISSING. Source: [exchange-certificate-cmdlets] Enable-.
   */
  enableServices(thumbprint: string, services: readonly CertificateService[]): Promise<StoredCertificate>;
  /** Removes a certificate, or a request that waits, and its key. Rejects CERT_THUMBPRINT_UNKNOWN. */
  remove(thumbprint: string): Promise<void>;
  /** Requests that no authority has answered yet. */
  requests(): readonly PendingRequest[];
  /** Makes a request, and keeps its key until the answer comes. */
  request(options: RequestOptions): Promise<PendingRequest>;
  /**
   * Takes an authority's answer: the request goes, the certificate comes with the request's key. Rejects
   * CERT_ANSWER_FOREIGN where no request here is for the certificate's key, CERT_DUPLICATE.
   */
  complete(
    certificate: Certificate,
    options: Pick<StoredCertificate, "chain" | "rootCaType"> & { friendlyName?: string },
  ): Promise<StoredCertificate>;
  /** Throws what `complete` would. */
  checkAnswer(certificate: Certificate): void;
  /** Throws what `exportPfx` would. */
  checkExportable(thumbprint: string): void;
  /**
   * The certificate, its chain and its key as a PKCS #12 file. Throws CERT_KEY_NOT_EXPORTABLE, CERT_PRIVATE_KEY_MISSING,
   * CERT_THUMBPRINT_UNKNOWN.
   */
  exportPfx(thumbprint: string, password: string): Uint8Array;
  /** For use in this process only: it never serialises. Throws CERT_THUMBPRINT_UNKNOWN, CERT_PRIVATE_KEY_MISSING. */
  privateKey(thumbprint: string): KeyObject;
}

/**
 * Opens the store that lies in `folder`, or begins one there.
 *
 * @param ofOne services that only one certificate may have: enabling them takes them from the one that had them
 * Rejects CERT_STORE_CORRUPT, having changed nothing, where a file there is not one that a store writes.
 */
export async function openCertificateStore(
  folder: string,
  ofOne: readonly CertificateService[] = ["IIS"],
): Promise<CertificateStore> {
  return new FolderStore(folder, ofOne, await readEntries(folder));
}

class FolderStore implements CertificateStore {
  readonly #folder: string;
  readonly #ofOne: readonly CertificateService[];
  readonly #entries: Entries["certificates"];
  readonly #requests: PendingRequests;
  #lastChange: Promise<unknown> = Promise.resolve();

  constructor(folder: string, ofOne: readonly CertificateService[], { certificates, requests }: Entries) {
    this.#folder = folder;
    this.#ofOne = ofOne;
    this.#entries = certificates;
    this.#requests = new PendingRequests(folder, requests);
  }

  list(): readonly StoredCertificate[] {
    return [...this.#entries.values()].map(({ certificate }) => certificate);
  }

  find(thumbprint: string): StoredCertificate | undefined {
    return this.#entries.get(readThumbprint(thumbprint))?.certificate;
  }

  get(thumbprint: string): StoredCertificate {
    return this.#entry(thumbprint).certificate;
  }

  add(certificate: Certificate, { key, chain = [], services, ...beside }: AddOptions): Promise<StoredCertificate> {
    return this.#inTurn(async () => {
      if (key && !isForKey(certificate, key.publicKeyPem)) throw keyMismatch(certificate.thumbprint);
      return this.#add({ ...certificate, ...beside, chain }, key?.privateKeyPem, services);
    });
  }

  async #add(
    certificate: Omit<StoredCertificate, "services" | "hasPrivateKey">,
    privateKeyPem: string | undefined,
    services: readonly CertificateService[],
  ): Promise<StoredCertificate> {
    const { thumbprint } = certificate;
    if (this.#entries.has(thumbprint)) throw duplicateCertificate(thumbprint);
    // The key first: a certificate that is listed without its key would seem to have lost it.
    if (privateKeyPem !== undefined) await writePrivateKey(this.#folder, thumbprint, privateKeyPem);
    const stored = { ...certificate, services: [], hasPrivateKey: privateKeyPem !== undefined };
    return this.#enable({ certificate: stored, privateKeyPem }, services);
  }

  enableServices(thumbprint: string, services: readonly CertificateService[]): Promise<StoredCertificate> {
    return this.#inTurn(async () => {
      const entry = this.#entry(thumbprint);
      if (!entry.certificate.hasPrivateKey) throw privateKeyMissing(entry.certificate.thumbprint);
      return this.#enable(entry, services);
    });
  }

  remove(thumbprint: string): Promise<void> {
    return this.#inTurn(async () => {
      const wanted = readThumbprint(thumbprint);
      if (this.#requests.has(wanted)) return this.#requests.remove(wanted);
      const { certificate } = this.#entry(thumbprint);
      await removeEntry(this.#folder, certificate.thumbprint);
      this.#entries.delete(certificate.thumbprint);
    });
  }

  requests(): readonly PendingRequest[] {
    return this.#requests.list();
  }

  request(options: RequestOptions): Promise<PendingRequest> {
    return this.#inTurn(() => this.#requests.make(options));
  }

  complete(
    certificate: Certificate,
    { friendlyName, ...options }: Parameters<CertificateStore["complete"]>[1],
  ): Promise<StoredCertificate> {
    return this.#inTurn(async () => {
      const { pending, privateKeyPem } = this.#answered(certificate);
      const { privateKeyExportable } = pending;
      const named = { friendlyName: friendlyName ?? pending.friendlyName, privateKeyExportable };
      const stored = await this.#add({ ...certificate, ...options, ...named }, privateKeyPem, []);
      await this.#requests.remove(pending.thumbprint);
      return stored;
    });
  }

  checkAnswer(certificate: Certificate): void {
    this.#answered(certificate);
  }

  #answered(certificate: Certificate): RequestEntry {
    if (this.#entries.has(certificate.thumbprint)) throw duplicateCertificate(certificate.thumbprint);
    const answered = this.#requests.answeredBy(certificate);
    if (!answered) throw answerForNobody(certificate);
    return answered;
  }

  checkExportable(thumbprint: string): void {
    this.#exportable(thumbprint);
  }

  exportPfx(thumbprint: string, password: string): Uint8Array {
    const { certificate, privateKeyPem } = this.#exportable(thumbprint);
    return writePfx({ ...certificate, certificate, privateKeyPem }, password);
  }

  privateKey(thumbprint: string): KeyObject {
    const { certificate, privateKeyPem } = this.#entry(thumbprint);
    if (privateKeyPem === undefined) throw privateKeyMissing(certificate.thumbprint);
    return createPrivateKey(privateKeyPem);
  }

  #exportable(thumbprint: string): Entry & { privateKeyPem: string } {
    const { certificate, privateKeyPem } = this.#entry(thumbprint);
    if (privateKeyPem === undefined) throw privateKeyMissing(certificate.thumbprint);
    if (!certificate.privateKeyExportable) throw keyNotExportable(certificate.thumbprint);
    return { certificate, privateKeyPem };
  }

  #entry(thumbprint: string): Entry {
    const entry = this.#entries.get(readThumbprint(thumbprint));
    if (!entry && this.#requests.has(readThumbprint(thumbprint))) throw requestWaits(thumbprint);
    if (!entry) throw unknownThumbprint(thumbprint, this.#entries.size);
    return entry;
  }

  async #enable(entry: Entry, services: readonly CertificateService[]): Promise<StoredCertificate> {
    await this.#takeFromOthers(
      entry,
      services.filter((service) => this.#ofOne.includes(service)),
    );
    return this.#write(withServices(entry, [...entry.certificate.services, ...services]));
  }

  async #takeFromOthers(keeper: Entry, taken: readonly CertificateService[]): Promise<void> {
    for (const other of this.#entries.values()) {
      const left = other.certificate.services.filter((service) => !taken.includes(service));
      if (other !== keeper && left.length < other.certificate.services.length)
        await this.#write(withServices(other, left));
    }
  }

  async #write(entry: Entry): Promise<StoredCertificate> {
    await writeEntry(this.#folder, entry.certificate);
    this.#entries.set(entry.certificate.thumbprint, entry);
    return entry.certificate;
  }

  /** One change after another: each begins from what the one before left. */
  #inTurn<T>(change: () => Promise<T>): Promise<T> {
    const turn = this.#lastChange.then(change);
    this.#lastChange = turn.catch(() => undefined);
    return turn;
  }
}

const withServices = (entry: Entry, services: readonly CertificateService[]): Entry => ({
  ...entry,
  certificate: { ...entry.certificate, services: certificateServices.filter((service) => services.includes(service)) },
});
