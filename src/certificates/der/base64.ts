/** Base64 in its one canonical spelling, or undefined: what was altered anywhere is never taken for what it was. */
export function fromBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, "base64");
  return bytes.toString("base64") === text ? bytes : undefined;
}
