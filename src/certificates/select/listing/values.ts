import { type CertificateService, certificateServices } from "../../certificate.ts";

/** A printed collection; `cut` where the console left out what came after. */
export interface ListedNames {
  names: readonly string[];
  cut: boolean;
}

/**
 * `{a, b, c}`, and `{a, b, c...}` where more than the console shows was there. Without its end, the last name may have
 * lost its own: it does not count.
 */
export function readNames(value: string): ListedNames {
  const whole = !value.startsWith("{") || value.endsWith("}");
  const inner = value.replace(/^\{/, "").replace(/\}$/, "");
  const cut = !whole || /(\.\.\.|…)\s*$/.test(inner);
  const names = inner
    .split(",")
    .map((name) => name.replace(/(\.\.\.|…)\s*$/, "").replaceAll(/\s/g, ""))
    .filter((name) => name !== "");
  return { names: whole ? names : names.slice(0, -1), cut };
}

/** `IMAP, POP, IIS, SMTP`, or the letters of the table, `IP.WS`. Services of later editions mean nothing here. */
export function readServices(value: string): readonly CertificateService[] {
  const words = value.toUpperCase().split(/[\s,]+/);
  const named = certificateServices.filter((service) => words.includes(service));
  if (named.length > 0 || !/^[IPUWSF.]{5,7}$/i.test(value.trim())) return named;
  return certificateServices.filter((_, index) => (value.trim()[index] ?? ".") !== ".");
}

/** True and False, which no culture translates. */
export const readTruth = (value: string | undefined): boolean | undefined =>
  value === undefined || !/^(true|false)$/i.test(value) ? undefined : value.toLowerCase() === "true";

/** Object identifiers in `{Server Authentication (1.3.6.1.5.5.7.3.1)}`; undefined where there are none to be read. */
export function readUsages(value: string | undefined): readonly string[] | undefined {
  const found = value?.match(/\d+(?:\.\d+){3,}/g);
  return found ? [...found] : undefined;
}

/** `CN=EX2007` of a distinguished name. */
export const printedCommonName = (subject: string): string | undefined =>
  /(?:^|[,+]\s*)CN\s*=\s*("[^"]*"|[^,+]*)/i.exec(subject)?.[1]?.replaceAll('"', "").trim();
