import type { Certificate, StoredCertificate } from "../certificate.ts";
import { readPem } from "../der/pem.ts";
import { duplicateCertificate, noCertificateInFile } from "../errors.ts";
import type { CertificateStore } from "../store/store.ts";
import { isSignedBy, parseCertificate } from "../x509.ts";
import { looksLikePfx, readPfx } from "./pfx.ts";
import { parsePkcs7 } from "./pkcs7.ts";

/** How a file is taken in. */
interface ImportOptions {
  /** Of a PKCS #12 file. */
  password: string | undefined;
  /** Undefined: the file's own name, or the request's. */
  friendlyName: string | undefined;
  /** Of a key that comes with the file; a request has said it for its own. */
  privateKeyExportable: boolean;
  /** What stands above the certificate: is it known here? */
  rootCaTypeOf(certificate: Certificate, chain: readonly Certificate[]): StoredCertificate["rootCaType"];
}

/**
 * Takes a certificate file into a server's store: PKCS #12 with its key, or an authority's answer to a request that waits
 * there, as PEM, DER or PKCS #7, with or without the authorities above it. No service uses it yet. Where it rejects, nothing has
 * changed.
 *
 * Rejects CERT_PFX_*, CERT_FILE_EMPTY, CERT_MALFORMED, CERT_ANSWER_FOREIGN, CERT_DUPLICATE.
 * Source: [exchange-certificate-cmdlets] Import-.
 */
export async function importCertificate(
  store: CertificateStore,
  bytes: Uint8Array,
  { password, friendlyName, privateKeyExportable, rootCaTypeOf }: ImportOptions,
): Promise<StoredCertificate> {
  const file = decoded(bytes);
  if (looksLikePfx(file)) {
    const content = readPfx(file, password ?? "");
    const { certificate, key } = content;
    const chain = chainAbove(certificate, content.others);
    return store.add(certificate, {
      key,
      chain,
      services: [],
      friendlyName: friendlyName ?? content.friendlyName ?? "",
      privateKeyExportable,
      rootCaType: rootCaTypeOf(certificate, chain),
    });
  }
  const certificates = certificatesIn(file);
  const answer = answerAmong(certificates);
  const chain = chainAbove(answer, certificates);
  const rootCaType = rootCaTypeOf(answer, chain);
  return store.complete(answer, { chain, rootCaType, ...(friendlyName !== undefined && { friendlyName }) });
}

/**
 * The certificate that a file is about, to be trusted or looked at; a key that comes with it is left alone.
 * Throws CERT_PFX_*, CERT_FILE_EMPTY, CERT_MALFORMED.
 */
export function certificateInFile(file: Uint8Array, password: string | undefined): Certificate {
  const bytes = decoded(file);
  return looksLikePfx(bytes) ? readPfx(bytes, password ?? "").certificate : answerAmong(certificatesIn(bytes));
}

/**
 * The certificate that would be imported: as `certificateInFile`, and throws CERT_DUPLICATE and CERT_ANSWER_FOREIGN as the
 * import would.
 */
export function importableIn(store: CertificateStore, file: Uint8Array, password: string | undefined): Certificate {
  const certificate = certificateInFile(file, password);
  if (!looksLikePfx(decoded(file))) store.checkAnswer(certificate);
  else if (store.find(certificate.thumbprint)) throw duplicateCertificate(certificate.thumbprint);
  return certificate;
}

/** The one that has issued none of the others. */
function answerAmong(certificates: readonly Certificate[]): Certificate {
  const found = certificates.find((one) => !certificates.some((other) => other !== one && isSignedBy(other, one)));
  if (!found) throw noCertificateInFile();
  return found;
}

/** A file may hold bare base64, as Export-ExchangeCertificate writes it without -BinaryEncoded. */
function decoded(file: Uint8Array): Uint8Array {
  const text = Buffer.from(file).toString("latin1");
  return /^[A-Za-z0-9+/\s]+=*\s*$/.test(text) ? Buffer.from(text, "base64") : file;
}

/** Everything in a file that is no PKCS #12: PEM blocks, one DER certificate, or a PKCS #7 as PEM or DER. */
function certificatesIn(file: Uint8Array): readonly Certificate[] {
  const blocks = readPem(Buffer.from(file).toString("latin1"));
  if (blocks.length === 0) return parsePkcs7(file)?.map(parseCertificate) ?? [bareCertificate(file)];
  return blocks
    .flatMap(({ label, der }) =>
      /PKCS ?#?7|CMS/.test(label) ? (parsePkcs7(der) ?? []) : isCertificate(label) ? [der] : [],
    )
    .map(parseCertificate);
}

/** Whatever else these bytes are, or a part of: what they are not is what helps. */
function bareCertificate(file: Uint8Array): Certificate {
  try {
    return parseCertificate(file);
  } catch {
    throw noCertificateInFile();
  }
}

const isCertificate = (label: string): boolean => /^(X509 |TRUSTED )?CERTIFICATE$/.test(label);

/** What is presented with a certificate: its issuer, the issuer's issuer, and so on, without the root. */
function chainAbove(certificate: Certificate, others: readonly Certificate[]): readonly Certificate[] {
  const chain: Certificate[] = [];
  for (let top: Certificate | undefined = certificate; top;) {
    const below: Certificate = top;
    top = others.find(
      (other) => other !== below && !other.selfSigned && !chain.includes(other) && isSignedBy(below, other),
    );
    if (top) chain.push(top);
  }
  return chain;
}
