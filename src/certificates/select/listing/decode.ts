/**
 * The text of a file that somebody saved from a console. PowerShell writes UTF-16 with a mark; editors write UTF-8, or the
 * code page of Western Windows. Never fails.
 */
export function decodeListing(bytes: Uint8Array): string {
  const encoding = encodingOf(bytes);
  if (encoding !== undefined) return new TextDecoder(encoding).decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

/** By the mark at the beginning, or, without one, by the zeros that UTF-16 has beside Latin letters. */
function encodingOf([first, second, third, fourth]: Uint8Array): "utf-16le" | "utf-16be" | undefined {
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  if (second === 0 && fourth === 0 && first !== 0) return "utf-16le";
  return first === 0 && third === 0 && second !== 0 ? "utf-16be" : undefined;
}
