const days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/**
 * A date as Exchange writes it in Received headers and banners: `Mon, 12 May 2008 10:00:00 +0000`, the day not
 * padded. Ours: the lab's local time is UTC.
 */
export function formatDate(at: Date): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  const clock = [at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()].map(two).join(":");
  return `${days[at.getUTCDay()]}, ${at.getUTCDate()} ${months[at.getUTCMonth()]} ${at.getUTCFullYear()} ${clock} +0000`;
}

/** Folds a header at blanks so that no line passes 78 columns where that is possible; ends with CRLF. */
export function foldHeader(name: string, value: string): string {
  const lines: string[] = [];
  let line = `${name}:`;
  for (const word of value.split(" ")) {
    if (line.length + 1 + word.length > 78 && line.trim() !== `${name}:`) {
      lines.push(line);
      line = "";
    }
    line += ` ${word}`;
  }
  return `${[...lines, line].join("\r\n")}\r\n`;
}

/** Where the header of a message ends: the offset of its body's first octet, or the length when there is no body. */
export function headerLength(content: Buffer): number {
  if (content.length >= 2 && content[0] === 13 && content[1] === 10) return 2;
  const end = content.indexOf("\r\n\r\n");
  return end < 0 ? content.length : end + 4;
}

/** The unfolded fields of a message's header, in order, names as written. */
function parseHeader(content: Buffer): { name: string; value: string }[] {
  const text = content.subarray(0, headerLength(content)).toString("latin1");
  const unfolded = text.replace(/\r\n[ \t]+/g, " ");
  return unfolded.split("\r\n").flatMap((line) => {
    const colon = line.indexOf(":");
    return colon > 0 ? [{ name: line.slice(0, colon), value: line.slice(colon + 1).trim() }] : [];
  });
}

/** The values of every field of that name, whatever its case, in order. */
export const headerValues = (content: Buffer, name: string): string[] =>
  parseHeader(content).flatMap((field) => (field.name.toLowerCase() === name.toLowerCase() ? [field.value] : []));

/** The value of the first field of that name. */
export const headerValue = (content: Buffer, name: string): string | undefined => headerValues(content, name)[0];

/** Headers that speak between the servers of one organization, or of one forest. Source: [bb232136], header firewall. */
export const organizationHeaders: readonly string[] = ["X-MS-Exchange-Organization-", "X-MS-Exchange-Forest-"];

/**
 * A message without the header fields whose names begin with one of `prefixes`, whatever their case, their folded lines
 * with them. A bare CR or LF, which binary content may hold, hides no field: the header that is left has none for a
 * reader who ends lines there either. Every other octet stays, but that a bare line end before such a field takes over
 * the CRLF behind it, so that the body begins where it began.
 *
 * @returns `content` itself where there is nothing to leave out
 */
export function withoutHeaders(content: Buffer, prefixes: readonly string[]): Buffer {
  if (prefixes.length === 0) return content;
  const unwanted = prefixes.map((prefix) => prefix.toLowerCase());
  const headerEnd = headerLength(content);
  const header = content.toString("latin1", 0, headerEnd);
  const lowered = header.toLowerCase();
  if (!unwanted.some((prefix) => lowered.includes(prefix))) return content;

  const kept: { text: string; end: string }[] = [];
  let leavingOut = false;
  for (const [, text = "", end = ""] of header.matchAll(/([^\r\n]*)(\r\n|\r|\n|$)/g)) {
    if (!/^[ \t]/.test(text)) leavingOut = unwanted.some((prefix) => text.toLowerCase().startsWith(prefix));
    const before = kept.at(-1);
    if (!leavingOut) kept.push({ text, end });
    else if (before && end === "\r\n") before.end = end;
  }
  const left = kept.map(({ text, end }) => text + end).join("");
  return Buffer.concat([Buffer.from(left, "latin1"), content.subarray(headerEnd)]);
}
