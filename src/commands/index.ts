/**
 * The Exchange cmdlets: what can be asked of a server, defined once for the shell, for scenarios and for the console.
 * define-cmdlet and parameter say what a cmdlet is, settings maps a Set- cmdlet's parameters to the settings they
 * change; then one file per cmdlet, with what two of them share beside them; document writes docs/cmdlets.md.
 * How a line becomes a call, and how objects become text, is the shell's affair.
 */
import type { Cmdlet } from "./define-cmdlet.ts";
import { getAdSite } from "./get-ad-site.ts";
import { getExchangeCertificate } from "./get-exchange-certificate.ts";
import { getQueue } from "./get-queue.ts";
import { getReceiveConnector } from "./get-receive-connector.ts";
import { getTransportServer } from "./get-transport-server.ts";
import { retryQueue } from "./retry-queue.ts";
import { setReceiveConnector } from "./set-receive-connector.ts";
import { setTransportServer } from "./set-transport-server.ts";

export type { Cmdlet, Column } from "./define-cmdlet.ts";
export type { ParameterSpec, ParameterSpecs, ParameterValue } from "./parameter.ts";

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
