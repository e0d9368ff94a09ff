import type { Expression } from "../language/ast.ts";

/**
 * What an expression is without running it; undefined where only running it can tell.
 *
 * @param numbers whether a word that says a number is one rather than a text
 */
export function constantOf(expression: Expression, numbers = false): { value: unknown } | undefined {
  switch (expression.kind) {
    case "text":
      return { value: numbers ? (expression.number ?? expression.text) : expression.text };
    case "number":
    case "literal":
      return { value: expression.value };
    case "list": {
      const items = expression.items.map((item) => constantOf(item, numbers));
      return items.every((item) => item !== undefined) ? { value: items.map((item) => item.value) } : undefined;
    }
    default:
      return undefined;
  }
}
