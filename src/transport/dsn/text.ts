/*
 * Putting other people's words into a message safely. What comes from an envelope, a header or a peer's reply may hold
 * anything; after these it can't end a line, open a tag or leave US-ASCII.
 */

/** One line of printable US-ASCII: control characters become a blank, other characters `?`; cut where it is too long. */
export const asciiLine = (text: string): string =>
  text
    .replace(/[\x00-\x1f\x7f]+/g, " ")
    .replace(/[^\x20-\x7e]/gu, "?")
    .trim()
    .slice(0, maxLineLength);

/** Leaves room for a field's name within the 998 columns of RFC 5322 §2.1.1. */
const maxLineLength = 900;

/** Lines of printable US-ASCII, each ended by CRLF. */
export const asciiLines = (text: string): string =>
  text
    .split(/\r\n|\r|\n/)
    .map((line) => line.replace(/[^\x20-\x7e\t]/gu, "?"))
    .join("\r\n");

export const escapeHtml = (text: string): string =>
  text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");

export const hasEightBit = (content: Buffer): boolean => /[\x80-\xff]/.test(content.toString("latin1"));

/** Quoted-printable of US-ASCII text with CRLF line ends. Source: RFC 2045 §6.7. */
export const quotedPrintable = (text: string): string => text.split("\r\n").map(quoteLine).join("\r\n");

const maxQuotedLine = 76;

function quoteLine(line: string): string {
  const lines: string[] = [];
  let current = "";
  [...line].forEach((character, index) => {
    const last = index === line.length - 1;
    const plain = /[!-<>-~]/.test(character) || (/[ \t]/.test(character) && !last);
    const quoted = plain ? character : `=${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
    if (current.length + quoted.length > (last ? maxQuotedLine : maxQuotedLine - 1)) {
      lines.push(`${current}=`);
      current = "";
    }
    current += quoted;
  });
  return [...lines, current].join("\r\n");
}

/** Reads xtext; what is no xtext is returned as it is. Source: RFC 3461 §4. */
export const decodeXtext = (text: string): string =>
  text.replace(/\+([0-9A-F]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
