/** What all of them begin with, whatever their case; as the first one writes it. Empty for none. */
export function commonStart(words: readonly string[]): string {
  const [first = "", ...others] = words;
  const differs = (at: number): boolean => others.some((other) => !sameLetter(first.charAt(at), other.charAt(at)));
  let length = 0;
  while (length < first.length && !differs(length)) length++;
  return first.slice(0, length);
}

const sameLetter = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();
