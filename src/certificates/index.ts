/**
 * A certificate's journey, in order. certificate.ts says what one is here; x509.ts reads and builds them, the only door to
 * X.509 libraries, with extensions.ts and der.ts for what Node does not show; keys.ts leases key pairs. issue.ts makes a
 * server's own certificate, authority.ts founds authorities that issue others, flaws.ts has them issued as a lab file
 * declares; store.ts keeps them, with key, chain and services. Then, for each TLS session: select.ts (STARTTLS),
 * select-outbound.ts (the client's side of it) and select-internal.ts (between Exchange servers) decide which certificate
 * is presented, and select-fates.ts says what became of every other one; present.ts turns it into a TLS context, peer.ts
 * takes what the other side presented out of the session, judge.ts decides what it is worth: by the directory, or by a
 * path to a trusted root, which chain.ts finds and path-rules.ts holds against its rules. exchange-auth.ts is what follows
 * between Hubs: each proves with its machine key which server it is. seal.ts hides a credential from all but a
 * certificate's holder.
 * All decisions are pure and carry their steps. Publishing certificates, raising events and talking TLS are left to
 * `lab` and `transport`.
 */
export type { Certificate, CertificateService, StoredCertificate } from "./certificate.ts";
export { parseCertificate, toPem } from "./x509.ts";
export { type KeyPair, type KeySource, openKeySource } from "./keys.ts";
export { installDefaultCertificate, issueSelfSigned, makeSelfSigned, servicesForRoles } from "./issue.ts";
export { type Authority, foundAuthority } from "./authority.ts";
export {
  type CertificateFlaw,
  certificateFlaws,
  type DeclaredCertificate,
  mintCertificate,
  type MintedCertificate,
} from "./flaws.ts";
export { type CertificateStore, openCertificateStore } from "./store.ts";
export { certificateStatus, orderForSelection, servicesLetters } from "./status.ts";
export { defaultExpiryRules, type ExpiryRules } from "./dates.ts";
export { selectForStartTls, selectStartTlsCertificate } from "./select.ts";
export { selectForOutboundStartTls, selectOutboundStartTlsCertificate } from "./select-outbound.ts";
export {
  type AnonymousTlsSender,
  selectInternalTransportCertificate,
  selectOutboundAnonymousTlsCertificate,
} from "./select-internal.ts";
export { type CandidateFate, fatesOf } from "./select-fates.ts";
export { rulesByRoots, type SelectionRules } from "./select-by-name.ts";
export type { Candidate, Selection } from "./selection-steps.ts";
export { defaultTlsSettings, type TlsSettings, type TlsVersion, tlsVersions } from "./tls-settings.ts";
export { type Presentations, presentations } from "./present.ts";
export { peerCertificates, readPresented } from "./peer.ts";
export { judgePeer, type TrustRule } from "./judge.ts";
export type { CertificateValidity, Verdict } from "./verdict.ts";
export type { PeerName } from "./names.ts";
export { sealSecret, unsealSecret } from "./seal.ts";
export { type MachineKey, newMachineKey, openMachineKey } from "./machine-key.ts";
export { type ReplayCache, replayCache } from "./replay-cache.ts";
export { createAuthenticator, verifyAuthenticator } from "./exchange-auth.ts";
