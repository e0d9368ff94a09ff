import { commandWanted, valueWanted } from "./errors.ts";
import { type Token, tokenize } from "./tokenize.ts";

/** A value as written; what it means depends on the parameter it is for. */
export type Value =
  | { kind: "text"; text: string; at: number }
  | { kind: "literal"; value: boolean | null; at: number }
  /** Two values or more. */
  | { kind: "list"; items: readonly Element[]; at: number };
export type Element = Exclude<Value, { kind: "list" }>;

/** What stands behind a command's name, in order. Which value belongs to which parameter is bind.ts's affair. */
export type Argument =
  { kind: "parameter"; name: string; value: Value | undefined; at: number } | { kind: "value"; value: Value };

export interface Command {
  name: string;
  at: number;
  arguments: readonly Argument[];
}

/** A command, and the commands that its objects are handed to. */
export type Pipeline = readonly [Command, ...Command[]];

/**
 * Parses a line, or several: pipelines separated by `;` or newlines. Empty ones are left out.
 * Throws SHELL_… with the column: what was found and what is wanted.
 */
export function parse(source: string): Pipeline[] {
  return new Parser(source).pipelines();
}

class Parser {
  readonly #source: string;
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(source: string) {
    this.#source = source;
    this.#tokens = tokenize(source);
  }

  pipelines(): Pipeline[] {
    const pipelines: Pipeline[] = [];
    while (this.#next < this.#tokens.length) {
      if (this.#take("separator")) continue;
      pipelines.push(this.#pipeline());
    }
    return pipelines;
  }

  #pipeline(): Pipeline {
    const head = this.#command();
    const rest: Command[] = [];
    while (this.#take("pipe")) {
      this.#skipNewlines();
      rest.push(this.#command());
    }
    return [head, ...rest];
  }

  #command(): Command {
    const token = this.#take("word");
    if (!token) throw commandWanted(this.#source, this.#at());
    const found: Argument[] = [];
    for (let argument = this.#argument(); argument; argument = this.#argument()) found.push(argument);
    return { name: token.text, at: token.at, arguments: found };
  }

  #argument(): Argument | undefined {
    const token = this.#peek();
    if (token === undefined || token.kind === "pipe" || token.kind === "separator") return undefined;
    if (token.kind !== "parameter") return { kind: "value", value: this.#value() };
    this.#next++;
    const value = token.colon ? this.#value() : undefined;
    return { kind: "parameter", name: token.name, value, at: token.at };
  }

  #value(): Value {
    const first = this.#element();
    const items = [first];
    while (this.#take("comma")) {
      this.#skipNewlines();
      items.push(this.#element());
    }
    return items.length === 1 ? first : { kind: "list", items, at: first.at };
  }

  #element(): Element {
    const word = this.#take("word");
    if (word) return { kind: "text", text: word.text, at: word.at };
    const literal = this.#take("literal");
    if (literal) return { kind: "literal", value: literal.value, at: literal.at };
    throw valueWanted(this.#source, this.#at());
  }

  /** A line may be broken behind a pipe or a comma. */
  #skipNewlines(): void {
    for (let token = this.#peek(); token && this.#source.charAt(token.at) === "\n"; token = this.#peek()) this.#next++;
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#next];
  }

  #take<K extends Token["kind"]>(kind: K): Extract<Token, { kind: K }> | undefined {
    const token = this.#peek();
    if (token?.kind !== kind) return undefined;
    this.#next++;
    return token as Extract<Token, { kind: K }>;
  }

  #at(): number {
    return this.#peek()?.at ?? this.#source.length;
  }
}
