import type { Cmdlet } from "./definition/define-cmdlet.ts";
import { enableExchangeCertificate } from "./certificates/enable-exchange-certificate.ts";
import { exportExchangeCertificate } from "./certificates/export-exchange-certificate.ts";
import { getAcceptedDomain } from "./organization/get-accepted-domain.ts";
import { getAdSite } from "./organization/get-ad-site.ts";
import { getCertificateUse } from "./certificates/get-certificate-use.ts";
import { getEdgeSubscription } from "./edge/get-edge-subscription.ts";
import { getEventLog } from "./servers/get-event-log.ts";
import { getExchangeCertificate } from "./certificates/get-exchange-certificate.ts";
import { clearLabFault } from "./lab/clear-lab-fault.ts";
import { copyLabFile } from "./lab/copy-lab-file.ts";
import { getLabAuthority } from "./lab/get-lab-authority.ts";
import { getLabFault } from "./lab/get-lab-fault.ts";
import { installLabRoot } from "./lab/install-lab-root.ts";
import { revokeLabCertificate } from "./lab/revoke-lab-certificate.ts";
import { setLabFault } from "./lab/set-lab-fault.ts";
import { submitLabRequest } from "./lab/submit-lab-request.ts";
import { getLabClock } from "./lab/get-lab-clock.ts";
import { getMessageClassification } from "./organization/get-message-classification.ts";
import { getQueue } from "./servers/get-queue.ts";
import { getReceiveConnector } from "./connectors/get-receive-connector.ts";
import { getRemoteDomain } from "./organization/get-remote-domain.ts";
import { getSendConnector } from "./connectors/get-send-connector.ts";
import { getTransportConfig } from "./organization/get-transport-config.ts";
import { getTransportServer } from "./servers/get-transport-server.ts";
import { importExchangeCertificate } from "./certificates/import-exchange-certificate.ts";
import { newAcceptedDomain } from "./organization/new-accepted-domain.ts";
import { newEdgeSubscription } from "./edge/new-edge-subscription.ts";
import { newExchangeCertificate } from "./certificates/new-exchange-certificate.ts";
import { newMessageClassification } from "./organization/new-message-classification.ts";
import { newReceiveConnector } from "./connectors/new-receive-connector.ts";
import { newRemoteDomain } from "./organization/new-remote-domain.ts";
import { newSendConnector } from "./connectors/new-send-connector.ts";
import { removeAcceptedDomain } from "./organization/remove-accepted-domain.ts";
import { removeEdgeSubscription } from "./edge/remove-edge-subscription.ts";
import { removeExchangeCertificate } from "./certificates/remove-exchange-certificate.ts";
import { removeMessageClassification } from "./organization/remove-message-classification.ts";
import { removeReceiveConnector } from "./connectors/remove-receive-connector.ts";
import { removeRemoteDomain } from "./organization/remove-remote-domain.ts";
import { removeSendConnector } from "./connectors/remove-send-connector.ts";
import { retryQueue } from "./servers/retry-queue.ts";
import { setAcceptedDomain } from "./organization/set-accepted-domain.ts";
import { setLabClock } from "./lab/set-lab-clock.ts";
import { setMessageClassification } from "./organization/set-message-classification.ts";
import { setReceiveConnector } from "./connectors/set-receive-connector.ts";
import { setRemoteDomain } from "./organization/set-remote-domain.ts";
import { setSendConnector } from "./connectors/set-send-connector.ts";
import { setTransportConfig } from "./organization/set-transport-config.ts";
import { setTransportServer } from "./servers/set-transport-server.ts";
import { startEdgeSynchronization } from "./edge/start-edge-synchronization.ts";
import { testEdgeSynchronization } from "./edge/test-edge-synchronization.ts";

/** Every cmdlet, by noun and then verb. */
export const cmdlets: readonly Cmdlet[] = [
  getAcceptedDomain,
  newAcceptedDomain,
  removeAcceptedDomain,
  setAcceptedDomain,
  getAdSite,
  getEdgeSubscription,
  newEdgeSubscription,
  removeEdgeSubscription,
  startEdgeSynchronization,
  testEdgeSynchronization,
  getEventLog,
  enableExchangeCertificate,
  exportExchangeCertificate,
  getExchangeCertificate,
  getCertificateUse,
  importExchangeCertificate,
  newExchangeCertificate,
  removeExchangeCertificate,
  getLabAuthority,
  revokeLabCertificate,
  getLabClock,
  setLabClock,
  clearLabFault,
  getLabFault,
  setLabFault,
  copyLabFile,
  submitLabRequest,
  installLabRoot,
  getMessageClassification,
  newMessageClassification,
  removeMessageClassification,
  setMessageClassification,
  getQueue,
  retryQueue,
  getReceiveConnector,
  newReceiveConnector,
  removeReceiveConnector,
  setReceiveConnector,
  getRemoteDomain,
  newRemoteDomain,
  removeRemoteDomain,
  setRemoteDomain,
  getSendConnector,
  newSendConnector,
  removeSendConnector,
  setSendConnector,
  getTransportConfig,
  setTransportConfig,
  getTransportServer,
  setTransportServer,
];
