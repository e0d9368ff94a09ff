/** Protocol versions that OpenSSL can still speak, oldest first. */
export const tlsVersions = ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"] as const;
export type TlsVersion = (typeof tlsVersions)[number];

/** What one server or host takes part in. */
export interface TlsSettings {
  minVersion: TlsVersion;
  maxVersion: TlsVersion;
  /** OpenSSL's list of cipher suites; null: its default. */
  ciphers: string | null;
}

/** Ours: Exchange 2007 spoke TLS 1.0 (docs/fidelity.md#tls-version). */
export const defaultTlsSettings: TlsSettings = { minVersion: "TLSv1.2", maxVersion: "TLSv1.3", ciphers: null };
