import { reply, type SmtpReply } from "../../smtp/index.ts";
import type { Delivery, Envelope, EnvelopeRecipient } from "../mail-item.ts";
import type { Extensions } from "./connection.ts";

/**
 * The commands that open a message's transaction: MAIL, then one RCPT per recipient. Only parameters that the peer
 * offered are used. Source: RFC 1870 §6 (SIZE), RFC 6152 and RFC 3030 (BODY), RFC 3461 §4 (RET, ENVID, NOTIFY, ORCPT).
 */
export function envelopeCommands(delivery: Delivery, sizeBytes: number, offered: Extensions): string[] {
  const { envelope } = delivery.item;
  let mail = `MAIL FROM:<${envelope.from}>`;
  if (offered.has("SIZE")) mail += ` SIZE=${sizeBytes}`;
  if (envelope.body !== "7BIT") mail += ` BODY=${envelope.body}`;
  const dsn = offered.has("DSN");
  if (dsn && envelope.ret !== undefined) mail += ` RET=${envelope.ret}`;
  if (dsn && envelope.envid !== undefined) mail += ` ENVID=${envelope.envid}`;
  return [mail, ...delivery.recipients.map((recipient) => rcptCommand(recipient, dsn))].map(oneLine);
}

function rcptCommand({ address, notify, orcpt }: EnvelopeRecipient, dsn: boolean): string {
  let command = `RCPT TO:<${address}>`;
  if (dsn && notify !== undefined) command += ` NOTIFY=${notify.join(",")}`;
  if (dsn && orcpt !== undefined) command += ` ORCPT=${orcpt}`;
  return command;
}

/** What entered this organization was checked at the door; a line end here would be a command of somebody else's. */
function oneLine(command: string): string {
  if (/[\r\n\0]/.test(command)) throw new Error(`A command with a line end in it: ${JSON.stringify(command)}`);
  return command;
}

/**
 * Why content of this body type cannot go to this peer at all; undefined when it can. Nothing is converted here.
 * Source: RFC 6152 §3, RFC 3030 §3: never send what the server did not offer to take, return it instead.
 * Ours: the text.
 */
export function bodyRefusal(body: Envelope["body"], offered: Extensions): SmtpReply | undefined {
  const taken =
    body === "7BIT" ||
    (body === "8BITMIME" && offered.has("8BITMIME")) ||
    (body === "BINARYMIME" && offered.has("BINARYMIME") && offered.has("CHUNKING"));
  return taken ? undefined : reply(554, "5.6.1", `Body type ${body} not supported by remote host`);
}
