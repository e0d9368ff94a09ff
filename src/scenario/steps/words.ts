import { z } from "zod";
import { parseBytes, parseDuration } from "../../base/index.ts";

/** The words that several kinds of step take, as schemas; their error text says what is wanted. */
export const serverName = z.string().min(1, "a server of lab.servers");
export const inboxName = z.string().min(1, "a mailbox of lab.mailboxes, or an address at a host of world.hosts");
export const hostName = z.string().min(1, "a host of world.hosts");
export const peerName = z.string().min(1, "a server of lab.servers or a host of world.hosts");
export const authorityName = z.string().min(1, "an authority of world.authorities");
export const attackerName = z.string().min(1, "an attacker of world.attackers");
export const label = z
  .string()
  .regex(/^[A-Za-z][\w-]*$/, "a name: a letter, then letters, digits, hyphens")
  .describe("a name for use in later steps");
export const text = z.string().min(1, "text");

/** One text, or several. */
export const oneOrMore = <T extends z.ZodType>(item: T) => z.union([item, z.array(item).min(1, "one or more")]);
export const asList = <T>(given: T | readonly T[]): readonly T[] => (Array.isArray(given) ? given : [given as T]);

const reads = (parse: (written: string) => number) => (written: string) => {
  try {
    parse(written);
    return true;
  } catch {
    return false;
  }
};

export const byteSize = z
  .union([
    z.int("a size like 512, 64KB or 10MB").min(1),
    z.string().refine(reads(parseBytes), "a size like 512, 64KB or 10MB"),
  ])
  .transform((size) => (typeof size === "number" ? size : parseBytes(size)));

export const duration = z
  .string()
  .refine(reads(parseDuration), "a duration like 500ms, 10s or 5m")
  .transform(parseDuration);

/** Rows as scenario files write them. */
export const logRow = z
  .string()
  .regex(/^(?:[-+<>*]|<any>),.*,.*$/s, "a row `event,data,context`, its event one of + - > < *")
  .describe("event,data,context; `<any>` for what varies");

export const logChoice = z.strictObject({
  server: serverName,
  kind: z.enum(["SmtpSend", "SmtpReceive"]),
  connector: text.optional().describe("only sessions of this connector, as the log names it"),
  message: label.optional().describe("only the session that carried this message"),
});
