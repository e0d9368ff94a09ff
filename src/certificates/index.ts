/**
 * A certificate's journey, in order. certificate.ts says what one is here; x509.ts reads and builds them, the only
 * door to X.509 libraries, with extensions.ts and der.ts for what Node does not show; keys.ts leases key pairs.
 * setup-certificate.ts says what Setup makes one for, issue.ts makes a server's own certificate, or asks for one by a
 * request (request.ts, subject.ts); authority.ts founds authorities that issue others and answer requests (pkcs7.ts),
 * crl.ts lets them take one back, flaws.ts makes what a lab file declares, sound or with a fault of catalogue/;
 * store.ts keeps them, with key, chain and services, and what has been asked for (store-requests.ts); import.ts takes files in, pfx.ts is
 * how a key travels. All of these files are DER, which der.ts reads and der-write.ts writes. Then, for each TLS
 * session: select.ts (STARTTLS), select-outbound.ts (the client's side of it) and select-internal.ts (between Exchange
 * servers) decide which certificate is presented, and select-fates.ts says what became of every other one, also among
 * those of a pasted listing (listing/); present.ts turns it into a TLS context, peer.ts takes what the other side
 * presented out of the session, judge.ts decides what it is worth: by the directory, or by a path to a trusted root,
 * which chain.ts finds and path-rules.ts holds against its rules and revocation.ts against revocation lists.
 * exchange-auth.ts is what follows between Hubs: each proves with its machine key which server it is. seal.ts hides a
 * credential from all but a certificate's holder.
 * All decisions are pure and carry their steps. Publishing certificates, raising events and talking TLS are left to
 * `lab` and `transport`.
 */
export type { Certificate, CertificateService, PendingRequest, StoredCertificate } from "./certificate.ts";
export { unknownAuthority } from "./errors.ts";
export { keyIdentifierOf, parseCertificate, toPem } from "./x509.ts";
export { type KeyPair, type KeyPems, keySizes, type KeySize, type KeySource, openKeySource } from "./keys.ts";
export { commonNameIn, justCommonName, parseSubject, type SubjectName, subjectOf } from "./subject.ts";
export {
  installDefaultCertificate,
  issueSelfSigned,
  makeRequest,
  makeSelfSigned,
  type WantedCertificate,
} from "./issue.ts";
export { decideSetupCertificate, rolesToSpare, servicesForRoles, servicesInTheClear } from "./setup-certificate.ts";
export { type CertificateRequest, parseRequest, requestToPem } from "./request.ts";
export { certificateInFile, importCertificate } from "./import.ts";
export { formatPkcs7 } from "./pkcs7.ts";
export { type Authority, foundAuthority, issueFromRequest } from "./authority.ts";
export { isRevoked, type Revocation, revoke, writeRevocationList } from "./crl.ts";
export type { MintedCertificate } from "./catalogue/kit.ts";
export { certificateCatalogue, type DeclaredCertificate, mintCertificate, storeMinted } from "./flaws.ts";
export { type Authorities, authoritiesOf, type RevocationLists } from "./revocation.ts";
export { type CertificateStore, openCertificateStore } from "./store.ts";
export { type CertificateStatus, certificateStatus, orderForSelection, servicesLetters } from "./status.ts";
export { defaultExpiryRules, type ExpiryRules } from "./dates.ts";
export { selectForStartTls, selectStartTlsCertificate } from "./select.ts";
export { selectForOutboundStartTls, selectOutboundStartTlsCertificate } from "./select-outbound.ts";
export {
  type AnonymousTlsSender,
  selectInternalTransportCertificate,
  selectOutboundAnonymousTlsCertificate,
} from "./select-internal.ts";
export { type CandidateFate, fatesOf } from "./select-fates.ts";
export { type ListedCertificate, type Listing, readListing, rulesByListing } from "./listing/listing.ts";
export { decodeListing } from "./listing/decode.ts";
export { rulesByRoots, type SelectionRules } from "./select-by-name.ts";
export type { Candidate, Selection } from "./selection-steps.ts";
export { defaultTlsSettings, type TlsSettings, type TlsVersion, tlsVersions } from "./tls-settings.ts";
export { type Presentations, presentations } from "./present.ts";
export { peerCertificates, readPresented } from "./peer.ts";
export { judgePeer, type TrustRule } from "./judge.ts";
export type { Trust } from "./chain.ts";
export type { CertificateValidity, Verdict } from "./verdict.ts";
export type { PeerName } from "./names.ts";
export { sealSecret, unsealSecret } from "./seal.ts";
export { type MachineKey, newMachineKey, openMachineKey } from "./machine-key.ts";
export { type ReplayCache, replayCache } from "./replay-cache.ts";
export { createAuthenticator, verifyAuthenticator } from "./exchange-auth.ts";
