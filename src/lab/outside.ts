import { newMessageId } from "../base/index.ts";
import type { Endpoint } from "../smtp/index.ts";
import { sendAsOutsideClient } from "../world/index.ts";
import type { OutsideMessage, OutsideOutcome } from "./api.ts";
import { composeMessage } from "./compose-message.ts";

/** Has an outside client bring one message to `endpoint`, and tells what it saw. */
export async function sendFromOutside(
  { from, to, subject, text, sizeBytes = 0, ehlo, tls }: OutsideMessage,
  endpoint: Endpoint,
  at: Date,
): Promise<OutsideOutcome> {
  const internetMessageId = newMessageId(ehlo);
  const name = from.slice(0, from.lastIndexOf("@"));
  const content = await composeMessage({
    from: { name, address: from },
    to,
    subject,
    text,
    internetMessageId,
    at,
    sizeBytes,
  });
  const seen = await sendAsOutsideClient({ endpoint, ehlo, tls, from, to, content });
  const refused = seen.exchanges.flatMap(({ said, reply }) =>
    reply.code < 400 ? [] : [{ command: said, recipient: recipientOf(said), reply }],
  );
  // What the client refuses itself, as when TLS is required and not offered, no command has met.
  if (refused.length === 0 && seen.refusal)
    refused.push({ command: "EHLO", recipient: undefined, reply: seen.refusal });
  const taken = seen.exchanges.filter(({ reply }) => reply.code < 400).flatMap(({ said }) => recipientOf(said) ?? []);
  const accepted = seen.outcome === "accepted" ? taken : [];
  return { internetMessageId, presented: seen.certificateThumbprint, accepted, refused };
}

const recipientOf = (command: string): string | undefined => /^RCPT TO:<(.*)>/.exec(command)?.[1];
