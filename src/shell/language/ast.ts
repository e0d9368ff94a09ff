import type { BinaryOperator, UnaryOperator } from "./operators.ts";

/*
 * What a script is once it has been read. `at` is the offset of the first character in the source. Brackets that only
 * group leave no trace: print.ts writes those that are needed.
 */

/** Statements in order: what stands between `;` or newlines. */
export type Script = readonly Statement[];

export type Statement = Pipeline | Assignment;

/** `$name = …` */
export interface Assignment {
  kind: "assignment";
  name: string;
  value: Statement;
  at: number;
}

/** What makes objects, and the commands that they are handed to. */
export interface Pipeline {
  kind: "pipeline";
  first: Command | Expression;
  rest: readonly Command[];
  at: number;
}

export interface Command {
  kind: "command";
  name: string;
  arguments: readonly Argument[];
  at: number;
}

/** What stands behind a command's name, in order. Which value belongs to which parameter is bind/'s affair. */
export type Argument =
  { kind: "parameter"; name: string; value: Expression | undefined; at: number } | { kind: "value"; value: Expression };

export type Expression =
  /** `number`: what a word without quotes behind a command's name is where a number will do. */
  | { kind: "text"; text: string; number?: number; at: number }
  | { kind: "number"; value: number; at: number }
  | { kind: "literal"; value: boolean | null; at: number }
  | { kind: "variable"; name: string; at: number }
  /** Text with what is looked up when it runs: `"on $server"`; neighbours are never both strings, and no string is empty. */
  | { kind: "expandable"; parts: readonly (string | Looked)[]; at: number }
  | { kind: "member"; of: Expression; name: string; at: number }
  | { kind: "index"; of: Expression; index: Expression; at: number }
  | { kind: "call"; of: Expression; name: string; arguments: readonly Expression[]; at: number }
  /** `a,b`: two or more. */
  | { kind: "list"; items: readonly Expression[]; at: number }
  /** `(…)` around anything but an expression. */
  | { kind: "group"; body: Statement; at: number }
  /** `$(…)` */
  | { kind: "sub"; body: Script; at: number }
  /** `@(…)` */
  | { kind: "array"; body: Script; at: number }
  | Block
  /** `@{ name = … }` */
  | { kind: "hash"; entries: readonly { key: string; value: Statement }[]; at: number }
  | { kind: "unary"; operator: UnaryOperator; operand: Expression; at: number }
  | { kind: "binary"; operator: BinaryOperator; left: Expression; right: Expression; at: number };

/** `{ … }` */
export interface Block {
  kind: "block";
  body: Script;
  at: number;
}

/** What double quotes expand. */
export type Looked = Extract<Expression, { kind: "variable" | "literal" | "sub" }>;
