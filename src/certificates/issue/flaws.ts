import type { Certificate, StoredCertificate } from "../certificate.ts";
import { unknownAuthority } from "../errors.ts";
import { pathsFrom } from "../judge/chain.ts";
import type { Authorities } from "../judge/revocation.ts";
import type { KeySource } from "../keys.ts";
import type { CertificateStore } from "../store/store.ts";
import type { Authority } from "./authority.ts";
import { chainEntries } from "./catalogue/chains.ts";
import { dateEntries } from "./catalogue/dates.ts";
import type { CatalogueEntry } from "./catalogue/entry.ts";
import { keyEntries } from "./catalogue/keys.ts";
import { type MintedCertificate, openKit } from "./catalogue/kit.ts";
import { nameEntries } from "./catalogue/names.ts";
import { storeEntries } from "./catalogue/stores.ts";
import { useEntries } from "./catalogue/uses.ts";
import { checkNames } from "./issue.ts";

/** Every certificate that is made on purpose, the sound one first. docs/certificate-faults.md shows it as a table. */
export const certificateCatalogue: readonly CatalogueEntry[] = [
  ...storeEntries,
  ...dateEntries,
  ...nameEntries,
  ...useEntries,
  ...keyEntries,
  ...chainEntries,
];

/** A certificate as a lab file asks for it. */
export interface DeclaredCertificate {
  /**
   * Name of a certification authority of the world; null: it signs itself; undefined: the first authority of the world, or
   * itself where there is none.
   */
  issuer: string | null | undefined;
  /** DNS names, the first is the common name; empty: the name of the host it is for. */
  names: readonly string[];
  /** Name of an entry of the catalogue; null: nothing is wrong with it. */
  flaw: string | null;
}

/**
 * Makes a certificate as a lab file declares it, with its flaw, for both ends of mutual TLS.
 *
 * @param about `host` names it where it has no names of its own; `at` is lab time, to which the flaw is relative
 * @returns one that is valid for a year from `at`, but for its flaw
 * Rejects CERT_AUTHORITY_UNKNOWN and CERT_NAME_UNUSABLE.
 * Ours.
 */
export async function mintCertificate(
  { issuer, names, flaw }: DeclaredCertificate,
  about: {
    host: string;
    authorities: Authorities;
    keys: KeySource;
    at: Date;
  },
): Promise<MintedCertificate> {
  const { host, authorities, ...modules } = about;
  const by = issuerOf(issuer, authorities);
  const bears = names.length === 0 ? [host] : names;
  checkNames({ commonName: bears[0] ?? "", domainNames: bears });
  const entry = certificateCatalogue.find(({ name }) => name === (flaw ?? "sound"));
  if (!entry) throw new Error(`No certificate of the catalogue is called ${flaw}`);
  return entry.mint(openKit({ ...modules, revocations: authorities.revocations, names: bears, issuer: by }));
}

/**
 * Puts a certificate that was made on purpose into a store, and what is to lie beside it; its key too, where it has one.
 *
 * @returns the certificate itself
 */
export async function storeMinted(
  store: CertificateStore,
  { certificate, keyPair, chain, beside }: MintedCertificate,
  options: Pick<StoredCertificate, "services" | "friendlyName" | "privateKeyExportable" | "rootCaType">,
): Promise<StoredCertificate> {
  for (const other of beside) await storeMinted(store, other, { ...options, rootCaType: "None" });
  return store.add(certificate, { key: keyPair, chain, ...options });
}

function issuerOf(name: DeclaredCertificate["issuer"], authorities: Authorities): Authority | undefined {
  if (name === null) return undefined;
  if (name === undefined) return [...authorities.values()][0];
  const authority = authorities.get(name);
  if (!authority) throw unknownAuthority(name, [...authorities.keys()]);
  return authority;
}

/**
 * The root among the lab's own authorities that a certificate leads to with what is presented beside it; undefined where it
 * leads to none: it signs itself, a stranger has issued it, or somebody between is missing.
 */
export function rootAbove(
  certificate: Certificate,
  chain: readonly Certificate[],
  authorities: Authorities,
  at: Date,
): Certificate | undefined {
  const known = [...authorities.values()].map((authority) => authority.certificate);
  const roots = known.filter(({ selfSigned }) => selfSigned);
  for (const { elements, end } of pathsFrom(certificate, { roots, intermediates: chain }, at))
    if (end === "trusted") return elements.at(-1);
  return undefined;
}
