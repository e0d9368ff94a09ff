import fc from "fast-check";

/** The text with one character changed, left out or put in. */
export const altered = (text: string): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.nat(text.length - 1),
      fc.constantFrom("change", "drop", "insert"),
      fc.string({ unit: "binary-ascii", minLength: 1, maxLength: 1 }),
    )
    .map(
      ([at, how, character]) =>
        text.slice(0, at) + (how === "drop" ? "" : character) + text.slice(how === "insert" ? at : at + 1),
    )
    .filter((other) => other !== text);
