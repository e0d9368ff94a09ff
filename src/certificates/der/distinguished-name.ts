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
  joinParts(
    parseParts(text).map((attributes) =>
      attributes.map(({ type, value }) => printed({ type: windowsTypes[type] ?? type, value })).join(" + "),
    ),
  );

/** The same for parts of one value each, in the order of the certificate, their types already in Windows' words. */
export const joinNameParts = (parts: readonly Attribute[]): string => joinParts(parts.map(printed));

const joinParts = (parts: readonly string[]): string => parts.toReversed().join(", ");

const printed = ({ type, value }: Attribute): string => `${type}=${quote(value)}`;

/** The most specific common name of a name, undefined where it has none. */
export const commonNameOf = (text: string): string | undefined =>
  parseParts(text)
    .flat()
    .findLast(({ type }) => type === "CN")?.value;

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
