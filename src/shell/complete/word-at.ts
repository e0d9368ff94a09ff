/** The word that is being typed, and what stands before it in the same command. */
export interface TypedWord {
  /** Where it begins. */
  start: number;
  /** What of it has been typed, without its quote. */
  text: string;
  /** The quote that it begins with, or nothing. */
  quote: string;
  /** The words before it, back to the command's name. */
  before: readonly string[];
  /** The commands, word by word, whose objects are piped into that command, and into the one whose block it stands in. */
  piped: Piped;
  block: Piped;
}

type Piped = readonly (readonly string[])[];

/**
 * Finds the word that ends at a cursor. It never fails: what is being typed is mostly no complete line yet, so quotes,
 * brackets and separators are all it looks at.
 */
export function wordAt(source: string, cursor: number): TypedWord {
  const scan = new Scan();
  for (let at = 0; at < Math.min(cursor, source.length); at++) at += scan.take(source, at);
  return scan.typed(Math.min(cursor, source.length));
}

class Scan {
  #before: string[] = [];
  #piped: string[][] = [];
  readonly #outer: { before: string[]; piped: string[][]; block: boolean }[] = [];
  #text = "";
  #quote = "";
  #start: number | undefined;

  /** Takes the character at `at`; says how many more it has taken. */
  take(source: string, at: number): number {
    const sign = source.charAt(at);
    if (this.#quote !== "" && sign !== this.#quote) this.#text += sign;
    else if (sign === "`") {
      this.#add(source.charAt(at + 1), at);
      return 1;
    } else if (sign === '"' || sign === "'") this.#takeQuote(sign, at);
    else if (sign === "|") this.#begin([], [...this.#piped.slice(-16), this.#words]);
    else if (/[;\n]/.test(sign) || (sign === "=" && this.#assigns)) this.#begin([]);
    else if (/[({]/.test(sign)) {
      this.#outer.push({ before: this.#before, piped: this.#piped, block: sign === "{" });
      this.#begin([]);
    } else if (/[)}]/.test(sign)) {
      const { before, piped } = this.#outer.pop() ?? { before: [], piped: [] };
      this.#begin(before, piped);
    } else if (/[\s,:]/.test(sign) && !(sign === ":" && !this.#text.startsWith("-"))) this.#end(sign);
    else this.#add(sign, at);
    return 0;
  }

  typed(cursor: number): TypedWord {
    const block = this.#outer.findLast(({ block, piped }) => block && piped.length > 0)?.piped ?? [];
    const { before, piped } = { before: this.#before, piped: this.#piped };
    return { start: this.#start ?? cursor, text: this.#text, quote: this.#quote, before, piped, block };
  }

  /** Whether only a name stands before a `=`: what is behind it is a command again. */
  get #assigns(): boolean {
    return this.#before.length + Number(this.#text !== "") === 1;
  }

  /** The words of the command so far. */
  get #words(): string[] {
    return this.#text === "" ? this.#before : [...this.#before, this.#text];
  }

  #takeQuote(sign: string, at: number): void {
    this.#start ??= at;
    this.#quote = this.#quote === "" ? sign : "";
  }

  #add(text: string, at: number): void {
    this.#start ??= at;
    this.#text += text;
  }

  /** A word is finished. Behind a comma stands another value for the same parameter. */
  #end(sign: string): void {
    if (this.#start !== undefined && sign !== ",") this.#before.push(this.#text);
    this.#text = "";
    this.#start = undefined;
  }

  #begin(before: string[], piped: string[][] = []): void {
    this.#before = before;
    this.#piped = piped;
    this.#text = "";
    this.#start = undefined;
  }
}
