import type { Certificate } from "../certificate.ts";
import { isIdentical, isSignedBy } from "../x509.ts";
import type { RevocationLists } from "./revocation.ts";

/** Whom somebody believes. */
export interface Trust {
  /** Certificates that are trusted: a chain ends at the first of them. */
  roots: readonly Certificate[];
  /** Where it is asked whether a certificate was revoked; undefined: nowhere. */
  revocation?: RevocationLists | undefined;
}

/** From what a chain is built, and by what it is judged. */
export interface ChainSources extends Trust {
  /** Authorities that may stand between, in any order; nobody vouches for them. */
  intermediates: readonly Certificate[];
}

/** A certificate with the authorities above it. */
export interface Path {
  /** The certificate, its issuer, the issuer's issuer, and so on: each is signed by the next. */
  elements: readonly [Certificate, ...Certificate[]];
  /** What stopped it: a trusted root, one that signs itself and is not trusted, no issuer, or the effort it takes. */
  end: "trusted" | "selfSigned" | "noIssuer" | "tooLong";
}

/** More than anybody has in earnest. */
export const longestPath = 8;

/**
 * How much is spent on one certificate: a signature check or a step on a path costs one. What a peer sends may be built
 * to have a path for every order of its certificates.
 */
const mostEffort = 100;

/**
 * Every way from a certificate up to a trusted root, and those that end elsewhere, as they are found: most promising
 * first. Signatures and names hold along each; nothing else has been judged. There is always at least one.
 * The order in which `intermediates` and `roots` lie does not matter.
 *
 * Source: RFC 5280 §6.1 (a path), RFC 4158 §2.4 (that there may be several, and loops).
 */
export function* pathsFrom(leaf: Certificate, { intermediates, roots }: ChainSources, at: Date): Generator<Path> {
  const isRoot = (certificate: Certificate): boolean => roots.some((root) => isIdentical(root, certificate));
  const known = inOrderOfPromise([...roots, ...intermediates], isRoot, at);
  const budget = { left: mostEffort };
  const signed = rememberingSignatures(budget);

  function* climb(elements: Path["elements"]): Generator<Path> {
    const top = elements.at(-1) as Certificate;
    if (isRoot(top)) return yield { elements, end: "trusted" };
    if (top.selfSigned) return yield { elements, end: "selfSigned" };
    if (elements.length === longestPath) return yield { elements, end: "tooLong" };
    let climbed = false;
    for (const issuer of known) {
      if (elements.some((element) => isIdentical(element, issuer)) || !signed(top, issuer)) continue;
      climbed = true;
      if (--budget.left < 0) return yield { elements, end: "tooLong" };
      yield* climb([...elements, issuer]);
    }
    if (!climbed) yield { elements, end: budget.left < 0 ? "tooLong" : "noIssuer" };
  }
  yield* climb([leaf]);
}

/** Trusted ones first, then those within their dates; the hash decides the rest, so that the peer's order never does. */
function inOrderOfPromise(
  certificates: readonly Certificate[],
  isRoot: (certificate: Certificate) => boolean,
  at: Date,
): readonly Certificate[] {
  const rank = (certificate: Certificate): string => {
    const inDate = certificate.notBefore <= at && at <= certificate.notAfter;
    return `${isRoot(certificate) ? 0 : 1}${inDate ? 0 : 1}${certificate.sha256}`;
  };
  return certificates
    .filter((certificate, index) => certificates.findIndex((other) => isIdentical(other, certificate)) === index)
    .toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1));
}

/** `isSignedBy`, each pair checked once, and none any more when the budget is spent. */
function rememberingSignatures(budget: { left: number }): (certificate: Certificate, issuer: Certificate) => boolean {
  const results = new Map<string, boolean>();
  return (certificate, issuer) => {
    if (certificate.issuer !== issuer.subject) return false;
    const pair = `${certificate.sha256} ${issuer.sha256}`;
    const known = results.get(pair);
    if (known !== undefined) return known;
    if (--budget.left < 0) return false;
    const result = isSignedBy(certificate, issuer);
    results.set(pair, result);
    return result;
  };
}
