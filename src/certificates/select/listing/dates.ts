/** How a culture writes a date: which of the three numbers is what. */
export type DateOrder = "month first" | "day first";

interface WrittenDate {
  parts: readonly [number, number, number];
  separator: string;
  /** Minutes and seconds of the day. */
  timeMs: number;
  /** It is written with a word for the half of the day, as in the United States. */
  halves: boolean;
}

const written =
  /(?<!\d)(\d{1,4})\s?([./-])\s?(\d{1,2})\s?[./-]\s?(\d{1,4})\.?(?:\D*?\s(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?)?/;
const afternoon = /\bp\.?\s?m\b|μμ|오후|下午|午後/i;
const forenoon = /\ba\.?\s?m\b|πμ|오전|上午|午前/i;

function readWritten(text: string): WrittenDate | undefined {
  const [, first, separator = "", second, third, hour = "0", minute = "0", second60 = "0"] = written.exec(text) ?? [];
  if (first === undefined || second === undefined || third === undefined) return undefined;
  const late = afternoon.test(text);
  const halves = late || forenoon.test(text);
  const hours = halves ? (Number(hour) % 12) + (late ? 12 : 0) : Number(hour);
  const timeMs = ((hours * 60 + Number(minute)) * 60 + Number(second60)) * 1000;
  return { parts: [Number(first), Number(second), Number(third)], separator, timeMs, halves };
}

/**
 * In which order the dates of one listing are written, and whether that is sure. Only slashes leave a doubt: a number
 * above 12 is a day. Where none is, AM and PM speak for the United States.
 */
export function dateOrderOf(texts: readonly string[]): { order: DateOrder; sure: boolean } {
  const doubtful = texts.flatMap((text) => readWritten(text) ?? []).filter(isDoubtful);
  const dayFirst = doubtful.some(({ parts: [first] }) => first > 12);
  const monthFirst = doubtful.some(({ parts: [, second] }) => second > 12);
  if (dayFirst !== monthFirst) return { order: dayFirst ? "day first" : "month first", sure: true };
  return {
    order: doubtful.some(({ halves }) => halves) ? "month first" : "day first",
    sure: doubtful.length === 0,
  };
}

const isDoubtful = ({ separator, parts: [first] }: WrittenDate): boolean => separator === "/" && first < 32;

/** A date as a console of some culture prints it, read as UTC; undefined where it is none. */
export function readListedDate(text: string, order: DateOrder): Date | undefined {
  const date = readWritten(text);
  if (!date) return undefined;
  const [first, second, third] = date.parts;
  if (first > 31) return madeOf(first, second, third, date.timeMs);
  const dayFirst = madeOf(third, second, first, date.timeMs);
  const monthFirst = madeOf(third, first, second, date.timeMs);
  return isDoubtful(date) && order === "month first" ? (monthFirst ?? dayFirst) : (dayFirst ?? monthFirst);
}

/** Undefined where there is no such day. Ours: years of other calendars are none. */
function madeOf(year: number, month: number, day: number, timeMs: number): Date | undefined {
  const full = year < 100 ? 2000 + year : year;
  const date = new Date(Date.UTC(full, month - 1, day));
  const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && full >= 1970 && full < 2200;
  return exists && timeMs < 86_400_000 ? new Date(date.getTime() + timeMs) : undefined;
}
