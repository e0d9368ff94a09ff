import type { ReceiveConnector } from "../../directory/index.ts";
import { isSmtpAddress, type SmtpAddress, type SmtpReply } from "../../smtp/index.ts";
import type { Envelope, EnvelopeRecipient } from "../mail-item.ts";
import { replies } from "./replies.ts";

/** A command line in its two parts: the verb in upper case and what follows it, without the blanks around. */
export function splitCommand(line: string): { verb: string; rest: string } {
  const blank = line.search(/[ \t]/);
  if (blank < 0) return { verb: line.toUpperCase(), rest: "" };
  return { verb: line.slice(0, blank).toUpperCase(), rest: line.slice(blank + 1).trim() };
}

/**
 * A received line as rows may show it: one row, or two where the line carries an authentication blob.
 * Source: published logs (docs/fidelity.md#placeholders).
 */
export function shownLines(line: string): string[] {
  const secret = /^\s*(?:AUTH|X-EXPS)[ \t]+[^ \t]+(?=[ \t]+[^ \t])/i.exec(line);
  return secret ? [secret[0], binaryData] : [line];
}
export const binaryData = "<Binary Data>";

/** The extensions that a connector offers, and so the parameters that MAIL and RCPT may have. */
export interface OfferedExtensions {
  size: boolean;
  dsn: boolean;
  eightBitMime: boolean;
  binaryMime: boolean;
  chunking: boolean;
}

/** Binary content can only come by BDAT. Source: RFC 3030 §3. */
export const offeredExtensions = (connector: ReceiveConnector): OfferedExtensions => ({
  size: connector.sizeEnabled !== "Disabled",
  dsn: connector.deliveryStatusNotificationEnabled,
  eightBitMime: connector.eightBitMimeEnabled,
  binaryMime: connector.binaryMimeEnabled && connector.chunkingEnabled,
  chunking: connector.chunkingEnabled,
});

export type MailCommand = Pick<Envelope, "from" | "body" | "ret" | "envid"> & { sizeBytes: number };

/** Reads what follows MAIL. Source: RFC 5321 §4.1.1.2, RFC 1870, RFC 3030, RFC 3461, RFC 4954 §5. */
export function parseMail(rest: string, offered: OfferedExtensions): MailCommand | SmtpReply {
  const path = parsePath(rest, "FROM:");
  if (isReply(path)) return path;
  if (path.address !== "" && !isSmtpAddress(path.address)) return replies.invalidAddress;
  const command: MailCommand = { from: path.address, body: "7BIT", sizeBytes: 0 };
  for (const [keyword, value] of path.parameters) {
    if (keyword === "SIZE" && offered.size && /^\d{1,20}$/.test(value)) command.sizeBytes = Number(value);
    else if (keyword === "BODY" && isBody(value.toUpperCase(), offered))
      command.body = value.toUpperCase() as Envelope["body"];
    else if (keyword === "RET" && offered.dsn && /^(FULL|HDRS)$/i.test(value))
      command.ret = value.toUpperCase() as "FULL" | "HDRS";
    else if (keyword === "ENVID" && offered.dsn && value.length <= 100 && isXtext(value)) command.envid = value;
    else if (keyword === "AUTH" && (value === "<>" || isXtext(value)))
      continue; // whom the client vouches for: not used here
    else return replies.invalidArguments;
  }
  return command;
}

/** Reads what follows RCPT. Source: RFC 5321 §4.1.1.3, RFC 3461 §4.1, §4.2. */
export function parseRcpt(rest: string, offered: OfferedExtensions): EnvelopeRecipient | SmtpReply {
  const path = parsePath(rest, "TO:");
  if (isReply(path)) return path;
  if (!isSmtpAddress(path.address)) return replies.invalidAddress;
  const recipient: { -readonly [K in keyof EnvelopeRecipient]: EnvelopeRecipient[K] } = { address: path.address };
  for (const [keyword, value] of path.parameters) {
    if (keyword === "NOTIFY" && offered.dsn && isNotify(value.toUpperCase()))
      recipient.notify = value.toUpperCase().split(",");
    else if (keyword === "ORCPT" && offered.dsn && isOriginalRecipient(value)) recipient.orcpt = value;
    else return replies.invalidArguments;
  }
  return recipient;
}

export const isReply = (parsed: object): parsed is SmtpReply => "code" in parsed;

interface Path {
  address: SmtpAddress | "";
  parameters: ReadonlyMap<string, string>;
}

/**
 * `FROM:<a@b> KEY=value …`; a blank after the colon and a path without brackets are let pass, as Exchange does.
 * Source: the telnet test of [bb123686] writes `MAIL FROM:chris@contoso.com`.
 */
function parsePath(rest: string, label: "FROM:" | "TO:"): Path | SmtpReply {
  if (rest.slice(0, label.length).toUpperCase() !== label) return replies.invalidArguments;
  const text = rest.slice(label.length).trimStart();
  const bracket = text.startsWith("<") ? 1 : 0;
  const end = bracket ? closingBracket(text) : text.search(/ |$/);
  if (end < bracket || text === "") return replies.invalidAddress;
  const parameters = parseParameters(text.slice(end + bracket));
  if (!parameters) return replies.invalidArguments;
  // A source route is read and ignored. Source: RFC 5321 §4.1.2, appendix C.
  return { address: text.slice(bracket, end).replace(/^@[^\s:]*:/, ""), parameters };
}

/** Where the path ends: the first `>` that is not inside a quoted local part. */
function closingBracket(text: string): number {
  for (let i = 1, quoted = false; i < text.length; i++) {
    const character = text[i];
    if (character === "\\" && quoted) i++;
    else if (character === '"') quoted = !quoted;
    else if (character === ">" && !quoted) return i;
  }
  return -1;
}

function parseParameters(text: string): Map<string, string> | undefined {
  const parameters = new Map<string, string>();
  if (text === "") return parameters;
  if (!text.startsWith(" ")) return undefined;
  for (const word of text.split(" ")) {
    if (word === "") continue;
    const equals = word.indexOf("=");
    const keyword = word.slice(0, equals).toUpperCase();
    const value = word.slice(equals + 1);
    if (equals < 1 || value === "" || !/^[A-Z0-9][A-Z0-9-]*$/.test(keyword) || !/^[\x21-\x7e]+$/.test(value))
      return undefined;
    if (parameters.has(keyword)) return undefined;
    parameters.set(keyword, value);
  }
  return parameters;
}

const isBody = (value: string, offered: OfferedExtensions): boolean =>
  (offered.eightBitMime && (value === "7BIT" || value === "8BITMIME")) ||
  (offered.binaryMime && value === "BINARYMIME");

const isNotify = (value: string): boolean =>
  value === "NEVER" || value.split(",").every((word) => ["SUCCESS", "FAILURE", "DELAY"].includes(word));

const isOriginalRecipient = (value: string): boolean => {
  const semicolon = value.indexOf(";");
  return (
    value.length <= 500 && /^[A-Za-z0-9-]+$/.test(value.slice(0, semicolon)) && isXtext(value.slice(semicolon + 1))
  );
};

/** Source: RFC 3461 §4. */
const isXtext = (value: string): boolean => /^(?:[\x21-\x2a\x2c-\x3c\x3e-\x7e]|\+[0-9A-F]{2})+$/.test(value);
