import { constants } from "node:crypto";
import { createSecureContext, DEFAULT_CIPHERS, type SecureContext, type SecureContextOptions } from "node:tls";
import { messageOf } from "../../base/index.ts";
import type { Certificate } from "../certificate.ts";
import { unusableTlsSettings } from "../errors.ts";
import type { CertificateStore } from "../store/store.ts";
import { toPem } from "../x509.ts";
import { type TlsSettings, tlsVersions } from "./tls-settings.ts";

/** One server's certificates as TLS contexts, each made once, when it is first presented. */
export interface Presentations {
  /**
   * With the authorities above it that the store keeps beside it. Throws CERT_THUMBPRINT_UNKNOWN and
   * CERT_PRIVATE_KEY_MISSING.
   */
  present(certificate: Certificate, store: CertificateStore): SecureContext;
  /**
   * The certificate without its key, as for a service that may not read it: every handshake fails. Throws
   * CERT_THUMBPRINT_UNKNOWN.
   */
  presentWithoutKey(certificate: Certificate, store: CertificateStore): SecureContext;
  /** For a sender that presents no certificate. */
  clientSecureContext(): SecureContext;
}

/**
 * What one server presents in its handshakes, within the protocol versions and ciphers it is limited to. Throws
 * CERT_TLS_SETTINGS_UNUSABLE.
 */
export function presentations(settings: TlsSettings): Presentations {
  const options = contextOptions(settings);
  const contexts = new Map<string, SecureContext>();
  // Only what a person wrote can be wrong: all others wait until something is presented.
  let client = settings.ciphers === null ? undefined : tryOut(options, settings);
  return {
    present(certificate, store) {
      const { thumbprint } = certificate;
      const context =
        contexts.get(thumbprint) ??
        createSecureContext({ ...chainOptions(certificate, store, options, settings), key: keyOf(certificate, store) });
      contexts.set(thumbprint, context);
      return context;
    },
    presentWithoutKey: (certificate, store) => createSecureContext(chainOptions(certificate, store, options, settings)),
    clientSecureContext: () => (client ??= createSecureContext(options)),
  };
}

function contextOptions(settings: TlsSettings): SecureContextOptions {
  const { minVersion, maxVersion } = settings;
  if (tlsVersions.indexOf(minVersion) > tlsVersions.indexOf(maxVersion))
    throw unusableTlsSettings(wordsOf(settings), `${minVersion} is newer than ${maxVersion}`);
  return {
    minVersion,
    maxVersion,
    ...ciphersFor(settings),
    // An empty list: this host's root certificates never decide, and need not be loaded.
    ca: [],
    // No tickets: a resumed session carries no certificate that could be judged.
    secureOptions: constants.SSL_OP_NO_TICKET,
  };
}

/**
 * Versions before TLS 1.2 sign with SHA-1 and MD5, which OpenSSL does at security level 0 only. The level holds for all
 * versions, and so only where somebody asked for an old one.
 */
function ciphersFor(settings: TlsSettings): Pick<SecureContextOptions, "ciphers"> {
  const old = tlsVersions.indexOf(settings.minVersion) < tlsVersions.indexOf("TLSv1.2");
  if (old) return atLowestLevel(settings);
  return settings.ciphers === null ? {} : { ciphers: settings.ciphers };
}

const atLowestLevel = ({ ciphers }: TlsSettings): Pick<SecureContextOptions, "ciphers"> => ({
  ciphers: `${ciphers ?? DEFAULT_CIPHERS}:@SECLEVEL=0`,
});

/** What OpenSSL presents at security level 0 only, in the versions of it that Node comes with. */
const isWeak = ({ publicKey, signatureAlgorithm }: Certificate): boolean =>
  (publicKey.kind === "RSA" && publicKey.bits < 2048) || /^(?:sha1|md5)/.test(signatureAlgorithm);

function tryOut(options: SecureContextOptions, settings: TlsSettings): SecureContext {
  try {
    return createSecureContext(options);
  } catch (failure) {
    throw unusableTlsSettings(wordsOf(settings), messageOf(failure), failure);
  }
}

const wordsOf = ({ minVersion, maxVersion, ciphers }: TlsSettings): string =>
  `minVersion ${minVersion}, maxVersion ${maxVersion}, ciphers ${ciphers ?? "of OpenSSL's choice"}`;

const keyOf = ({ thumbprint }: Certificate, store: CertificateStore): string | Buffer =>
  store.privateKey(thumbprint).export({ type: "pkcs8", format: "pem" });

function chainOptions(
  certificate: Certificate,
  store: CertificateStore,
  options: SecureContextOptions,
  settings: TlsSettings,
): SecureContextOptions {
  const { chain } = store.get(certificate.thumbprint);
  return {
    ...options,
    ...([certificate, ...chain].some(isWeak) && atLowestLevel(settings)),
    cert: [certificate, ...chain].map(toPem).join(""),
  };
}
