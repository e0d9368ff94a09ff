/** What was taken for granted, each with the certificates that it was taken for granted of. */
export class Assumptions {
  readonly #of = new Map<string, string[]>();
  readonly #always: string[] = [];

  always(text: string): void {
    this.#always.push(text);
  }

  of(thumbprint: string, text: string): void {
    const known = this.#of.get(text);
    if (known) known.push(thumbprint);
    else this.#of.set(text, [thumbprint]);
  }

  /** @param count of all certificates */
  told(count: number): readonly string[] {
    const each = [...this.#of].map(([text, thumbprints]) =>
      thumbprints.length === count ? `of every certificate: ${text}` : `of ${thumbprints.join(", ")}: ${text}`,
    );
    return [...this.#always, ...each];
  }
}
