import type { Certificate, PendingRequest } from "../certificate.ts";
import type { SubjectName } from "../der/subject.ts";
import { buildRequest, parseRequest, pendingRequest } from "../files/request.ts";
import type { KeyPair } from "../keys.ts";
import { isForKey } from "../x509.ts";
import { removeEntry, type RequestEntry, writePrivateKey, writeRequest } from "./store-files.ts";

/** What an authority is asked for, and what is kept until it answers. */
export interface RequestOptions extends Pick<PendingRequest, "friendlyName" | "privateKeyExportable" | "requestedAt"> {
  subject: SubjectName;
  /** DNS names, in order. */
  domainNames: readonly string[];
  keyPair: KeyPair;
}

/** The requests of one store that no authority has answered yet, with the keys that they are for. */
export class PendingRequests {
  readonly #folder: string;
  readonly #entries: Map<string, RequestEntry>;

  constructor(folder: string, entries: Map<string, RequestEntry>) {
    this.#folder = folder;
    this.#entries = entries;
  }

  list(): readonly PendingRequest[] {
    return [...this.#entries.values()].map(({ pending }) => pending);
  }

  has(thumbprint: string): boolean {
    return this.#entries.has(thumbprint);
  }

  /** Makes one; on disk when this resolves, its key first. */
  async make({ subject, domainNames, keyPair, ...beside }: RequestOptions): Promise<PendingRequest> {
    const pending = pendingRequest(buildRequest({ subject, domainNames, keyPair }), beside);
    const { privateKeyPem } = keyPair;
    await writePrivateKey(this.#folder, pending.thumbprint, privateKeyPem);
    await writeRequest(this.#folder, pending);
    this.#entries.set(pending.thumbprint, { pending, privateKeyPem });
    return pending;
  }

  /** The one for whose key the certificate is. */
  answeredBy(certificate: Certificate): RequestEntry | undefined {
    return [...this.#entries.values()].find(({ pending }) =>
      isForKey(certificate, parseRequest(pending.der).publicKeyPem),
    );
  }

  async remove(thumbprint: string): Promise<void> {
    await removeEntry(this.#folder, thumbprint);
    this.#entries.delete(thumbprint);
  }
}
