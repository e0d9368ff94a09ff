const iso = /^(\d{4})-(\d\d?)-(\d\d?)(?:[T ](\d\d?):(\d\d)(?::(\d\d)(?:\.\d{1,7})?)?)?Z?$/;
const american = /^(\d\d?)\/(\d\d?)\/(\d{4})(?: (\d\d?):(\d\d)(?::(\d\d))?(?: ?([AP])M)?)?$/i;

/** A date as people type it, in UTC: `2008-05-12T10:00:00Z`, `5/12/2008`, `5/12/2008 10:00 AM`; undefined for any other text. */
export function readDate(text: string): Date | undefined {
  const [, year, month, day, hour, minute, second] = iso.exec(text.trim()) ?? [];
  if (year !== undefined) return instant([year, month, day, hour, minute, second]);
  const parts = american.exec(text.trim());
  if (!parts) return undefined;
  const [, month12, dayOfMonth, fullYear, hours, minutes, seconds, half] = parts;
  if (half !== undefined && (Number(hours) < 1 || Number(hours) > 12)) return undefined;
  const hour24 = half === undefined ? hours : String((Number(hours) % 12) + (half.toUpperCase() === "P" ? 12 : 0));
  return instant([fullYear, month12, dayOfMonth, hour24, minutes, seconds]);
}

/** Undefined for a day or time that there is not, like the 30th of February. */
function instant(written: readonly (string | undefined)[]): Date | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = written.map((part) => Number(part ?? 0));
  const date = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  const exists =
    date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
  return exists ? date : undefined;
}
