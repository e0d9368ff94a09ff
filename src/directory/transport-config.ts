/** What holds for all transport servers of an organization. Source: [set-transportconfig]. */
export interface TransportConfig {
  /** Domains to which mail goes by mutual TLS or not at all. */
  tlsSendDomainSecureList: readonly string[];
  /** Domains from which mail comes by mutual TLS or not at all. */
  tlsReceiveDomainSecureList: readonly string[];
  /** Addresses and ranges of the organization's own SMTP servers. */
  internalSmtpServers: readonly string[];
}

export const defaultTransportConfig: TransportConfig = {
  tlsSendDomainSecureList: [],
  tlsReceiveDomainSecureList: [],
  internalSmtpServers: [],
};
