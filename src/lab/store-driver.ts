import { newMessageId } from "../base/index.ts";
import { receivedHeader } from "../smtp/index.ts";
import type { MailboxMessage, Topology } from "./api/index.ts";
import { composeMessage } from "./outside/compose-message.ts";
import { noTransport, unknownMailbox } from "./errors.ts";
import type { LabServer } from "./server/server.ts";

type Mailbox = Topology["mailboxes"][number];

/**
 * The store driver's way in: a mailbox submits to a Hub on its own Mailbox server, else to one of its site. Resolves
 * with the Internet message id once the Hub has the message on disk. Rejects MAILBOX_UNKNOWN, SERVER_WITHOUT_TRANSPORT.
 *
 * Source: the Mail Submission service, [ps-exchange-2007]; what it stands in for: docs/fidelity.md#store-driver.
 */
export async function submitFromMailbox(
  message: MailboxMessage,
  mailboxes: readonly Mailbox[],
  servers: readonly LabServer[],
  at: Date,
): Promise<string> {
  const sender = mailboxes.find(({ name, addresses }) => name === message.from || addresses.includes(message.from));
  const home = servers.find(({ installed }) => installed.name.toLowerCase() === sender?.server.toLowerCase());
  if (!sender || !home) throw unknownMailbox(message.from, namesOf(mailboxes));
  const hub = hubFor(home, servers);
  if (!hub?.pipeline) throw noTransport(home.installed.name);

  const { subject, text, sizeBytes = 0 } = message;
  const from = addressOf(message.from, mailboxes);
  const to = message.to.map((who) => addressOf(who, mailboxes));
  const internetMessageId = newMessageId(home.installed.fqdn);
  const written = { from: { name: sender.name, address: from }, to, subject, text, internetMessageId, at, sizeBytes };
  const received = receivedHeader({
    from: { name: home.installed.fqdn, address: home.address },
    by: { name: hub.installed.fqdn, address: hub.address },
    with: "mapi",
    at,
  });
  await hub.pipeline.submit({
    envelope: { from, recipients: to.map((address) => ({ address })), body: "7BIT" },
    content: Buffer.concat([Buffer.from(received), await composeMessage(written)]),
    internetMessageId,
    source: "STOREDRIVER",
  });
  return internetMessageId;
}

const hubFor = (home: LabServer, servers: readonly LabServer[]): LabServer | undefined =>
  home.pipeline ? home : servers.find(({ pipeline, installed }) => pipeline && installed.site === home.installed.site);

function addressOf(who: string, mailboxes: readonly Mailbox[]): string {
  if (who.includes("@")) return who;
  const address = mailboxes.find(({ name }) => name === who)?.addresses[0];
  if (address === undefined) throw unknownMailbox(who, namesOf(mailboxes));
  return address;
}

const namesOf = (mailboxes: readonly Mailbox[]): string[] => mailboxes.map(({ name }) => name);
