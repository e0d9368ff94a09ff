import { z } from "zod";
import {
  certificateCatalogue,
  type DeclaredCertificate,
  defaultTlsSettings,
  type TlsSettings,
  type TlsVersion,
  tlsVersions,
} from "../../certificates/index.ts";

/** The words that several parts of a lab file take, as schemas; their error text says what is wanted. */
const label = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?";

export const domainName = z
  .string()
  .regex(new RegExp(`^(?=.{1,200}$)${label}(?:\\.${label})*$`), "a domain name like proexchange.local");

/** The name of a host that is found by it. */
export const hostFqdn = z
  .string()
  .regex(new RegExp(`^(?=.{1,200}$)${label}(?:\\.${label})+$`), "a full host name like mail.fabrikam.example");

const certificateName = z
  .string()
  .regex(new RegExp(`^(?=.{1,200}$)(?:\\*\\.)?${label}(?:\\.${label})*$`), "a DNS name like mail.fabrikam.example");

export const authorityName = z
  .string()
  .regex(/^[A-Za-z0-9](?:[A-Za-z0-9 ._-]{0,62}[A-Za-z0-9])?$/, "a name of letters, digits, blanks, dots and hyphens");

const flaws = certificateCatalogue.map(({ name }) => name);
const aFlaw = "a certificate of the catalogue, docs/certificate-faults.md";

const issued = z.strictObject({
  issuer: authorityName.optional().describe("an authority of world.authorities; default: it signs itself"),
  names: z.array(certificateName).default([]).describe("DNS names, the first is the common name; default: the host's"),
  flaw: z.enum(flaws, aFlaw).optional().describe("what is wrong with it"),
});

/** A certificate to be made, as a file asks for it. */
export const certificate = z.union([z.enum(flaws, aFlaw), issued]);
/** The same where there may be none. */
export const certificateOrNone = z.union([z.enum(["none", ...flaws], `none, or ${aFlaw}`), issued]);

/** A name of the catalogue alone is issued by the world's first authority, where there is one. */
export function toCertificate(declared: z.output<typeof certificate>): DeclaredCertificate {
  if (declared === "self-signed") return { issuer: null, names: [], flaw: null };
  if (typeof declared === "string") return { issuer: undefined, names: [], flaw: declared };
  return { issuer: declared.issuer ?? null, names: declared.names, flaw: declared.flaw ?? null };
}

/** Between which versions; what is left out follows the other end. */
export function toVersions({
  min,
  max,
}: {
  min?: TlsVersion | undefined;
  max?: TlsVersion | undefined;
}): Pick<TlsSettings, "minVersion" | "maxVersion"> {
  const maxVersion = max ?? defaultTlsSettings.maxVersion;
  const isOld = isOlder(maxVersion, defaultTlsSettings.minVersion);
  return { minVersion: min ?? (isOld ? maxVersion : defaultTlsSettings.minVersion), maxVersion };
}

const isOlder = (one: TlsVersion, other: TlsVersion): boolean => tlsVersions.indexOf(one) < tlsVersions.indexOf(other);

/** Protocol versions that are spoken, both ends included. */
export const tlsVersionRange = z
  .strictObject({
    min: z.enum(tlsVersions).optional().describe("default: TLSv1.2, or `max` where that is older"),
    max: z.enum(tlsVersions).optional().describe("default: TLSv1.3"),
  })
  .refine((range) => {
    const { minVersion, maxVersion } = toVersions(range);
    return !isOlder(maxVersion, minVersion);
  }, "min at most as new as max");
