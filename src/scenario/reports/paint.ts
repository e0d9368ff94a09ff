const codes = { bold: "1", dim: "2", red: "31", green: "32", yellow: "33", cyan: "36" } as const;

/** Colours a text, or leaves it alone. */
export type Paint = (colour: keyof typeof codes, text: string) => string;

export const painter =
  (colour: boolean): Paint =>
  (name, text) =>
    colour ? `\u001B[${codes[name]}m${text}\u001B[0m` : text;
