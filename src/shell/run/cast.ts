import { OperandRefused, toNumber } from "./compare.ts";
import { dateOf } from "./dates.ts";
import { TimeSpan } from "./time-span.ts";
import { textOf, truthy } from "./values.ts";

/** To the nearest whole number, and from the middle to the even one. Source: [about_Operators]; .NET's Convert. */
function whole(value: unknown): number {
  const number = toNumber(value);
  const near = Math.round(number);
  return Math.abs(number - Math.trunc(number)) === 0.5 && near % 2 !== 0 ? near - 1 : near;
}

/** What a type in brackets makes of a value; undefined or NaN where it cannot. */
const casts: Readonly<Record<string, (value: unknown) => unknown>> = {
  "[string]": textOf,
  "[int]": whole,
  "[long]": whole,
  "[double]": toNumber,
  "[bool]": truthy,
  "[datetime]": dateOf,
  "[timespan]": spanOf,
};

export function cast(type: string, value: unknown): unknown {
  const made = casts[type]?.(value);
  if (made === undefined || Number.isNaN(made)) throw new OperandRefused();
  return made;
}

/** `1.02:03:04`, days first, then hours, minutes and seconds; a number alone is days. */
function spanOf(value: unknown): TimeSpan | undefined {
  if (value instanceof TimeSpan) return value;
  const written = /^(-)?(?:(\d{1,6})\.)?(\d\d?):(\d\d)(?::(\d\d))?$|^(-)?(\d{1,6})$/.exec(textOf(value));
  if (!written) return undefined;
  const [, minus, days = 0, hours = 0, minutes = 0, seconds = 0, otherMinus, alone = 0] = written;
  const ms = (Number(days) + Number(alone)) * 86_400_000 + Number(hours) * 3600_000 + Number(minutes) * 60_000;
  return new TimeSpan(((minus ?? otherMinus) ? -1 : 1) * (ms + Number(seconds) * 1000));
}
