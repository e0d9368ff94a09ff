import type { DeclaredCertificate, TlsSettings } from "../certificates/index.ts";
import type { Endpoint } from "../smtp/index.ts";

/** Everybody outside the organization, as a lab file declares them. */
export interface DeclaredWorld {
  authorities: readonly DeclaredAuthority[];
  hosts: readonly DeclaredHost[];
  attackers: readonly DeclaredAttacker[];
}

/** A certification authority. */
export interface DeclaredAuthority {
  name: string;
  /** The authority above it; null: a root. */
  issuedBy: string | null;
}

/** Somebody else's mail host. */
export interface DeclaredHost {
  /** Its FQDN. */
  name: string;
  /** The domains whose mail it takes, each by an MX record. */
  domains: readonly { name: string; preference: number }[];
  /** Where a server listens that the lab does not start; undefined: the lab starts one. */
  at: Endpoint | undefined;
  /** STARTTLS on the way in: not offered, offered, or insisted on. */
  tls: "none" | "offered" | "required";
  /**
   * Null: it has none, so that it can't offer STARTTLS, nor present one when it sends. Where the lab does not start it,
   * the one that is made for it to be configured with.
   */
  certificate: DeclaredCertificate | null;
  tlsSettings: TlsSettings;
  /** Whether it asks clients for a certificate, and whether it takes mail without a good one. */
  clientCertificates: "ignored" | "asked" | "required";
  /** When it sends: whatever is there, TLS where it is offered, with TLS or not at all, or only to whom it can verify. */
  sends: "in-the-clear" | "opportunistic" | "required" | "verified";
  /** Authorities that it believes. */
  trusts: readonly string[];
}

/** Somebody in the middle. */
export interface DeclaredAttacker {
  name: string;
  /** Whose port it stands before: a server of the lab or an outside host. */
  before: string;
  /** Which port of it. */
  service: "smtp" | "edgesync";
  /**
   * Takes STARTTLS out of what the server offers; does both handshakes itself under a certificate of its own; writes
   * commands in the clear before TLS begins, behind the client's STARTTLS; or only listens.
   */
  does: "strip-starttls" | "swap-certificate" | "inject-plain-text" | "listen";
  /** Whether it stands there from the start, or only once a step says so. */
  fromTheStart: boolean;
}

/** What a step may change of a host while the lab runs. */
export type HostFault = Partial<
  Pick<DeclaredHost, "tls" | "certificate" | "tlsSettings" | "clientCertificates" | "sends">
>;
