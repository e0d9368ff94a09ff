import type { Step } from "../../base/index.ts";
import type { ExchangeServer } from "../../directory/index.ts";
import { addressKey, domainOf, formatReply, type SmtpReply } from "../../smtp/index.ts";
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
  const remote = new Map<string, EnvelopeRecipient[]>();

  for (const resolved of resolveRecipients(envelope.recipients, organization)) {
    const { recipient } = resolved;
    if (resolved.kind === "duplicate") duplicates.push(recipient);
    else if (resolved.kind === "unknown") {
      failed.push({ recipient, reply: resolved.reply });
      steps.push({ source: "bb232118#5.1.1", text: `${recipient.address}: ${formatReply(resolved.reply)}` });
    } else if (resolved.kind === "external") {
      copies.add(unreachable, recipient);
      steps.push(noConnector(recipient));
    } else {
      const home = organization.server(resolved.mailbox.server);
      if (!home) {
        copies.add(unreachable, recipient);
        steps.push(noMailboxServer(recipient, resolved.mailbox.server));
      } else if (home.site === here.site)
        copies.add({ deliveryType: "MapiDelivery", nextHopDomain: home.fqdn }, recipient);
      else remote.set(home.site, [...(remote.get(home.site) ?? []), recipient]);
    }
  }
  relayRemote(remote, routes, copies, steps);
  return { deliveries: copies.deliveries(), failed, duplicates, steps };
}

function relayRemote(
  remote: ReadonlyMap<string, EnvelopeRecipient[]>,
  routes: RoutingTable,
  copies: Copies,
  steps: Step[],
): void {
  if (remote.size === 0) return;
  const { nextHops, steps: reasons } = routes.routesTo([...remote.keys()]);
  steps.push(...reasons);
  for (const [site, recipients] of remote) {
    const nextHop = nextHops.get(site);
    const solution: NextHopSolution =
      nextHop === undefined ? unreachable : { deliveryType: "SmtpRelayToRemoteAdSite", nextHopDomain: nextHop };
    for (const recipient of recipients) copies.add(solution, recipient);
  }
}

/** One copy per solution, in the order in which the solutions first appear. */
class Copies {
  readonly #byHop = new Map<string, { solution: NextHopSolution; recipients: EnvelopeRecipient[] }>();

  add(solution: NextHopSolution, recipient: EnvelopeRecipient): void {
    const key = `${solution.deliveryType} ${solution.nextHopDomain}`;
    const copy = this.#byHop.get(key);
    if (copy) copy.recipients.push(recipient);
    else this.#byHop.set(key, { solution, recipients: [recipient] });
  }

  deliveries(): Categorized["deliveries"] {
    return [...this.#byHop.values()];
  }
}

const noConnector = ({ address }: EnvelopeRecipient): Step => ({
  source: "bb125237#unreachable",
  text: `${addressKey(address)}: no send connector serves ${domainOf(address)}`,
});

const noMailboxServer = ({ address }: EnvelopeRecipient, server: string): Step => ({
  source: "a8a8c346#5006",
  text: `${addressKey(address)}: the directory has no server ${server}, which should hold the mailbox`,
  event: { id: 5006, parameters: [server] },
});
