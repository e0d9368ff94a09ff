import type { Expression } from "../language/ast.ts";

/** What an expression is without running it; undefined where only running it can tell. */
export function constantOf(expression: Expression): { value: unknown } | undefined {
  switch (expression.kind) {
    case "text":
      return { value: expression.text };
    case "number":
    case "literal":
      return { value: expression.value };
    case "list": {
      const items = expression.items.map(constantOf);
      return items.every((item) => item !== undefined) ? { value: items.map((item) => item.value) } : undefined;
    }
    default:
      return undefined;
  }
}
