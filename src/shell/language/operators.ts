const comparisons = [
  ...["eq", "ne", "gt", "ge", "lt", "le"],
  ...["like", "notlike", "match", "notmatch", "contains", "notcontains"],
];

/** An operator between two operands: a sign, or a word that is written with a dash before it. */
export type BinaryOperator = string;

/**
 * The operators between two operands, those that bind least first; `c` before a comparison minds case, `i` does not.
 * Source: [about_Operator_Precedence].
 */
export const levels: readonly (readonly BinaryOperator[])[] = [
  ["and", "or", "xor"],
  comparisons.flatMap((name) => [name, `c${name}`, `i${name}`]),
  ["+", "-"],
  ["*", "/", "%"],
];

const words = new Set(levels.flat().filter((operator) => /^\w/.test(operator)));

export const isWord = (operator: BinaryOperator): boolean => words.has(operator);

/** How tightly an operator binds: its place in `levels`. */
export const levelOf = (operator: BinaryOperator): number => levels.findIndex((level) => level.includes(operator));
