/** One SMTP reply: the code, the enhanced status code where there is one, and one text per line. */
export interface SmtpReply {
  code: number;
  enhanced?: string;
  lines: readonly string[];
}

/** A one-line reply; `enhanced` may be empty for replies that carry none (354, 334). */
export const reply = (code: number, enhanced: string, text: string): SmtpReply =>
  enhanced === "" ? { code, lines: [text] } : { code, enhanced, lines: [text] };

/** The reply on one line, its lines joined by blanks: `550 5.7.1 Unable to relay`. */
export const formatReply = (given: SmtpReply): string =>
  `${given.code} ${given.enhanced === undefined ? "" : `${given.enhanced} `}${given.lines.join(" ")}`;

/** The texts of the lines as they go on the wire, without the code: the enhanced code leads each. */
export const replyTexts = (given: SmtpReply): string[] =>
  given.lines.map((line) => (given.enhanced === undefined ? line : `${given.enhanced} ${line}`));

/** Reads the joined form; a text without an enhanced code is all text. Undefined when it is no reply. */
export function parseReply(text: string): SmtpReply | undefined {
  const match = /^(\d{3})(?:[ -](?:([245]\.\d{1,3}\.\d{1,3}) ?)?([\s\S]*))?$/.exec(text);
  if (!match) return undefined;
  const [, code, enhanced, rest = ""] = match;
  return reply(Number(code), enhanced ?? "", rest);
}
