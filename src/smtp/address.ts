/** An SMTP mailbox, `local@domain`, as written; compare with `sameAddress`. */
export type SmtpAddress = string;

const atom = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
const label = "[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?";
const mailbox = new RegExp(
  `^(?:${atom}(?:\\.${atom})*|"(?:[^"\\\\\\r\\n\\0]|\\\\[\\x20-\\x7e])*")@(?:${label}(?:\\.${label})*|\\[[0-9A-Fa-f.:]+\\])$`,
);

/** Whether `text` is an address as RFC 5321 §4.1.2 has it, within the lengths of §4.5.3.1. */
export const isSmtpAddress = (text: string): boolean =>
  text.length <= 254 && mailbox.test(text) && text.lastIndexOf("@") <= 64;

export const domainOf = (address: SmtpAddress): string => address.slice(address.lastIndexOf("@") + 1).toLowerCase();

/** The form in which two spellings of one address are equal: Exchange ignores case on both sides of the @. */
export const addressKey = (address: SmtpAddress): string => address.toLowerCase();
