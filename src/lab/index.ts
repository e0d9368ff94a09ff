/**
 * Composition: a declared organization becomes running servers. topology is what may be declared, topology-check what
 * must hold; capabilities and addresses find out where servers can listen; install does what Setup does; hub joins the
 * stages of a Hub Transport role, server one server with its logs and stores; lab starts them all and closes what it
 * started. api.ts is what everybody above works with: plain data, asynchronous, so that a process can lie between.
 */
export type {
  AdSiteView,
  AttackerView,
  CertificateChoice,
  CertificateExplanation,
  CertificateUse,
  CertificateView,
  DeliveredMessage,
  EdgeSubscriptionView,
  EventFilter,
  EventView,
  Lab,
  LabFacts,
  LabOptions,
  ListenerView,
  MailboxMessage,
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
} from "./api.ts";
export { type Capabilities, probeCapabilities } from "./capabilities.ts";
export { explainListing } from "./explain-listing.ts";
export { startLab } from "./lab.ts";
export { type DeclaredTopology, smtpAddress, topologySchema, toTopology } from "./topology.ts";
export { checkTopology, type TopologyProblem } from "./topology-check.ts";
export { checkAuthoritiesOfServers, checkWorld } from "./world-check.ts";
export { certificate, toCertificate } from "./schema-words.ts";
export { type DeclaredWorldFile, hostBehaviour, toHostFault, worldSchema } from "./world-topology.ts";
// What scenarios and the shell read of the layers below, which they do not see.
export { edgeSyncPort } from "../dns/index.ts";
export { keySizes } from "../certificates/index.ts";
export {
  formatEndpoint,
  groupSessions,
  type LoggedRow,
  parseProtocolLog,
  rowsOf,
  type SessionRecord,
} from "../smtp/index.ts";
export { describeEvent, formatSessions, readSessions } from "../logging/index.ts";
