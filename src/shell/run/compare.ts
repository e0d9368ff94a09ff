import type { BinaryOperator } from "../language/operators.ts";
import { dateOf } from "./dates.ts";
import { TimeSpan } from "./time-span.ts";
import { textOf, truthy } from "./values.ts";

/** The operands of an operator do not go together, or what they would come to is far too large. */
export class OperandRefused extends Error {
  readonly tooLarge: boolean;

  constructor(tooLarge = false) {
    super();
    this.tooLarge = tooLarge;
  }
}

/**
 * What a comparison says. With an array on its left, those elements for which it holds.
 * Source: [about_Comparison_Operators]: the left operand decides how the right one is read.
 *
 * @param operator with `c` before it where case matters
 */
export function compare(operator: BinaryOperator, left: unknown, right: unknown): unknown {
  const [, prefix, name = operator] = /^([ci])?(eq|ne|[gl][te]|(?:not)?(?:like|match|contains))$/.exec(operator) ?? [];
  const minds = prefix === "c";
  if (name === "contains" || name === "notcontains") {
    const held = (Array.isArray(left) ? left : [left]).some((item) => equal(item, right, minds));
    return held === (name === "contains");
  }
  const test = tests[name];
  if (!test) throw new Error(`no comparison is called ${operator}`);
  return Array.isArray(left) ? left.filter((item) => test(item, right, minds)) : test(left, right, minds);
}

type Test = (left: unknown, right: unknown, minds: boolean) => boolean;

const tests: Readonly<Record<string, Test>> = {
  eq: (left, right, minds) => equal(left, right, minds),
  ne: (left, right, minds) => !equal(left, right, minds),
  gt: (left, right, minds) => order(left, right, minds) > 0,
  ge: (left, right, minds) => order(left, right, minds) >= 0,
  lt: (left, right, minds) => order(left, right, minds) < 0,
  le: (left, right, minds) => order(left, right, minds) <= 0,
  like: (left, right, minds) => isLike(textOf(left), textOf(right), minds),
  notlike: (left, right, minds) => !isLike(textOf(left), textOf(right), minds),
  match: (left, right, minds) => matches(textOf(left), textOf(right), minds),
  notmatch: (left, right, minds) => !matches(textOf(left), textOf(right), minds),
};

function equal(left: unknown, right: unknown, minds = false): boolean {
  if (left === null || right === null || left === undefined || right === undefined)
    return (left ?? null) === (right ?? null);
  if (typeof left === "object" && !(left instanceof Date || left instanceof TimeSpan)) return left === right;
  if (typeof left === "boolean") return left === truthy(right);
  const [one, other] = sameKind(left, right, minds);
  return one === other;
}

/** Below zero, zero or above, as the left one stands to the right one; `$null` comes before everything. */
export function order(left: unknown, right: unknown, minds = false): number {
  if (left === null || left === undefined || right === null || right === undefined)
    return Number(left !== null && left !== undefined) - Number(right !== null && right !== undefined);
  const [one, other] = sameKind(left, right, minds);
  if (Number.isNaN(one) || Number.isNaN(other)) throw new OperandRefused();
  return one < other ? -1 : Number(one > other);
}

/** Both operands as numbers or as texts, by what the left one is. */
function sameKind(left: unknown, right: unknown, minds: boolean): [number, number] | [string, string] {
  if (left instanceof Date) return [left.getTime(), dateOf(right)?.getTime() ?? Number.NaN];
  if (left instanceof TimeSpan) return [left.TotalMilliseconds, toNumber(right)];
  if (typeof left === "number" || typeof left === "boolean") return [Number(left), toNumber(right)];
  const texts: [string, string] = [textOf(left), textOf(right)];
  return minds ? texts : [texts[0].toLowerCase(), texts[1].toLowerCase()];
}

/** NaN for what is no number. */
export function toNumber(value: unknown): number {
  if (typeof value === "string") return /^\s*-?\d+(?:\.\d+)?\s*$/.test(value) ? Number(value) : Number.NaN;
  if (value === null || value === undefined) return 0;
  if (value instanceof TimeSpan) return value.TotalMilliseconds;
  return typeof value === "number" || typeof value === "boolean" ? Number(value) : Number.NaN;
}

const matches = (text: string, pattern: string, minds: boolean): boolean => regular(pattern, minds).test(text);

/** A regular expression that somebody has written. Throws OperandRefused for a text that is none. */
export function regular(pattern: string, minds: boolean, flags = ""): RegExp {
  try {
    return new RegExp(pattern, flags + (minds ? "" : "i"));
  } catch (failure) {
    if (failure instanceof SyntaxError) throw new OperandRefused();
    throw failure;
  }
}

/** `*` stands for any characters, `?` for one, `[a-c]` for one of several; never slower than both lengths multiplied. */
export function isLike(text: string, pattern: string, minds = false): boolean {
  const subject = minds ? text : text.toLowerCase();
  const signs = pattern.match(/\[[^\]]+\]|[\s\S]/g) ?? [];
  const wanted = minds ? signs : signs.map((sign) => sign.toLowerCase());
  let at = 0;
  let sign = 0;
  let star = -1;
  let resume = 0;
  while (at < subject.length) {
    if (sign < wanted.length && wanted[sign] !== "*" && fits(subject.charAt(at), wanted[sign] as string)) {
      at++;
      sign++;
    } else if (wanted[sign] === "*") {
      star = sign++;
      resume = at;
    } else if (star >= 0) {
      sign = star + 1;
      at = ++resume;
    } else return false;
  }
  return wanted.slice(sign).every((left) => left === "*");
}

function fits(character: string, sign: string): boolean {
  if (sign === "?" || sign === character) return true;
  if (sign.length < 3) return false;
  const set = sign.slice(1, -1);
  for (let at = 0; at < set.length; at++) {
    const range = set.charAt(at + 1) === "-" && at + 2 < set.length;
    if (range ? character >= set.charAt(at) && character <= set.charAt(at + 2) : character === set.charAt(at))
      return true;
    if (range) at += 2;
  }
  return false;
}
