const withCase = (names: readonly string[]): string[] => names.flatMap((name) => [name, `c${name}`, `i${name}`]);

/** An operator between two operands: a sign, or a word that is written with a dash before it. */
export type BinaryOperator = string;

/** An operator before its operand: `not`, `-`, `join`, `split`, or a type like `[int]`. */
export type UnaryOperator = string;

/**
 * The operators between two operands, those that bind least first; `c` before one that compares minds case, `i` does not.
 * Source: [about_Operator_Precedence].
 */
export const levels: readonly (readonly BinaryOperator[])[] = [
  ["and", "or", "xor"],
  [
    ...withCase([
      "eq",
      "ne",
      "gt",
      "ge",
      "lt",
      "le",
      "like",
      "notlike",
      "match",
      "notmatch",
      "contains",
      "notcontains",
    ]),
    ...withCase(["replace", "split"]),
    "join",
  ],
  ["+", "-"],
  ["*", "/", "%"],
  ["f"],
  [".."],
];

const words = new Set(levels.flat().filter((operator) => /^\w/.test(operator)));

export const isWord = (operator: BinaryOperator): boolean => words.has(operator);

/** How tightly an operator binds: its place in `levels`. */
export const levelOf = (operator: BinaryOperator): number => levels.findIndex((level) => level.includes(operator));

/** The operators before an operand that bind more than a comma: `-not 1,2` is of both, `[int]1,2` of one. */
export const tight: readonly UnaryOperator[] = [
  "join",
  "split",
  ...["string", "int", "long", "double", "bool", "datetime", "timespan"].map((type) => `[${type}]`),
];

/** An operator as it is written. */
export const writtenOperator = (operator: BinaryOperator | UnaryOperator): string =>
  /^[a-z]/.test(operator) ? `-${operator}` : operator;
