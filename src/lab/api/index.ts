/**
 * What everybody above works with: plain data, asynchronous, so that a process can lie between. `server` is what a
 * server answers its cmdlets, `lab` a lab as a whole, `outside` everybody else in it, `declared` what a lab file says.
 */
export type {
  ServerApi,
  EventFilter,
  EventView,
  ConfigurationKind,
  TransportServerView,
  ReceiveConnectorView,
  ReceiveConnectorChanges,
  QueueView,
  AdSiteView,
} from "./server.ts";
export type {
  EdgeSubscriptionExport,
  EdgeSubscriptionImport,
  EdgeSubscriptionView,
  SynchronizationRequest,
  SynchronizationTest,
} from "./edge-sync.ts";
export type {
  WantedCertificateFields,
  NewCertificate,
  CertificateChange,
  CertificateEnabling,
  NewCertificateRequest,
  CertificateImport,
  CertificateExport,
  CertificateView,
  CertificateChoiceRequest,
  CertificateExplanation,
  CertificateChoice,
  CertificateUse,
  CertificateIssue,
} from "./certificates.ts";
export type {
  AuthorityFiles,
  AuthorityView,
  CertificateRevocation,
  CertificateTrust,
  Inhabitant,
  LabErrands,
  LabFault,
  RevokedCertificate,
} from "./errands.ts";
export type {
  OutsideTls,
  OutsideMessage,
  OutsideOutcome,
  OutsideCertificate,
  OutsideHostView,
  AttackerView,
} from "./outside.ts";
export type { MailboxMessage, DeliveredMessage, ListenerView, LabFacts, Lab, LabOptions } from "./lab.ts";
export type { Topology, DeclaredServer, DeclaredMailbox } from "./declared.ts";
