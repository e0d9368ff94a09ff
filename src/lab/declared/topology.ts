import { isIP } from "node:net";
import { z } from "zod";
import { parseDuration } from "../../base/index.ts";
import { defaultDisputedRules } from "../../certificates/index.ts";
import { serverRoles } from "../../directory/index.ts";
import { domainOf, isSmtpAddress } from "../../smtp/index.ts";
import type { Topology } from "../api/index.ts";
import { authorityName, certificate, domainName, tlsVersionRange, toCertificate, toVersions } from "./schema-words.ts";
import { type DeclaredWorldFile, toWorld } from "./world-topology.ts";

// In every schema below the error text says what is wanted: the loader puts what it found in front of it.

const siteName = z
  .string()
  .regex(/^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/, "a site name: letters, digits and hyphens, at most 63");

/** Source: NetBIOS computer names have at most 15 characters ([aa996395] prints them as Setup found them). */
const hostName = z
  .string()
  .regex(/^[A-Za-z](?:[A-Za-z0-9-]{0,13}[A-Za-z0-9])?$/, "a host name: letters, digits and hyphens, at most 15");

const alias = z
  .string()
  .regex(/^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9])?$/, "a mailbox name: letters, digits, dots and hyphens");

/** An SMTP address, as scenario files write it. */
export const smtpAddress = z.string().refine(isSmtpAddress, "an address like anna@proexchange.local");

const site = z.strictObject({
  hubSite: z.boolean().default(false).describe("whether mail whose least-cost path crosses this site stops in it"),
});

const siteLink = z.strictObject({
  name: z
    .string()
    .regex(/^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,63}$/u, "a name of letters, digits, blanks, dots and hyphens"),
  sites: z.array(siteName).min(2, "two sites or more"),
  cost: z.int("a whole number from 1 up").min(1, "a whole number from 1 up").default(100),
});

/** `10s`, `5m`, `1h` as milliseconds of lab time. */
const labDuration = z
  .string()
  .refine((text) => parsed(text) > 0, "a time span above zero like 30s, 5m or 1h")
  .transform(parsed);

/** `+6m`, `-30s`: how far a clock is ahead, or behind, as milliseconds. */
const clockSkew = z
  .string("a time span like +6m or -30s")
  .refine((text) => parsed(text.replace(/^[+-]/, "")) > 0, "a time span like +6m or -30s")
  .transform((text) => (text.startsWith("-") ? -1 : 1) * parsed(text.replace(/^[+-]/, "")));

function parsed(text: string): number {
  try {
    return parseDuration(text);
  } catch {
    return 0;
  }
}

const server = z.strictObject({
  site: siteName.optional().describe("the Active Directory site it is a member of; an Edge server has none"),
  roles: z.array(z.enum(serverRoles)).min(1, "one role or more").describe("server roles of Exchange 2007"),
  address: z
    .string()
    .refine((text) => isIP(text) !== 0, "an IP address of this machine, like 127.0.0.9")
    .optional()
    .describe("where it listens; default: assigned from the lab's own loopback range"),
  protocolLogging: z
    .enum(["None", "Verbose"])
    .default("None")
    .describe("the level of its receive connectors and of its intra-organization connector at the start"),
  present: z.boolean().default(true).describe("whether it is there from the start; false: once `start` installs it"),
  dnsSuffix: domainName.optional().describe("of an Edge server; default: the organization's"),
  versions: tlsVersionRange.optional().describe("TLS versions it takes part in; default: TLSv1.2 to TLSv1.3"),
  ciphers: z.string().min(1, "OpenSSL's list of cipher suites").optional().describe("default: OpenSSL's own"),
  certificate: certificate.optional().describe("in place of the one that Setup makes; default: Setup's own"),
  certificates: z
    .array(certificate)
    .default([])
    .describe("beside the one that Setup makes, enabled for SMTP; the last one is the newest"),
  trusts: z.array(authorityName).default([]).describe("authorities of world.authorities in its trusted root store"),
  noSelfSignedCertificates: z
    .boolean()
    .default(false)
    .describe(
      "Setup makes no certificate for ClientAccess and UnifiedMessaging: nothing is encrypted there until one is enabled",
    ),
  subscription: siteName.optional().describe("of an Edge server: the site it is subscribed to when the lab is up"),
});

/** EdgeSync's schedule. Source: [aa996383], fixed in Exchange 2007. */
const edgeSync = z
  .strictObject({
    topologyInterval: labDuration.prefault("5m"),
    configurationInterval: labDuration.prefault("1h"),
    recipientInterval: labDuration.prefault("4h"),
    lockDuration: labDuration.prefault("5m"),
    optionDuration: labDuration.prefault("1h"),
    lockRenewal: labDuration.prefault("1m"),
    credentialLifetime: labDuration.prefault("30d"),
  })
  .prefault({});

const mailbox = z.strictObject({
  server: hostName.describe("the Mailbox server that holds it"),
  addresses: z.array(smtpAddress).default([]).describe("addresses beside name@domain, which is the primary one"),
  requireSenderAuthentication: z.boolean().default(false).describe("takes mail from inside the organization only"),
  safeSenders: z.array(z.string().min(1, "an address or a domain")).default([]),
  password: z.string().min(1, "a password").optional().describe("default: generated, `hubedge up` prints it"),
});

/** What `lab:` of a scenario file may say. Whether it holds together is `checkTopology`'s affair. */
export const topologySchema = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z0-9](?:[a-z0-9-]{0,46}[a-z0-9])?$/, "lower-case letters, digits and hyphens, at most 48")
    .optional()
    .describe("names folders, Redis keys and addresses; default: the file's stem"),
  organization: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9 -]{0,63}$/, "a name of letters, digits, blanks and hyphens, at most 64"),
  domains: z
    .array(domainName)
    .min(1, "one domain or more")
    .describe("accepted domains; the first is the DNS suffix and the default"),
  clock: z.iso
    .datetime({ offset: true, error: "an instant like 2008-05-12T10:00:00Z" })
    .optional()
    .describe("lab time at the start; default: now"),
  intraOrgTls: z
    .enum(["starttls", "x-anonymoustls"])
    .default("starttls")
    .describe("the verb that Exchange servers use between themselves"),
  renewalKeepsIis: z
    .boolean()
    .default(true)
    .describe("whether a certificate made like another one takes IIS over, as the article has it; sources disagree"),
  smtpCertificates: z
    .enum(["several", "one"])
    .default("several")
    .describe("`one`: enabling a certificate for SMTP takes SMTP from the one that had it; sources disagree"),
  overwriteQuestion: z
    .enum(["the-existing", "existing"])
    .default("the-existing")
    .describe("`existing`: `Overwrite existing default SMTP certificate?`, as one guide quotes it"),
  event1035: z
    .enum(["warning", "error"])
    .default("warning")
    .describe("the level of event 1035, an authentication that failed; sources disagree"),
  hubTrust: z
    .enum(["direct-trust", "exchange"])
    .default("direct-trust")
    .describe("`exchange`: between Hubs a certificate only encrypts, as in Exchange"),
  expiredStartTls: z
    .enum(["offer", "withdraw"])
    .default(defaultDisputedRules.expiredStartTls)
    .describe("whether STARTTLS is still offered with an expired certificate: sources disagree"),
  expiredPki: z
    .enum(["wins", "yields"])
    .default(defaultDisputedRules.expiredPki)
    .describe("whether an expired certificate of an authority still comes before a valid self-signed one"),
  notEnabledForSmtp: z
    .enum(["skip", "choose"])
    .default(defaultDisputedRules.notEnabledForSmtp)
    .describe("`choose`: STARTTLS presents a certificate whose name fits though SMTP may not use it, and TLS fails"),
  keys: z.enum(["cached", "fresh", "p256"]).default("cached"),
  sites: z.record(siteName, site.nullable()),
  siteLinks: z.array(siteLink).default([]),
  servers: z.record(hostName, server),
  skew: z
    .record(hostName, clockSkew)
    .default({})
    .describe("by server: how far its clock is ahead, like +6m, or behind"),
  mailboxes: z.record(alias, mailbox).default({}),
  edgeSync: edgeSync.describe("EdgeSync's intervals, in lab time; default: those of Exchange 2007"),
});

export type DeclaredTopology = z.output<typeof topologySchema>;

/** What a scenario file declares, with every default filled in, in the order in which the file has it. */
export function toTopology(declared: DeclaredTopology, world: DeclaredWorldFile, defaultId: string): Topology {
  const { edgeSync } = declared;
  return {
    id: declared.id ?? defaultId,
    organization: declared.organization,
    domains: declared.domains,
    clock: declared.clock === undefined ? undefined : new Date(declared.clock),
    intraOrgTls: declared.intraOrgTls,
    hubTrust: declared.hubTrust,
    renewalKeepsIis: declared.renewalKeepsIis,
    smtpCertificates: declared.smtpCertificates,
    overwriteQuestion: declared.overwriteQuestion,
    event1035: declared.event1035,
    disputed: {
      expiredStartTls: declared.expiredStartTls,
      expiredPki: declared.expiredPki,
      notEnabledForSmtp: declared.notEnabledForSmtp,
    },
    keys: declared.keys,
    sites: Object.entries(declared.sites).map(([name, about]) => ({ name, hubSite: about?.hubSite ?? false })),
    siteLinks: declared.siteLinks,
    servers: Object.entries(declared.servers).map(([name, about]) => ({
      name,
      site: about.site ?? null,
      roles: about.roles,
      address: about.address,
      protocolLogging: about.protocolLogging,
      present: about.present,
      dnsSuffix: about.dnsSuffix,
      clockSkewMs: declared.skew[name] ?? 0,
      noSelfSignedCertificates: about.noSelfSignedCertificates,
      tlsSettings: { ...toVersions(about.versions ?? {}), ciphers: about.ciphers ?? null },
      certificate: about.certificate === undefined ? undefined : toCertificate(about.certificate),
      certificates: about.certificates.map(toCertificate),
      trusts: about.trusts,
      subscription: about.subscription,
    })),
    mailboxes: Object.entries(declared.mailboxes).map(([name, about]) => ({
      name,
      server: about.server,
      addresses: addressesOf(name, about.addresses, declared.domains),
      password: about.password,
      requireSenderAuthentication: about.requireSenderAuthentication,
      safeSenders: about.safeSenders,
    })),
    edgeSync: {
      topologyIntervalMs: edgeSync.topologyInterval,
      configurationIntervalMs: edgeSync.configurationInterval,
      recipientIntervalMs: edgeSync.recipientInterval,
      lockDurationMs: edgeSync.lockDuration,
      optionDurationMs: edgeSync.optionDuration,
      lockRenewalMs: edgeSync.lockRenewal,
      credentialLifetimeMs: edgeSync.credentialLifetime,
    },
    world: toWorld(world),
  };
}

/** The primary address first, and not a second time where the file repeats it. */
export function addressesOf(name: string, further: readonly string[], domains: readonly string[]): string[] {
  const primary = `${name}@${domains[0] ?? "localhost"}`;
  return [primary, ...further.filter((address) => address.toLowerCase() !== primary.toLowerCase())];
}

/** Whether the lab accepts mail for that address's domain. */
export const isOwnAddress = (address: string, domains: readonly string[]): boolean =>
  domains.some((domain) => domain.toLowerCase() === domainOf(address));
