import { z } from "zod";
import { defaultTlsSettings } from "../../certificates/index.ts";
import { parseEndpoint } from "../../smtp/index.ts";
import type { DeclaredHost, DeclaredWorld, HostFault } from "../../world/index.ts";
import {
  authorityName,
  certificateOrNone,
  domainName,
  hostFqdn,
  tlsVersionRange,
  toCertificate,
  toVersions,
} from "./schema-words.ts";

// In every schema below the error text says what is wanted: the loader puts what it found in front of it.

const authority = z.strictObject({
  issuedBy: authorityName.optional().describe("the authority above it; default: none, it is a root"),
});

const hostedDomain = z.union([
  domainName,
  z.strictObject({
    name: domainName,
    preference: z.int("a whole number from 0 up").min(0, "a whole number from 0 up").default(10),
  }),
]);

/** How a host behaves; each of these may change while it runs. */
const behaviour = {
  tls: z.enum(["none", "offered", "required"]).optional().describe("STARTTLS on the way in; default: offered"),
  certificate: certificateOrNone.optional().describe("default: self-signed; with `at`: none"),
  versions: tlsVersionRange.optional().describe("TLS versions; default: TLSv1.2 to TLSv1.3"),
  clientCertificates: z
    .enum(["ignored", "asked", "required"])
    .optional()
    .describe("whether it asks clients for a certificate, and takes mail without a good one; default: ignored"),
  sends: z
    .enum(["in-the-clear", "opportunistic", "required", "verified"])
    .optional()
    .describe("how it uses TLS when it sends; default: opportunistic"),
};

const host = z.strictObject({
  domains: z
    .array(hostedDomain)
    .min(1, "one domain or more")
    .describe("the domains whose mail it takes, by MX records"),
  ...behaviour,
  trusts: z.array(authorityName).optional().describe("authorities that it believes; default: none"),
  at: z
    .string()
    .refine((text) => parseEndpoint(text) !== undefined, "an address and a port, like 127.0.0.1:2525")
    .optional()
    .describe("where a mail server listens that the lab does not start"),
});

const attackerName = z
  .string()
  .regex(/^[A-Za-z](?:[A-Za-z0-9-]{0,30}[A-Za-z0-9])?$/, "a name: letters, digits and hyphens, at most 32");

const attacker = z.strictObject({
  before: z.string().min(1, "a server of lab.servers or a host of world.hosts").describe("whose port it stands before"),
  does: z.enum(["strip-starttls", "swap-certificate", "inject-plain-text", "listen"]),
  service: z.enum(["smtp", "edgesync"]).default("smtp").describe("which port of it"),
  present: z.boolean().default(true).describe("whether it stands there from the start; false: once `fault` says so"),
});

/** What `world:` of a scenario file may say. Whether it holds together is `checkWorld`'s affair. */
export const worldSchema = z.strictObject({
  authorities: z.record(authorityName, authority.nullable()).default({}).describe("certification authorities"),
  hosts: z.record(hostFqdn, host).default({}).describe("other people's mail hosts"),
  attackers: z.record(attackerName, attacker).default({}).describe("machines in the middle"),
});

export type DeclaredWorldFile = z.output<typeof worldSchema>;

/** What a `fault` step may change of a host. */
export const hostBehaviour = behaviour;
type Behaviour = z.output<z.ZodObject<typeof behaviour>>;

/** The declaration with every default filled in, in the order in which the file has it. */
export const toWorld = ({ authorities, hosts, attackers }: DeclaredWorldFile): DeclaredWorld => ({
  authorities: Object.entries(authorities).map(([name, about]) => ({ name, issuedBy: about?.issuedBy ?? null })),
  hosts: Object.entries(hosts).map(([name, about]) => toHost(name, about)),
  attackers: Object.entries(attackers).map(([name, { present, ...about }]) => ({
    name,
    ...about,
    fromTheStart: present,
  })),
});

function toHost(name: string, { domains, trusts, at, ...about }: DeclaredWorldFile["hosts"][string]): DeclaredHost {
  return {
    name,
    domains: domains.map((domain) => (typeof domain === "string" ? { name: domain, preference: 10 } : domain)),
    at: at === undefined ? undefined : parseEndpoint(at),
    tls: "offered",
    certificate: at === undefined ? toCertificate("self-signed") : null,
    tlsSettings: defaultTlsSettings,
    clientCertificates: "ignored",
    sends: "opportunistic",
    trusts: trusts ?? [],
    ...toHostFault(about),
  };
}

/** What of a host's behaviour a file names; what it leaves out stays as it is. */
export function toHostFault({ tls, certificate, versions, clientCertificates, sends }: Behaviour): HostFault {
  return {
    ...(tls && { tls }),
    ...(certificate && { certificate: certificate === "none" ? null : toCertificate(certificate) }),
    ...(versions && { tlsSettings: { ...toVersions(versions), ciphers: null } }),
    ...(clientCertificates && { clientCertificates }),
    ...(sends && { sends }),
  };
}
