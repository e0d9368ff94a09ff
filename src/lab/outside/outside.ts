import { newMessageId } from "../../base/index.ts";
import type { Endpoint } from "../../smtp/index.ts";
import { outcomeOf, sendAsOutsideClient } from "../../world/index.ts";
import type { OutsideMessage, OutsideOutcome } from "../api/index.ts";
import { composeMessage } from "./compose-message.ts";

/** How somebody outside hands a whole message on. */
type Send = (mail: {
  from: string;
  to: readonly string[];
  content: Buffer;
}) => Promise<Omit<OutsideOutcome, "internetMessageId">>;

/** Writes a message as somebody outside would, has it sent, and tells what came of it. `fqdn`: whose ids it gets. */
export async function composeAndSend(
  { from, to, subject, text, sizeBytes = 0 }: OutsideMessage,
  fqdn: string,
  at: Date,
  send: Send,
): Promise<OutsideOutcome> {
  const internetMessageId = newMessageId(fqdn);
  const name = from.slice(0, from.lastIndexOf("@"));
  const sender = { name, address: from };
  const content = await composeMessage({ from: sender, to, subject, text, internetMessageId, at, sizeBytes });
  const { presented, accepted, refused } = await send({ from, to, content });
  return { internetMessageId, presented, accepted, refused };
}

/** Has a client of no name bring one message to `endpoint`. */
export const sendFromOutside = (
  message: OutsideMessage,
  { ehlo, tls }: OutsideMessage["by"] & { kind: "client" },
  endpoint: Endpoint,
  at: Date,
): Promise<OutsideOutcome> =>
  composeAndSend(message, ehlo, at, async (mail) =>
    outcomeOf(await sendAsOutsideClient({ ...mail, endpoint, ehlo, tls })),
  );
