import type { Certificate } from "../certificate.ts";
import type { NameConstraints } from "../extensions.ts";
import type { PathProblem } from "./path-rules.ts";

/** Whether the authority at `index` may issue for the names below it. Source: RFC 5280 §6.1.3 (b) and (c). */
export function nameProblems(elements: readonly Certificate[], index: number): readonly PathProblem[] {
  const { nameConstraints, subject } = elements[index] as Certificate;
  if (!nameConstraints) return [];
  const name = elements
    .slice(0, index)
    .map((below) => forbiddenName(below, nameConstraints))
    .find((one) => one !== undefined);
  if (name === undefined) return [];
  return [
    { finding: "nameNotPermitted", ofAuthority: true, text: `relies on ${subject}, which may not issue for ${name}` },
  ];
}

/**
 * The first name of a certificate that an authority above it may not issue for; undefined where it may issue for all.
 * Source: RFC 5280 §4.2.1.10, DNS names. Inferred: a common name counts where there is no other name, as OpenSSL has it.
 */
export function forbiddenName(
  certificate: Pick<Certificate, "alternateNames" | "certificateDomains">,
  { permitted, excluded }: NameConstraints,
): string | undefined {
  const { alternateNames, certificateDomains } = certificate;
  const names = alternateNames.length > 0 ? alternateNames : certificateDomains;
  return names.find(
    (name) =>
      (permitted.length > 0 && !permitted.some((one) => isWithin(name, one))) ||
      excluded.some((one) => isWithin(name, one)),
  );
}

/** `mail.contoso.com` is within `contoso.com`, and so is that itself; nothing is the constraint that all names are within. */
function isWithin(name: string, constraint: string): boolean {
  const [own, outer] = [name.toLowerCase(), constraint.toLowerCase().replace(/^\./, "")];
  return outer === "" || own === outer || own.endsWith(`.${outer}`);
}
