/** One `type=value` of a name, unescaped. */
interface Attribute {
  type: string;
  value: string;
}

/** Windows' words where they differ from OpenSSL's. Source: [certnametostr], its X.500 strings. */
const windowsTypes: Readonly<Record<string, string>> = {
  ST: "S",
  emailAddress: "E",
  title: "T",
  GN: "G",
  street: "STREET",
};

/**
 * A distinguished name as Windows, and so Exchange, prints it: the last of its parts first, joined by `, `, a value with
 * special characters in quotes.
 *
 * @param text as `X509Certificate` gives it: a line for each part, escaped as in RFC 2253
 */
export const formatDistinguishedName = (text: string): string =>
  parseParts(text)
    .map((attributes) =>
      attributes.map(({ type, value }) => `${windowsTypes[type] ?? type}=${quote(value)}`).join(" + "),
    )
    .reverse()
    .join(", ");

/** The most specific common name of a name, undefined where it has none. */
export const commonNameOf = (text: string): string | undefined =>
  parseParts(text)
    .flat()
    .findLast(({ type }) => type === "CN")?.value;

/** A name's value for the certificate library: its DER in hex, so that no character of it can mean anything else. */
export function encodeNameValue(value: string): string {
  const bytes = Buffer.from(value, "utf8");
  const tag = /^[A-Za-z0-9 '()+,\-./:=?]*$/.test(value) ? 0x13 : 0x0c; // PrintableString, UTF8String
  const length = bytes.length < 128 ? [bytes.length] : [0x82, bytes.length >> 8, bytes.length & 0xff];
  if (length.length === 3 && length[1] === 0) length.splice(0, 2, 0x81); // DER wants the shortest form
  return `#${Buffer.from([tag, ...length, ...bytes]).toString("hex")}`;
}

/** A line break or plus sign inside a value is escaped, so bare ones separate. */
const parseParts = (text: string): Attribute[][] =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.split(" + ").map(parseAttribute));

function parseAttribute(text: string): Attribute {
  const equals = text.indexOf("=");
  return { type: text.slice(0, equals), value: unescaped(text.slice(equals + 1)) };
}

/** `\,` is a comma, `\0A` the byte 0A. */
const unescaped = (value: string): string =>
  value.replace(/\\([0-9A-F]{2})|\\(.)/gs, (_, hex: string | undefined, character: string | undefined) =>
    hex === undefined ? (character ?? "") : String.fromCharCode(parseInt(hex, 16)),
  );

const quote = (value: string): string =>
  value === "" || /^\s|\s$|[,+="\n<>#;]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
