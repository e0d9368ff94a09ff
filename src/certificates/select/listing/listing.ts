import type { DisputedRules } from "../../disputed.ts";
import type { SelectionRules } from "../select-by-name.ts";
import type { Candidate } from "../selection-steps.ts";
import { Assumptions } from "./assumptions.ts";
import { type DateOrder, dateOrderOf, readListedDate } from "./dates.ts";
import { type ListedRecord, readRecords } from "./records.ts";
import { printedCommonName, readNames, readServices, readTruth, readUsages } from "./values.ts";

/** A certificate as a listing tells of it: what selection needs, and how Exchange judged its chain. */
export interface ListedCertificate extends Candidate {
  /** As printed; undefined where the listing has none. */
  status: string | undefined;
}

/** What could be read of a listing. */
export interface Listing {
  certificates: readonly ListedCertificate[];
  /** Thumbprints of requests that wait for their certificate: selection does not see them. */
  requests: readonly string[];
  /** The internal transport certificate, where the text has the server's settings too. */
  published: string | undefined;
  /** What it does not say and was taken for granted, a sentence each. */
  assumptions: readonly string[];
}

/**
 * Reads what `Get-ExchangeCertificate | Format-List` printed on a real server, of 2007 or later, in any culture. Whatever
 * the text, it is read as far as possible: nothing is thrown.
 *
 * Source: the properties, [get-exchangecertificate-2010]. Inferred: line breaks and cut lists, from captured consoles.
 */
export function readListing(text: string): Listing {
  const records = readRecords(text);
  const listed = records.filter((record) => record.has("thumbprint") || record.has("certificatedomains"));
  const assumed = new Assumptions();
  const dates = listed.flatMap((record) => [record.get("notbefore") ?? "", record.get("notafter") ?? ""]);
  const { order, sure } = dateOrderOf(dates);
  if (!sure) assumed.always(`dates are written ${order}: none of them has a number above 12 to tell`);

  const certificates = new Map<string, ListedCertificate>();
  const requests: string[] = [];
  for (const [index, record] of listed.entries()) {
    const thumbprint = thumbprintOf(record, index);
    if (record.get("status")?.toLowerCase() === "pendingrequest") requests.push(thumbprint);
    else if (!certificates.has(thumbprint))
      certificates.set(thumbprint, readCertificate(record, thumbprint, order, assumed));
  }
  const [published] = records.flatMap((record) => record.get("internaltransportcertificatethumbprint") || []);
  return {
    certificates: [...certificates.values()],
    requests,
    published: published?.toUpperCase(),
    assumptions: assumed.told(certificates.size),
  };
}

const thumbprintOf = (record: ListedRecord, index: number): string =>
  record
    .get("thumbprint")
    ?.replaceAll(/[^0-9A-Fa-f]/g, "")
    .toUpperCase() || `certificate ${index + 1} of the listing`;

function readCertificate(
  record: ListedRecord,
  thumbprint: string,
  order: DateOrder,
  assumed: Assumptions,
): ListedCertificate {
  /** The value, or what is taken for granted in its place. */
  const or = <V>(read: V | undefined, instead: V, told: string): V => {
    if (read === undefined) assumed.of(thumbprint, told);
    return read ?? instead;
  };
  const date = (name: string): Date | undefined => readListedDate(record.get(name) ?? "", order);
  const subject = record.get("subject") ?? "";
  const issuer = record.get("issuer");
  const status = record.get("status");
  const services = record.get("services") ?? record.get("servicesstringform");
  const usages = readUsages(record.get("enhancedkeyusagelist"));
  if (usages === undefined) assumed.of(thumbprint, "it may be used for server authentication");
  const selfSigned = or(
    readTruth(record.get("isselfsigned")) ?? (issuer === undefined ? undefined : issuer === subject),
    false,
    "an authority issued it",
  );
  if (!selfSigned && whyNoPki(status) === undefined && !/^valid$/i.test(status ?? ""))
    assumed.of(thumbprint, `its chain leads to a trusted root (Status is ${status ?? "not given"})`);
  return {
    thumbprint,
    subject,
    certificateDomains: domainsOf(record, subject, thumbprint, assumed),
    notBefore: or(date("notbefore"), new Date(0), "it is older than the others (NotBefore cannot be read)"),
    notAfter: or(date("notafter"), new Date(8.64e15), "it has not expired (NotAfter cannot be read)"),
    publicKey: { kind: "RSA", bits: or(numberIn(record.get("publickeysize")), 2048, "its key is RSA of 2048 bits") },
    enhancedKeyUsage: usages,
    x509Version: or(numberIn(record.get("version")), 3, "it is of X.509 version 3"),
    selfSigned,
    services: services === undefined ? or(undefined, ["SMTP"], "it is enabled for SMTP") : readServices(services),
    hasPrivateKey: or(readTruth(record.get("hasprivatekey")), true, "its private key is there"),
    status,
  };
}

/** `...` stands for the names that the console cut off: it is nobody's name, and is seen in the reason. */
function domainsOf(record: ListedRecord, subject: string, thumbprint: string, assumed: Assumptions): readonly string[] {
  const { names, cut } = readNames(record.get("certificatedomains") ?? "");
  const commonName = printedCommonName(subject);
  const all = commonName === undefined || names.some((name) => name.toLowerCase() === commonName.toLowerCase());
  if (cut)
    assumed.of(
      thumbprint,
      "the names that the listing cuts off do not matter ($FormatEnumerationLimit = -1 shows all)",
    );
  return [...(all ? [] : [commonName]), ...names, ...(cut ? ["..."] : [])];
}

function numberIn(value: string | undefined): number | undefined {
  const digits = /^\d{1,5}$/.exec(value?.trim() ?? "")?.[0];
  return digits === undefined ? undefined : Number(digits);
}

/** Why a Status rules out that the chain is valid; DateInvalid speaks of the certificate's own dates first. */
const chainProblems: Readonly<Record<string, string>> = {
  untrusted: "its chain leads to no root that the server trusts (Status Untrusted)",
  revoked: "it has been revoked (Status Revoked)",
  revocationcheckfailure: "whether it has been revoked could not be found out (Status RevocationCheckFailure)",
  invalid: "its chain is not valid (Status Invalid)",
};

const whyNoPki = (status: string | undefined): string | undefined => chainProblems[status?.toLowerCase() ?? ""];

/** The rules among listed certificates: what the server's own Status says of their chains. */
export const rulesByListing = (at: Date, disputed: DisputedRules): SelectionRules<ListedCertificate> => ({
  at,
  whyNoPki: ({ status }) => whyNoPki(status),
  disputed,
});
