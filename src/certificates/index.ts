/**
 * A certificate's journey, in order. certificate.ts says what one is here; x509.ts reads and builds them, the only door to
 * X.509 libraries; keys.ts leases key pairs; issue.ts makes a server's own certificate and store.ts keeps it, with its
 * key and services. Then, for each TLS session: select.ts (STARTTLS) and select-internal.ts (between Exchange servers)
 * decide which certificate is presented, present.ts turns it into a TLS context, judge.ts decides what the peer's is
 * worth. exchange-auth.ts is what follows between Hubs: each proves with its machine key which server it is.
 * All decisions are pure and carry their steps. Publishing certificates, raising events and talking TLS are left to
 * `lab` and `transport`.
 */
export type { CertificateService, StoredCertificate } from "./certificate.ts";
export { parseCertificate } from "./x509.ts";
export { type KeyPair, type KeySource, openKeySource } from "./keys.ts";
export { installDefaultCertificate, issueSelfSigned, servicesForRoles } from "./issue.ts";
export { type CertificateStore, openCertificateStore } from "./store.ts";
export { certificateStatus, orderForSelection, servicesLetters } from "./status.ts";
export { selectStartTlsCertificate } from "./select.ts";
export { selectInternalTransportCertificate, selectOutboundAnonymousTlsCertificate } from "./select-internal.ts";
export { type Presentations, presentations } from "./present.ts";
export { type CertificateFlaw, certificateFlaws, type DeclaredCertificate } from "./flaws.ts";
export { defaultTlsSettings, type TlsSettings, type TlsVersion, tlsVersions } from "./tls-settings.ts";
export { judgePeer, type TrustRule } from "./judge.ts";
export { type MachineKey, newMachineKey, openMachineKey } from "./machine-key.ts";
export { type ReplayCache, replayCache } from "./replay-cache.ts";
export { createAuthenticator, verifyAuthenticator } from "./exchange-auth.ts";
