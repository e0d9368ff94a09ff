/**
 * A certificate's journey, folder by folder. certificate.ts says what one is here; x509.ts reads and builds them, the only
 * door to X.509 libraries, with extensions.ts for what Node does not show; keys.ts leases key pairs. `der` reads and
 * writes what all of these files are made of, and names as people write them.
 *
 * `issue`: setup-certificate.ts says what Setup makes one for, issue.ts makes a server's own or asks for one by a
 * request, authority.ts founds authorities that issue others and answer requests, flaws.ts makes what a lab file
 * declares, sound or with a fault of catalogue/. `files` is how they travel: requests, answers in PKCS #7, keys in
 * PKCS #12, revocation lists, and import.ts, which takes any of them in. `store` keeps them on their server, with key,
 * chain and services, and what has been asked for.
 *
 * Then, for each TLS session, `select`: select.ts (STARTTLS), select-outbound.ts (the client's side of it) and
 * select-internal.ts (between Exchange servers) decide which certificate is presented, and select-fates.ts says what
 * became of every other one, also among those of a pasted listing (listing/). `session`: present.ts turns it into a TLS
 * context, peer.ts takes what the other side presented out of the session; exchange-auth.ts is what follows between Hubs,
 * where each proves with its machine key which server it is; seal.ts hides a credential from all but a certificate's
 * holder. `judge` decides what the other side's is worth: by the directory, or by a path to a trusted root, which chain.ts
 * finds, path-rules.ts holds against its rules and revocation.ts against revocation lists; and what a server's own is worth:
 * status.ts, and exchange-validity.ts, for whether a service may be enabled for it. disputed.ts is what sources disagree on.
 *
 * All decisions are pure and carry their steps. Publishing certificates, raising events and talking TLS are left to
 * `lab` and `transport`.
 */
export {
  type Certificate,
  type CertificateService,
  type PendingRequest,
  readThumbprint,
  type StoredCertificate,
} from "./certificate.ts";
export { foreignRevocation, privateKeyMissing, unfitForExchange, unknownAuthority } from "./errors.ts";
export { keyIdentifierOf, parseCertificate, toPem } from "./x509.ts";
export { type KeyPair, type KeyPems, keySizes, type KeySize, type KeySource, openKeySource } from "./keys.ts";
export { commonNameIn, justCommonName, parseSubject, type SubjectName, subjectOf } from "./der/subject.ts";
export {
  checkNames,
  installDefaultCertificate,
  issueSelfSigned,
  makeRequest,
  makeSelfSigned,
  type WantedCertificate,
} from "./issue/issue.ts";
export {
  decideSetupCertificate,
  rolesToSpare,
  servicesForRoles,
  servicesInTheClear,
} from "./issue/setup-certificate.ts";
export { type CertificateRequest, parseRequest, requestToPem } from "./files/request.ts";
export { certificateInFile, importableIn, importCertificate } from "./files/import.ts";
export { formatPkcs7 } from "./files/pkcs7.ts";
export { type Authority, foundAuthority, issueFromRequest, reopenAuthority } from "./issue/authority.ts";
export {
  isIssuedBy,
  isRevoked,
  type RevocationReason,
  revocationReasons,
  revoke,
  writeRevocationList,
} from "./files/crl.ts";
export type { MintedCertificate } from "./issue/catalogue/kit.ts";
export {
  certificateCatalogue,
  type DeclaredCertificate,
  mintCertificate,
  rootAbove,
  storeMinted,
} from "./issue/flaws.ts";
export { type Authorities, authoritiesOf, type IssuedList, type RevocationLists } from "./judge/revocation.ts";
export { type CertificateStore, openCertificateStore } from "./store/store.ts";
export {
  type CertificateStatus,
  certificateStatus,
  isRooted,
  orderForSelection,
  servicesLetters,
} from "./judge/status.ts";
export { type ExchangeInvalidity, exchangeInvalidity } from "./judge/exchange-validity.ts";
export { defaultDisputedRules, type DisputedRules } from "./disputed.ts";
export { selectForStartTls, selectStartTlsCertificate } from "./select/select.ts";
export { selectForOutboundStartTls, selectOutboundStartTlsCertificate } from "./select/select-outbound.ts";
export {
  type AnonymousTlsSender,
  selectInternalTransportCertificate,
  selectOutboundAnonymousTlsCertificate,
} from "./select/select-internal.ts";
export { type CandidateFate, fatesOf } from "./select/select-fates.ts";
export { type ListedCertificate, type Listing, readListing, rulesByListing } from "./select/listing/listing.ts";
export { decodeListing } from "./select/listing/decode.ts";
export { rulesByRoots, type SelectionRules } from "./select/select-by-name.ts";
export type { Candidate, Selection } from "./select/selection-steps.ts";
export { defaultTlsSettings, type TlsSettings, type TlsVersion, tlsVersions } from "./session/tls-settings.ts";
export { type Presentations, presentations } from "./session/present.ts";
export { peerCertificates, readPresented } from "./session/peer.ts";
export { judgePeer, type TrustRule } from "./judge/judge.ts";
export type { Trust } from "./judge/chain.ts";
export type { CertificateValidity, Verdict } from "./judge/verdict.ts";
export type { PeerName } from "./names.ts";
export { sealSecret, unsealSecret } from "./session/seal.ts";
export { type MachineKey, newMachineKey, openMachineKey } from "./session/machine-key.ts";
export { type ReplayCache, replayCache } from "./session/replay-cache.ts";
export { createAuthenticator, verifyAuthenticator } from "./session/exchange-auth.ts";
