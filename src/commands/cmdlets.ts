import type { Cmdlet } from "./define-cmdlet.ts";
import { enableExchangeCertificate } from "./enable-exchange-certificate.ts";
import { exportExchangeCertificate } from "./export-exchange-certificate.ts";
import { getAcceptedDomain } from "./get-accepted-domain.ts";
import { getAdSite } from "./get-ad-site.ts";
import { getCertificateUse } from "./get-certificate-use.ts";
import { getEdgeSubscription } from "./get-edge-subscription.ts";
import { getEventLog } from "./get-event-log.ts";
import { getExchangeCertificate } from "./get-exchange-certificate.ts";
import { getLabClock } from "./get-lab-clock.ts";
import { getMessageClassification } from "./get-message-classification.ts";
import { getQueue } from "./get-queue.ts";
import { getReceiveConnector } from "./get-receive-connector.ts";
import { getRemoteDomain } from "./get-remote-domain.ts";
import { getSendConnector } from "./get-send-connector.ts";
import { getTransportConfig } from "./get-transport-config.ts";
import { getTransportServer } from "./get-transport-server.ts";
import { importExchangeCertificate } from "./import-exchange-certificate.ts";
import { newAcceptedDomain } from "./new-accepted-domain.ts";
import { newEdgeSubscription } from "./new-edge-subscription.ts";
import { newExchangeCertificate } from "./new-exchange-certificate.ts";
import { newMessageClassification } from "./new-message-classification.ts";
import { newReceiveConnector } from "./new-receive-connector.ts";
import { newRemoteDomain } from "./new-remote-domain.ts";
import { newSendConnector } from "./new-send-connector.ts";
import { removeAcceptedDomain } from "./remove-accepted-domain.ts";
import { removeEdgeSubscription } from "./remove-edge-subscription.ts";
import { removeExchangeCertificate } from "./remove-exchange-certificate.ts";
import { removeMessageClassification } from "./remove-message-classification.ts";
import { removeReceiveConnector } from "./remove-receive-connector.ts";
import { removeRemoteDomain } from "./remove-remote-domain.ts";
import { removeSendConnector } from "./remove-send-connector.ts";
import { retryQueue } from "./retry-queue.ts";
import { setAcceptedDomain } from "./set-accepted-domain.ts";
import { setLabClock } from "./set-lab-clock.ts";
import { setMessageClassification } from "./set-message-classification.ts";
import { setReceiveConnector } from "./set-receive-connector.ts";
import { setRemoteDomain } from "./set-remote-domain.ts";
import { setSendConnector } from "./set-send-connector.ts";
import { setTransportConfig } from "./set-transport-config.ts";
import { setTransportServer } from "./set-transport-server.ts";
import { startEdgeSynchronization } from "./start-edge-synchronization.ts";
import { testEdgeSynchronization } from "./test-edge-synchronization.ts";

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
  getLabClock,
  setLabClock,
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
