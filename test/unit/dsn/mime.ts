/** Enough of MIME to take a report apart again, written from the RFCs and not from the code under test. */
export interface MimePart {
  headers: Readonly<Record<string, string>>;
  body: string;
  parts: MimePart[];
}

export function parseMime(text: string): MimePart {
  const end = text.startsWith("\r\n") ? 0 : text.indexOf("\r\n\r\n") + 2;
  const body = text.slice(end + 2);
  const headers: Record<string, string> = {};
  for (const line of text
    .slice(0, end)
    .replace(/\r\n[ \t]+/g, " ")
    .split("\r\n")) {
    const colon = line.indexOf(":");
    if (colon > 0) headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  const boundary = /boundary="([^"]+)"/.exec(headers["content-type"] ?? "")?.[1];
  const parts = boundary === undefined ? [] : splitParts(body, boundary).map(parseMime);
  const decoded = headers["content-transfer-encoding"] === "quoted-printable" ? decodeQuotedPrintable(body) : body;
  return { headers, body: decoded, parts };
}

function splitParts(body: string, boundary: string): string[] {
  const [inside = "", ...after] = `\r\n${body}`.split(`\r\n--${boundary}--`);
  if (after.length !== 1) throw new Error("The closing boundary must appear exactly once");
  return inside.split(`\r\n--${boundary}\r\n`).slice(1);
}

const decodeQuotedPrintable = (text: string): string =>
  text
    .replace(/=\r\n/g, "")
    .replace(/=([0-9A-F]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));

/** The groups of fields of a delivery-status part. */
export const fieldGroups = (body: string): Record<string, string>[] =>
  body
    .split("\r\n\r\n")
    .filter((group) => group.trim() !== "")
    .map((group) =>
      Object.fromEntries(
        group
          .trim()
          .split("\r\n")
          .map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trim()]),
      ),
    );
