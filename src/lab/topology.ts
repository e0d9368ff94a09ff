import { isIP } from "node:net";
import { z } from "zod";
import { serverRoles } from "../directory/index.ts";
import { domainOf, isSmtpAddress } from "../smtp/index.ts";
import type { Topology } from "./api.ts";

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

const domainName = z
  .string()
  .regex(
    /^(?=.{1,200}$)[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$/,
    "a domain name like proexchange.local",
  );

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

const server = z.strictObject({
  site: siteName.describe("the Active Directory site it is a member of"),
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
});

const mailbox = z.strictObject({
  server: hostName.describe("the Mailbox server that holds it"),
  addresses: z.array(smtpAddress).default([]).describe("addresses beside name@domain, which is the primary one"),
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
  hubTrust: z
    .enum(["direct-trust", "exchange"])
    .default("direct-trust")
    .describe("`exchange`: between Hubs a certificate only encrypts, as in Exchange"),
  keys: z.enum(["cached", "fresh", "p256"]).default("cached"),
  sites: z.record(siteName, site.nullable()),
  siteLinks: z.array(siteLink).default([]),
  servers: z.record(hostName, server),
  mailboxes: z.record(alias, mailbox).default({}),
});

export type DeclaredTopology = z.output<typeof topologySchema>;

/** The declaration with every default filled in, in the order in which the file has it. */
export function toTopology(declared: DeclaredTopology, defaultId: string): Topology {
  return {
    id: declared.id ?? defaultId,
    organization: declared.organization,
    domains: declared.domains,
    clock: declared.clock === undefined ? undefined : new Date(declared.clock),
    intraOrgTls: declared.intraOrgTls,
    hubTrust: declared.hubTrust,
    keys: declared.keys,
    sites: Object.entries(declared.sites).map(([name, about]) => ({ name, hubSite: about?.hubSite ?? false })),
    siteLinks: declared.siteLinks,
    servers: Object.entries(declared.servers).map(([name, about]) => ({ name, ...about, address: about.address })),
    mailboxes: Object.entries(declared.mailboxes).map(([name, about]) => ({
      name,
      server: about.server,
      addresses: addressesOf(name, about.addresses, declared.domains),
      password: about.password,
    })),
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
