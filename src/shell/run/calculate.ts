import type { BinaryOperator } from "../language/operators.ts";
import { OperandRefused, toNumber } from "./compare.ts";
import { textOf } from "./values.ts";

/** What `+ - * / %` make of two values: the left one decides whether they are numbers, texts or lists. */
export function calculate(operator: BinaryOperator, left: unknown, right: unknown): unknown {
  if (operator === "+" && Array.isArray(left)) return [...left, ...(Array.isArray(right) ? right : [right])];
  if (operator === "+" && typeof left === "string") return left + textOf(right);
  const [one, other] = [toNumber(left), toNumber(right)];
  const made = numbers[operator]?.(one, other);
  if (made === undefined || !Number.isFinite(made)) throw new OperandRefused();
  return made;
}

const numbers: Readonly<Record<string, (one: number, other: number) => number>> = {
  "+": (one, other) => one + other,
  "-": (one, other) => one - other,
  "*": (one, other) => one * other,
  "/": (one, other) => one / other,
  "%": (one, other) => one % other,
};
