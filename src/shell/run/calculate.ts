import type { BinaryOperator } from "../language/operators.ts";
import { OperandRefused, toNumber } from "./compare.ts";
import { dateOf, instantAt } from "./dates.ts";
import { TimeSpan } from "./time-span.ts";
import { itemsOf, largestList, largestText, textOf } from "./values.ts";

/** What `+ - * / % ..` make of two values: the left one decides whether they are numbers, texts, lists or dates. */
export function calculate(operator: BinaryOperator, left: unknown, right: unknown): unknown {
  const kinds = [
    left instanceof Date && ofDates,
    left instanceof TimeSpan && ofTimeSpans,
    Array.isArray(left) && ofLists,
    typeof left === "string" && ofTexts,
    ofNumbers,
  ];
  for (const kind of kinds)
    if (kind && Object.hasOwn(kind, operator)) {
      const made = (kind as Readonly<Record<string, Calculation>>)[operator]?.(left as never, right);
      if (made === undefined || (typeof made === "number" && !Number.isFinite(made))) throw new OperandRefused();
      return made;
    }
  throw new OperandRefused();
}

/** Undefined where it cannot be worked out. */
type Calculation<L = never> = (left: L, right: unknown) => unknown;

const ofDates: Readonly<Record<string, Calculation<Date>>> = {
  "+": (date, span) => (span instanceof TimeSpan ? instantAt(date.getTime() + span.TotalMilliseconds) : undefined),
  "-": (date, other) =>
    other instanceof TimeSpan ? instantAt(date.getTime() - other.TotalMilliseconds) : between(date, dateOf(other)),
};

const between = (one: Date, other: Date | undefined): TimeSpan | undefined =>
  other && new TimeSpan(one.getTime() - other.getTime());

const ofTimeSpans: Readonly<Record<string, Calculation<TimeSpan>>> = {
  "+": ({ TotalMilliseconds }, other) =>
    other instanceof TimeSpan ? new TimeSpan(TotalMilliseconds + other.TotalMilliseconds) : undefined,
  "-": ({ TotalMilliseconds }, other) =>
    other instanceof TimeSpan ? new TimeSpan(TotalMilliseconds - other.TotalMilliseconds) : undefined,
};

const ofLists: Readonly<Record<string, Calculation<readonly unknown[]>>> = {
  "+": (list, other) => [...list, ...itemsOf(other)],
};

const ofTexts: Readonly<Record<string, Calculation<string>>> = {
  "+": (text, other) => text + textOf(other),
  "*": (text, count) => repeated(text, toNumber(count)),
};

function repeated(text: string, count: number): string | undefined {
  if (text.length * count > largestText) throw new OperandRefused(true);
  return count >= 0 ? text.repeat(text === "" ? 0 : Math.round(count)) : undefined;
}

const number =
  (made: (one: number, other: number) => unknown): Calculation<unknown> =>
  (left, right) =>
    made(toNumber(left), toNumber(right));

const ofNumbers: Readonly<Record<string, Calculation<unknown>>> = {
  "+": number((one, other) => one + other),
  "-": number((one, other) => one - other),
  "*": number((one, other) => one * other),
  "/": number((one, other) => one / other),
  "%": number((one, other) => one % other),
  "..": number(range),
};

/** Whole numbers from one to another, upwards or downwards. Source: [about_Operators]. */
function range(from: number, to: number): number[] | undefined {
  if (!Number.isFinite(from + to)) return undefined;
  const [first, step] = [Math.round(from), to < from ? -1 : 1];
  const length = Math.abs(Math.round(to) - first) + 1;
  if (length > largestList) throw new OperandRefused(true);
  return Array.from({ length }, (_, place) => first + step * place);
}
