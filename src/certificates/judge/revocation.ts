import { X509Certificate } from "node:crypto";
import type { Certificate } from "../certificate.ts";
import { derTags, readElements, readObjectIdentifier, readSequence } from "../der/der.ts";
import { readPem } from "../der/pem.ts";
import { nextUpdateAfter, writeRevocationList } from "../files/crl.ts";
import { isSignature } from "../files/signing.ts";
import type { Authority } from "../issue/authority.ts";
import { isIdentical } from "../x509.ts";

/** Where whoever judges a chain asks for revocation lists. */
export interface RevocationLists {
  /**
   * The list of the authority with that certificate, PEM, as it is at `at`, lab time; `unavailable` where it cannot be had;
   * undefined for an authority that publishes none, and of whose certificates nothing is asked.
   */
  listOf(issuer: Certificate, at: Date): string | "unavailable" | undefined;
}

/** The authorities of a lab by name, and their lists. */
export interface Authorities extends ReadonlyMap<string, Authority> {
  readonly revocations: Revocations;
}

/** Each of them publishes its list. */
export const authoritiesOf = (authorities: readonly Authority[]): Authorities =>
  Object.assign(new Map(authorities.map((authority) => [authority.name, authority])), {
    revocations: openRevocations(authorities),
  });

/** The lists of a lab's authorities, those that were made on the spot too. */
export interface Revocations extends RevocationLists {
  /**
   * Has an authority's lists published from now on.
   *
   * @param how `never`: nobody can fetch them; `once`: the first one is never followed by another
   */
  publish(authority: Authority, how: "always" | "never" | "once"): void;
  /** The list that counts at `at`, issued now where it is due. Throws where the authority publishes none. */
  latest(authority: Authority, at: Date): IssuedList;
  /** Has the next list issued, due or not. Throws likewise. */
  issue(authority: Authority, at: Date): IssuedList;
}

/** A revocation list as its authority has issued it. */
export interface IssuedList {
  pem: string;
  der: Uint8Array;
  /** Each list of an authority has a higher one than the list before. Source: RFC 5280 §5.2.3. */
  number: number;
  thisUpdate: Date;
  nextUpdate: Date;
}

const dayMs = 86_400_000;

interface Published {
  authority: Authority;
  how: "always" | "never" | "once";
  list?: IssuedList & { /** How many it names. */ count: number };
}

/** Ours: an authority writes its list anew each day, and whenever it has revoked something; fetching it is a call here. */
function openRevocations(authorities: readonly Authority[]): Revocations {
  const published = new Map<string, Published>();
  const publish: Revocations["publish"] = (authority, how) =>
    void published.set(authority.certificate.sha256, { authority, how });
  for (const authority of authorities) publish(authority, "always");
  const publishedBy = ({ name, certificate }: Authority): Published => {
    const found = published.get(certificate.sha256);
    if (!found) throw new Error(`${name} publishes no revocation list`);
    return found;
  };
  return {
    publish,
    listOf(issuer, at) {
      const found = published.get(issuer.sha256);
      if (!found || !isIdentical(found.authority.certificate, issuer)) return undefined;
      return found.how === "never" ? "unavailable" : latestOf(found, at).pem;
    },
    latest: (authority, at) => latestOf(publishedBy(authority), at),
    issue: (authority, at) => nextOf(publishedBy(authority), at),
  };
}

function latestOf(published: Published, at: Date): IssuedList {
  const { authority, how, list } = published;
  return list && (how === "once" || !isOutdated(list, authority, at)) ? list : nextOf(published, at);
}

function nextOf(published: Published, at: Date): IssuedList {
  const { authority } = published;
  const number = ++authority.lists;
  const pem = writeRevocationList(authority, at, number);
  const der = readPem(pem)[0]?.der ?? new Uint8Array();
  const count = authority.revoked.length;
  published.list = { pem, der, number, thisUpdate: at, nextUpdate: nextUpdateAfter(at), count };
  return published.list;
}

const isOutdated = (
  { thisUpdate, count }: { thisUpdate: Date; count: number },
  { revoked }: Authority,
  at: Date,
): boolean => count !== revoked.length || at < thisUpdate || at.getTime() - thisUpdate.getTime() >= dayMs;

/**
 * What the issuer's revocation list says of a certificate: nothing against it, when it was revoked, or why nobody can say.
 * Source: RFC 5280 §6.3.3 (a), (f), (g), (j): the list must be within its time and signed by the issuer.
 */
export function askRevocation(
  certificate: Certificate,
  issuer: Certificate,
  lists: RevocationLists | undefined,
  at: Date,
): { kind: "good" } | { kind: "revoked"; at: Date } | { kind: "unknown"; why: string } {
  const pem = lists?.listOf(issuer, at);
  if (pem === undefined) return { kind: "good" };
  if (pem === "unavailable") return { kind: "unknown", why: `the revocation list of ${issuer.subject} cannot be had` };
  const list = readRevocationList(pem);
  if (!isListOf(list, issuer))
    return { kind: "unknown", why: `a revocation list that ${issuer.subject} has not signed` };
  if (at < list.thisUpdate || at > list.nextUpdate)
    return {
      kind: "unknown",
      why: `the revocation list of ${issuer.subject} was good until ${list.nextUpdate.toISOString()}`,
    };
  const revokedAt = list.revoked.get(certificate.serialNumber);
  return revokedAt ? { kind: "revoked", at: revokedAt } : { kind: "good" };
}

interface RevocationList {
  thisUpdate: Date;
  nextUpdate: Date;
  /** When each was revoked, by serial number in upper-case hex. */
  revoked: ReadonlyMap<string, Date>;
  signed: { content: Uint8Array; algorithm: string; signature: Uint8Array };
}

/** Throws where it is none. Source: RFC 5280 §5.1. */
function readRevocationList(pem: string): RevocationList {
  const [content, algorithm, signature] = readSequence(readPem(pem)[0]?.der ?? new Uint8Array());
  const [identifier] = readElements(algorithm?.content ?? new Uint8Array());
  if (!content || !identifier || !signature) throw new Error("it is no revocation list");
  const [issued, expires, revoked] = readElements(content.content)
    .filter(({ tag }) => tag !== derTags.integer)
    .slice(2);
  return {
    thisUpdate: readTime(issued),
    nextUpdate: readTime(expires),
    revoked: new Map(revoked?.tag === derTags.sequence ? readElements(revoked.content).map(readRevoked) : []),
    signed: {
      content: content.whole,
      algorithm: readObjectIdentifier(identifier),
      signature: signature.content.subarray(1),
    },
  };
}

function readRevoked({ content }: { content: Uint8Array }): [string, Date] {
  const [serial, date] = readElements(content);
  const hex = Buffer.from(serial?.content ?? new Uint8Array())
    .toString("hex")
    .toUpperCase();
  return [hex.replace(/^00(?=.)/, ""), readTime(date)];
}

/** UTCTime, of the years 1950 to 2049, or GeneralizedTime. */
function readTime(element: { tag: number; content: Uint8Array } | undefined): Date {
  const digits = Buffer.from(element?.content ?? new Uint8Array()).toString("latin1");
  const year = element?.tag === derTags.utcTime ? `${Number(digits.slice(0, 2)) < 50 ? "20" : "19"}${digits}` : digits;
  const date = new Date(year.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));
  if (Number.isNaN(date.getTime())) throw new Error(`"${digits}" is no date`);
  return date;
}

function isListOf({ signed }: RevocationList, issuer: Certificate): boolean {
  const publicKeyPem = new X509Certificate(issuer.der).publicKey.export({ type: "spki", format: "pem" }).toString();
  return isSignature(signed.signature, signed.content, { publicKeyPem, algorithm: signed.algorithm });
}
