/**
 * Composition: a declared organization becomes running servers. `declared` is what a lab file may say and what must hold
 * of it; `ground` what all servers stand on: addresses, folders, directories, lab time; `server` one server with its
 * roles, stores and logs; `answers` what it answers its cmdlets; `outside` everybody else. lab.ts starts them all and
 * closes what it started; `api` is what those above work with.
 */
export type {
  AdSiteView,
  AttackerView,
  AuthorityView,
  CertificateChange,
  CertificateChoice,
  CertificateExplanation,
  CertificateUse,
  CertificateView,
  DeliveredMessage,
  EdgeSubscriptionView,
  EventFilter,
  EventView,
  Lab,
  LabErrands,
  LabFacts,
  LabFault,
  LabOptions,
  ListenerView,
  MailboxMessage,
  NewCertificate,
  OutsideCertificate,
  OutsideHostView,
  OutsideMessage,
  OutsideOutcome,
  OutsideTls,
  QueueView,
  ReceiveConnectorChanges,
  ReceiveConnectorView,
  ServerApi,
  SynchronizationTest,
  Topology,
  TransportServerView,
  WantedCertificateFields,
} from "./api/index.ts";
export { type Capabilities, probeCapabilities } from "./ground/capabilities.ts";
export { explainListing } from "./answers/explain-listing.ts";
export { startLab } from "./lab.ts";
export { type DeclaredTopology, smtpAddress, topologySchema, toTopology } from "./declared/topology.ts";
export { checkTopology, type TopologyProblem } from "./declared/topology-check.ts";
export { checkAuthoritiesOfServers, checkWorld } from "./declared/world-check.ts";
export { certificate, toCertificate } from "./declared/schema-words.ts";
export { type DeclaredWorldFile, hostBehaviour, toHostFault, worldSchema } from "./declared/world-topology.ts";
// What scenarios and the shell read of the layers below, which they do not see.
export { edgeSyncPort } from "../dns/index.ts";
export {
  certificateCatalogue,
  keySizes,
  readThumbprint,
  revocationReasons,
  tlsVersions,
} from "../certificates/index.ts";
export {
  formatEndpoint,
  groupSessions,
  type LoggedRow,
  parseProtocolLog,
  rowsOf,
  type SessionRecord,
} from "../smtp/index.ts";
export { describeEvent, formatSessions, readSessions } from "../logging/index.ts";
