import type { Script, Statement } from "./ast.ts";
import { bracketOpen, tooDeep, unexpectedCharacter } from "./errors.ts";

// PowerShell takes the dashes and quotes that word processors make for the plain ones: commands are pasted from articles.
export const dash = /[-\u2013\u2014\u2015]/;
export const singleQuote = /['\u2018\u2019\u201a\u201b]/;
export const doubleQuote = /["\u201c\u201d\u201e]/;
const blank = /[^\S\n]/;

/** How deep brackets may be nested, and how many operators may stand in one chain: their product bounds every recursion. */
const deepest = 32;
export const longestChain = 64;

/**
 * A place in a source, and what every part of the grammar asks of it. PowerShell reads the same signs differently behind
 * a command's name and in an expression, so there are no tokens: each part reads the characters it understands.
 */
export class Cursor {
  at = 0;
  readonly source: string;
  readonly #statement: (cursor: Cursor) => Statement;
  #depth = 0;

  /** @param statement reads one statement: what brackets hold */
  constructor(source: string, statement: (cursor: Cursor) => Statement) {
    this.source = source;
    this.#statement = statement;
  }

  peek(ahead = 0): string {
    return this.source.charAt(this.at + ahead);
  }

  get ended(): boolean {
    return this.at >= this.source.length;
  }

  /** Whether `text` stands here; goes past it where it does. */
  take(text: string): boolean {
    if (!this.source.startsWith(text, this.at)) return false;
    this.at += text.length;
    return true;
  }

  /** What a sticky pattern finds here, without going past it. */
  match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.at;
    return pattern.exec(this.source) ?? undefined;
  }

  /** Past blanks, continued lines and comments; past newlines too where they cannot end anything. */
  skipBlanks(newlines = false): void {
    for (;;) {
      if (blank.test(this.peek()) || (newlines && this.peek() === "\n")) this.at++;
      else if (!this.take("`\n") && !this.take("`\r\n")) {
        if (this.peek() !== "#") return;
        const end = this.source.indexOf("\n", this.at);
        this.at = end < 0 ? this.source.length : end;
      }
    }
  }

  /** Reads something one level deeper. Throws SHELL_TOO_DEEP. */
  nested<T>(read: () => T): T {
    if (this.#depth >= deepest) throw tooDeep(this.source, this.at);
    this.#depth++;
    const made = read();
    this.#depth--;
    return made;
  }

  /** The statements between `opener`, which stands here, and `closer`. Throws SHELL_BRACKET_OPEN where that is missing. */
  bracketed(opener: string, closer: string): Script {
    const from = this.at;
    this.at += opener.length;
    const script = this.nested(() => this.statements(closer));
    this.close(from, opener, closer);
    return script;
  }

  /** One statement, as far as it reaches. */
  statement(): Statement {
    return this.#statement(this);
  }

  /** Statements up to `closer`, or to the end; those that say nothing are left out. */
  statements(closer?: string): Script {
    const script: Statement[] = [];
    for (;;) {
      this.skipSeparators();
      if (this.ended || (closer !== undefined && this.source.startsWith(closer, this.at))) return script;
      script.push(this.statement());
      this.skipBlanks();
      const goesOn = !this.ended && !/[;\n]/.test(this.peek());
      if (goesOn && this.peek() !== closer) throw unexpectedCharacter(this.source, this.at);
    }
  }

  skipSeparators(): void {
    do this.skipBlanks(true);
    while (this.take(";"));
  }

  /** Past `closer`. */
  close(from: number, opener: string, closer: string): void {
    this.skipBlanks(true);
    if (!this.take(closer)) throw bracketOpen(this.source, from, opener, closer);
  }
}
