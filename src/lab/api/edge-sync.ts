export interface EdgeSubscriptionExport {
  /** The file as it really lies on this machine. */
  path: string;
  edgeServerFqdn: string;
  /** Until when the first synchronization must have been. */
  expiresAt: Date;
}

export interface EdgeSubscriptionImport {
  fileName: string;
  site: string;
  createInternetSendConnector: boolean;
  createInboundSendConnector: boolean;
}

export interface EdgeSubscriptionView {
  /** The Edge server's name. */
  name: string;
  /** Null on an Edge server that has not been synchronized yet. */
  site: string | null;
  /** The DNS suffix of the Edge server. */
  domain: string;
  fqdn: string;
  subscribedAt: Date;
}

export interface SynchronizationRequest {
  /** One Edge server; without it all of the site. */
  targetServer?: string;
  forceFullSync?: boolean;
  /** Moves the cookie although something failed. */
  forceUpdateCookie?: boolean;
}

export interface SynchronizationTest {
  targetServer?: string;
  /** Compare contents; false: look at cookies and lease only. */
  compare: boolean;
  excludeRecipients: boolean;
  /** Only this recipient, by any of its addresses. */
  verifyRecipient?: string;
  /** How many differences to list at most. */
  maxReportSize: number;
}
