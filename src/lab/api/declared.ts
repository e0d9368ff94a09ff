import type { ProtocolLoggingLevel, ServerRole } from "../../directory/index.ts";
import type { DeclaredCertificate, DisputedRules, TlsSettings } from "../../certificates/index.ts";
import type { EdgeSyncSchedule } from "../../edgesync/index.ts";
import type { DeclaredWorld } from "../../world/index.ts";

/** The declared organization, checked: what `lab:` in a scenario file says, with every default filled in. */
export interface Topology {
  id: string;
  organization: string;
  domains: readonly string[];
  /** Undefined: the moment of the start. */
  clock: Date | undefined;
  intraOrgTls: "starttls" | "x-anonymoustls";
  hubTrust: "direct-trust" | "exchange";
  /** Whether a certificate that is made like another one takes IIS over from it. */
  renewalKeepsIis: boolean;
  /** Whether SMTP may have several certificates, or enabling it for one takes it from the one that had it. */
  smtpCertificates: "several" | "one";
  /** How the question begins that is asked before the default SMTP certificate is replaced: `Overwrite the existing …`. */
  overwriteQuestion: "the-existing" | "existing";
  /** Level of event 1035, an authentication that failed. */
  event1035: "warning" | "error";
  disputed: DisputedRules;
  keys: "cached" | "fresh" | "p256";
  sites: readonly { name: string; hubSite: boolean }[];
  siteLinks: readonly { name: string; sites: readonly string[]; cost: number }[];
  servers: readonly DeclaredServer[];
  mailboxes: readonly DeclaredMailbox[];
  edgeSync: EdgeSyncSchedule;
  world: DeclaredWorld;
}

export interface DeclaredServer {
  name: string;
  /** Null for an Edge server: only a subscription gives it one. */
  site: string | null;
  roles: readonly ServerRole[];
  /** Declared address; undefined: assigned from the lab's own loopback range. */
  address: string | undefined;
  protocolLogging: ProtocolLoggingLevel;
  /** Whether it is there from the start; otherwise Setup runs when it is started for the first time. */
  present: boolean;
  /** Of an Edge server; undefined: the organization's. */
  dnsSuffix: string | undefined;
  /** How far its clock is ahead of lab time; below zero, behind it. */
  clockSkewMs: number;
  /** Setup is given /NoSelfSignedCertificates. */
  noSelfSignedCertificates: boolean;
  tlsSettings: TlsSettings;
  /** What it has in place of the certificate that Setup makes; undefined: that one. */
  certificate: DeclaredCertificate | undefined;
  /** Certificates it has beside the one that Setup makes, enabled for SMTP, the last one the newest. */
  certificates: readonly DeclaredCertificate[];
  /** Authorities in its trusted root store. */
  trusts: readonly string[];
  /** Of an Edge server: the site that it is subscribed to, and synchronized, when the lab is up; undefined: to none. */
  subscription: string | undefined;
}

export interface DeclaredMailbox {
  name: string;
  server: string;
  addresses: readonly string[];
  password: string | undefined;
  requireSenderAuthentication: boolean;
  safeSenders: readonly string[];
}
