import type { Cmdlet } from "./define-cmdlet.ts";
import { getAdSite } from "./get-ad-site.ts";
import { getExchangeCertificate } from "./get-exchange-certificate.ts";
import { getQueue } from "./get-queue.ts";
import { getReceiveConnector } from "./get-receive-connector.ts";
import { getTransportServer } from "./get-transport-server.ts";
import { retryQueue } from "./retry-queue.ts";
import { setReceiveConnector } from "./set-receive-connector.ts";
import { setTransportServer } from "./set-transport-server.ts";

/** Every cmdlet, by noun and then verb. */
export const cmdlets: readonly Cmdlet[] = [
  getAdSite,
  getExchangeCertificate,
  getQueue,
  retryQueue,
  getReceiveConnector,
  setReceiveConnector,
  getTransportServer,
  setTransportServer,
];
