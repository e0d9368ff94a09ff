import { join } from "node:path";
import type { SecureContext } from "node:tls";
import { removeFolder } from "../base/index.ts";
import {
  type Authorities,
  type Certificate,
  type CertificateStore,
  type DeclaredCertificate,
  type KeySource,
  mintCertificate,
  openCertificateStore,
  presentations,
  type Presentations,
  type RevocationLists,
  storeMinted,
  type StoredCertificate,
} from "../certificates/index.ts";
import type { DeclaredHost } from "./declared.ts";

/** What certificates of outside hosts are made with. */
export interface MintModules {
  authorities: Authorities;
  keys: KeySource;
  now(): Date;
}

/** A host's behaviour, and the certificate that goes with it. */
export interface Arrangement {
  readonly declared: DeclaredHost;
  /** Undefined: it has none, or none with its private key. */
  readonly certificate: StoredCertificate | undefined;
  /** The certificate as it is presented, whichever end of a connection the host is; undefined without one. */
  presented(): { certificate: StoredCertificate; secureContext: SecureContext } | undefined;
  /** For a connection that it makes: with its certificate, where it has one and is asked for it. */
  clientContext(): SecureContext;
  /** The roots that it believes. */
  readonly roots: readonly Certificate[];
  /** Where it asks whether a certificate was revoked. */
  readonly revocation: RevocationLists;
}

/** Makes arrangements, each with its certificate in the host's folder, where people can look at it. */
export interface HostIdentity {
  /** Rejects CERT_*. `like`: an arrangement whose certificate serves this one too, where both declare the same. */
  arrange(declared: DeclaredHost, like?: Arrangement): Promise<Arrangement>;
  /** Has the host believe a certificate, whatever its arrangement. */
  trust(certificate: Certificate): void;
  /** Every certificate that was made so far, in order. */
  certificates(): readonly StoredCertificate[];
}

/** Opens the identity of one host; the certificates of an earlier start are forgotten, since they are made to the day. */
export async function openHostIdentity(folder: string, modules: MintModules): Promise<HostIdentity> {
  const place = join(folder, "certificates");
  await removeFolder(place);
  const store = await openCertificateStore(place);
  const made: StoredCertificate[] = [];
  const trusted: Certificate[] = [];

  const mint = async (host: string, declared: DeclaredCertificate): Promise<StoredCertificate> => {
    const { authorities, keys, now } = modules;
    const minted = await mintCertificate(declared, { host, authorities, keys, at: now() });
    const stored = await storeMinted(store, minted, {
      services: ["SMTP"],
      friendlyName: host,
      privateKeyExportable: false,
      rootCaType: minted.chain.length === 0 ? "None" : "ThirdParty",
    });
    made.push(stored);
    return stored;
  };
  return {
    async arrange(declared, like) {
      const same = like && JSON.stringify(like.declared.certificate) === JSON.stringify(declared.certificate);
      const own = same ? like.certificate : declared.certificate && (await mint(declared.name, declared.certificate));
      const authorities = declared.trusts.flatMap((name) => modules.authorities.get(name)?.certificate ?? []);
      const believed = { roots: () => [...authorities, ...trusted], revocation: modules.authorities.revocations };
      const usable = own?.hasPrivateKey ? own : undefined;
      return arrangement(declared, usable, believed, store, presentations(declared.tlsSettings));
    },
    trust: (certificate) => void trusted.push(certificate),
    certificates: () => made,
  };
}

const arrangement = (
  declared: DeclaredHost,
  certificate: StoredCertificate | undefined,
  { roots, revocation }: Pick<Arrangement, "revocation"> & { roots(): readonly Certificate[] },
  store: CertificateStore,
  contexts: Presentations,
): Arrangement => ({
  declared,
  certificate,
  revocation,
  get roots() {
    return roots();
  },
  presented: () => certificate && { certificate, secureContext: contexts.present(certificate, store) },
  clientContext: () => (certificate ? contexts.present(certificate, store) : contexts.clientSecureContext()),
});
