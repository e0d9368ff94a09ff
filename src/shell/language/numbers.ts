const units: Readonly<Record<string, number>> = { kb: 1024, mb: 1024 ** 2, gb: 1024 ** 3 };

/** The number that a word says: `5`, `-1.5`, `10MB`; undefined for any other, and for what is too large to be exact. */
export function numberOf(written: string): number | undefined {
  const [, minus, digits, unit = ""] =
    /^([-\u2013\u2014\u2015]?)(\d{0,15}(?:\.\d{1,6})?)([kmg]b)?$/i.exec(written.replace(/^\./, "0.")) ?? [];
  const value = Number(digits || Number.NaN) * (units[unit.toLowerCase()] ?? 1);
  if (!(unit === "" ? Number.isFinite(value) : Number.isSafeInteger(value))) return undefined;
  return minus ? 0 - value : value;
}
