import { isWord } from "../language/operators.ts";
import { calculate } from "./calculate.ts";
import { cast } from "./cast.ts";
import { compare } from "./compare.ts";
import { joinedUp, splitAtBlanks, textOperation } from "./text-operators.ts";
import { truthy } from "./values.ts";

/** What an operator makes of its one or two operands, all but `-and` and `-or`. Throws OperandRefused where they do not go together. */
export function operate(operator: string, operands: readonly unknown[]): unknown {
  const [one, other] = operands;
  if (operands.length === 1) return (unary[operator] ?? ((value) => cast(operator, value)))(one);
  if (operator === "xor") return truthy(one) !== truthy(other);
  const made = textOperation(operator);
  if (made) return made(one, other);
  return isWord(operator) ? compare(operator, one, other) : calculate(operator, one, other);
}

const unary: Readonly<Record<string, (value: unknown) => unknown>> = {
  not: (value) => !truthy(value),
  "-": (value) => calculate("-", 0, value),
  join: joinedUp,
  split: splitAtBlanks,
};
