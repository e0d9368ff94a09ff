/**
 * A password on its way to a cmdlet. Nothing that prints, inspects or serializes it shows what it holds.
 * Source: [convertto-securestring].
 */
export class SecureString {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The password, for whoever must use it. */
  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return "System.Security.SecureString";
  }

  toJSON(): string {
    return this.toString();
  }
}
