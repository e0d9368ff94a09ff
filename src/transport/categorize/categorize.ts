import type { Step } from "../../base/index.ts";
import type { ExchangeServer } from "../../directory/index.ts";
import { domainOf, formatReply, type SmtpReply } from "../../smtp/index.ts";
import type { Envelope, EnvelopeRecipient, NextHopSolution } from "../mail-item.ts";
import { type RecipientDirectory, resolveRecipients } from "./resolve-recipients.ts";
import type { RoutingTable } from "./route.ts";

/** What the categorizer needs of the organization. */
export interface CategorizerDirectory extends RecipientDirectory {
  server(name: string): Pick<ExchangeServer, "fqdn" | "site"> | undefined;
}

/** What becomes of one message: a copy per next hop, and the recipients that end here. */
interface Categorized {
  deliveries: { solution: NextHopSolution; recipients: EnvelopeRecipient[] }[];
  failed: { recipient: EnvelopeRecipient; reply: SmtpReply }[];
  /** Other addresses of a mailbox that already gets a copy: settled at once, without a word to anybody. */
  duplicates: EnvelopeRecipient[];
  /** Why. The steps of one route are the same objects each time. */
  steps: readonly Step[];
}

/** Source: [bb125237], the Unreachable queue. */
const unreachable: NextHopSolution = { deliveryType: "Unreachable", nextHopDomain: "Unreachable Domain" };

/**
 * Finds out for each recipient where its copy goes next. Every address of the envelope comes back exactly once, in
 * `deliveries`, `failed` or `duplicates`.
 *
 * Source: [aa996299]; delivery types and the Unreachable queue: [bb125237]; events 5006 and 5007: [a8a8c346], [ff982668].
 */
export function categorize(
  envelope: Envelope,
  organization: CategorizerDirectory,
  here: { server: string; site: string },
  routes: RoutingTable,
): Categorized {
  const steps: Step[] = [];
  const failed: Categorized["failed"] = [];
  const duplicates: EnvelopeRecipient[] = [];
  const copies = new Copies();
  const elsewhere = new Map<string, EnvelopeRecipient[]>();

  for (const resolved of resolveRecipients(envelope.recipients, organization)) {
    const { recipient } = resolved;
    switch (resolved.kind) {
      case "unknown":
        failed.push({ recipient, reply: resolved.reply });
        steps.push(refused(recipient, resolved.reply));
        break;
      case "duplicate":
        duplicates.push(recipient);
        steps.push({ source: "ours", text: `${recipient.address}: its mailbox gets a copy already` });
        break;
      case "external":
        copies.add(unreachable, recipient);
        steps.push(noConnector(recipient));
        break;
      case "mailbox": {
        const home = organization.server(resolved.mailbox.server);
        if (!home) {
          copies.add(unreachable, recipient);
          steps.push(noMailboxServer(recipient, resolved.mailbox.server));
        } else if (home.site !== here.site && home.site !== null) append(elsewhere, home.site, recipient);
        else if (copies.add({ deliveryType: "MapiDelivery", nextHopDomain: home.fqdn }, recipient))
          steps.push(inThisSite(home.fqdn, here.site));
      }
    }
  }
  steps.push(...relay(elsewhere, routes, copies));
  return { deliveries: copies.deliveries(), failed, duplicates, steps };
}

/** Gives the recipients of other sites their next hops, and says why. */
function relay(
  elsewhere: ReadonlyMap<string, EnvelopeRecipient[]>,
  routes: RoutingTable,
  copies: Copies,
): readonly Step[] {
  if (elsewhere.size === 0) return [];
  const { nextHops, steps } = routes.routesTo([...elsewhere.keys()]);
  for (const [site, recipients] of elsewhere) {
    const nextHop = nextHops.get(site);
    const solution: NextHopSolution =
      nextHop === undefined ? unreachable : { deliveryType: "SmtpRelayToRemoteAdSite", nextHopDomain: nextHop };
    for (const recipient of recipients) copies.add(solution, recipient);
  }
  return steps;
}

/** One copy per solution, in the order in which the solutions first appear. */
class Copies {
  readonly #byHop = new Map<string, Categorized["deliveries"][number]>();

  /** Whether it is the first recipient of its copy. */
  add(solution: NextHopSolution, recipient: EnvelopeRecipient): boolean {
    const key = `${solution.deliveryType} ${solution.nextHopDomain}`;
    const copy = this.#byHop.get(key);
    if (copy) copy.recipients.push(recipient);
    else this.#byHop.set(key, { solution, recipients: [recipient] });
    return !copy;
  }

  deliveries(): Categorized["deliveries"] {
    return [...this.#byHop.values()];
  }
}

function append<V>(lists: Map<string, V[]>, key: string, value: V): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}

const refused = ({ address }: EnvelopeRecipient, reply: SmtpReply): Step => ({
  source: "bb232118#5.1.1",
  text: `${address}: ${formatReply(reply)}`,
});

const inThisSite = (fqdn: string, site: string): Step => ({
  source: "bb125237#mapidelivery",
  text: `${fqdn} is in this site, ${site}: deliver to its mailboxes`,
});

const noConnector = ({ address }: EnvelopeRecipient): Step => ({
  source: "bb125237#unreachable",
  text: `${address}: no send connector serves ${domainOf(address)}`,
});

const noMailboxServer = ({ address }: EnvelopeRecipient, server: string): Step => ({
  source: "a8a8c346#5006",
  text: `${address}: the directory has no server ${server}, which should hold the mailbox`,
  event: { id: 5006, parameters: [server] },
});
