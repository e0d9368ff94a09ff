import type { Step } from "../../base/index.ts";
import type { ExchangeServer } from "../../directory/index.ts";
import { domainOf, formatReply, reply, type SmtpReply } from "../../smtp/index.ts";
import { type Envelope, type EnvelopeRecipient, nextHopKey, type NextHopSolution } from "../mail-item.ts";
import type { Here } from "./connector-place.ts";
import { connectorHop } from "./connector-hop.ts";
import { type RecipientDirectory, resolveRecipients } from "./resolve-recipients.ts";
import type { Routes } from "./routes.ts";

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

/** Source: [ndrs-2016], text of 5.3.4. Inferred: that a connector's limit is reported so (docs/fidelity.md#ndr). */
const tooLarge = reply(552, "5.3.4", "Message size exceeds fixed maximum message size");

/**
 * Finds out for each recipient where its copy goes next. Every address of the envelope comes back exactly once, in
 * `deliveries`, `failed` or `duplicates`.
 *
 * @param sizeBytes of the message; a connector's MaxMessageSize is held against it
 * Source: [aa996299], [connector-selection]; delivery types and the Unreachable queue: [bb125237]; events 5006 and 5007:
 *   [a8a8c346], [ff982668].
 */
export function categorize(
  envelope: Envelope,
  organization: CategorizerDirectory,
  here: Here,
  routes: Routes,
  sizeBytes: number,
): Categorized {
  const steps: Step[] = [];
  const failed: Categorized["failed"] = [];
  const duplicates: EnvelopeRecipient[] = [];
  const copies = new Copies();
  const elsewhere = new Map<string, EnvelopeRecipient[]>();
  const explained = new Set<string>();

  const refuse = (recipient: EnvelopeRecipient, refusal: SmtpReply): void => {
    failed.push({ recipient, reply: refusal });
    steps.push(refused(recipient, refusal));
  };
  const toMailbox = (recipient: EnvelopeRecipient, server: string): void => {
    const home = organization.server(server);
    if (!home) {
      copies.add(unreachable, recipient);
      steps.push(noMailboxServer(recipient, server));
    } else if (home.site !== here.site && home.site !== null) append(elsewhere, home.site, recipient);
    else if (copies.add({ deliveryType: "MapiDelivery", nextHopDomain: home.fqdn }, recipient))
      steps.push(inThisSite(home.fqdn, here.site));
  };
  const toConnector = (recipient: EnvelopeRecipient): void => {
    const domain = domainOf(recipient.address);
    const { outcome: choice, steps: reasons } = routes.connectorTo(domain, sizeBytes);
    const hop = choice.kind === "chosen" ? connectorHop(choice, domain) : undefined;
    if (!explained.has(domain)) steps.push(...reasons, ...(hop ? [hop.step] : []));
    explained.add(domain);
    if (choice.kind === "tooLarge") refuse(recipient, tooLarge);
    else if (!hop) {
      copies.add(unreachable, recipient);
      steps.push(noConnector(recipient));
    } else if ("site" in hop) append(elsewhere, hop.site, recipient);
    else copies.add(hop.solution, recipient);
  };

  for (const resolved of resolveRecipients(envelope.recipients, organization, here.role)) {
    const { recipient } = resolved;
    switch (resolved.kind) {
      case "unknown":
        refuse(recipient, resolved.reply);
        break;
      case "duplicate":
        duplicates.push(recipient);
        steps.push({ source: "ours", text: `${recipient.address}: its mailbox gets a copy already` });
        break;
      case "external":
        toConnector(recipient);
        break;
      case "mailbox":
        toMailbox(recipient, resolved.mailbox.server);
    }
  }
  steps.push(...relay(elsewhere, routes, copies));
  return { deliveries: copies.deliveries(), failed, duplicates, steps };
}

/** Gives the recipients of other sites their next hops, and says why. */
function relay(
  elsewhere: ReadonlyMap<string, EnvelopeRecipient[]>,
  { sites }: Routes,
  copies: Copies,
): readonly Step[] {
  if (elsewhere.size === 0) return [];
  const { nextHops, steps } = sites?.routesTo([...elsewhere.keys()]) ?? {
    nextHops: new Map<string, string>(),
    steps: [],
  };
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
    const key = nextHopKey(solution);
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
  source: `bb232118#${reply.enhanced ?? reply.code}`,
  text: `${address}: ${formatReply(reply)}`,
});

const inThisSite = (fqdn: string, site: string | null): Step => ({
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
