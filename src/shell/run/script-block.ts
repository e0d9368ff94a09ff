/** `{ … }` as a value: what it says, and a way to run it with an object for `$_`. */
export class ScriptBlock {
  readonly text: string;
  /** Everything that it yields. */
  readonly run: (dollarUnderscore: unknown) => Promise<unknown[]>;

  constructor(text: string, run: (dollarUnderscore: unknown) => Promise<unknown[]>) {
    this.text = text;
    this.run = run;
  }

  toString(): string {
    return this.text;
  }
}
