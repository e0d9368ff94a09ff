/** What all of them begin with, whatever their case; as the first one writes it. Empty for none. */
export function commonStart(words: readonly string[]): string {
  const [first = "", ...others] = words;
  const differs = (at: number): boolean => others.some((other) => !sameLetter(first.charAt(at), other.charAt(at)));
  let length = 0;
  while (length < first.length && !differs(length)) length++;
  return first.slice(0, length);
}

const sameLetter = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

/** In columns as narrow as they can be, from left to right. */
export function inColumns(words: readonly string[], width: number): string {
  const column = Math.max(...words.map((word) => word.length)) + 2;
  const perRow = Math.max(1, Math.floor(width / column));
  return words
    .map((word, place) =>
      place % perRow === perRow - 1 || place === words.length - 1 ? `${word}\n` : word.padEnd(column),
    )
    .join("")
    .trimEnd();
}
