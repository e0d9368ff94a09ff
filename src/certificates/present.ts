import { constants } from "node:crypto";
import { createSecureContext, type SecureContext, type SecureContextOptions } from "node:tls";
import type { Certificate } from "./certificate.ts";
import type { CertificateStore } from "./store.ts";
import { toPem } from "./x509.ts";

/** One server's certificates as TLS contexts, each made once, when it is first presented. */
export interface Presentations {
  /** Throws CERT_THUMBPRINT_UNKNOWN and CERT_PRIVATE_KEY_MISSING. */
  present(certificate: Certificate, store: CertificateStore): SecureContext;
  /** For a sender that presents no certificate. */
  clientSecureContext(): SecureContext;
}

/** Ours: Exchange 2007 spoke TLS 1.0 (docs/fidelity.md#tls-version). */
const settings: SecureContextOptions = {
  minVersion: "TLSv1.2",
  // An empty list: this host's root certificates never decide, and need not be loaded.
  ca: [],
  // No tickets: a resumed session carries no certificate that could be judged.
  secureOptions: constants.SSL_OP_NO_TICKET,
};

export function presentations(): Presentations {
  const contexts = new Map<string, SecureContext>();
  let client: SecureContext | undefined;
  return {
    present(certificate, store) {
      const { thumbprint } = certificate;
      const context = contexts.get(thumbprint) ?? contextOf(certificate, store);
      contexts.set(thumbprint, context);
      return context;
    },
    clientSecureContext: () => (client ??= createSecureContext(settings)),
  };
}

const contextOf = (certificate: Certificate, store: CertificateStore): SecureContext =>
  createSecureContext({
    ...settings,
    cert: toPem(certificate),
    key: store.privateKey(certificate.thumbprint).export({ type: "pkcs8", format: "pem" }),
  });
