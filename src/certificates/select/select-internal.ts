import type { ReceiveConnector, SendConnector } from "../../directory/index.ts";
import { orderForSelection } from "../judge/status.ts";
import { type Candidate, type Notes, noteValidity, type Selection, stepsOf } from "./selection-steps.ts";

/**
 * Chooses the internal transport certificate, which a receive connector presents to other Exchange servers. Names,
 * services and issuers do not matter here: the directory says which it is.
 *
 * @param publishedThumbprint what the directory publishes for this server, null for nothing
 * @returns no outcome when X-ANONYMOUSTLS must not be offered. Events: 12012 nothing published, 12013 not in the store,
 *   12015 expired, 12017 expires soon
 * Source: [bb430790], its step numbers kept; details from the 2016 edition.
 */
export function selectInternalTransportCertificate<C extends Candidate>(
  connector: Pick<ReceiveConnector, "authMechanism">,
  publishedThumbprint: string | null,
  store: readonly C[],
  at: Date,
): Selection<C> {
  const { steps, ...notes } = stepsOf("bb430790");
  if (!connector.authMechanism.includes("ExchangeServer")) {
    notes.note(2, "AuthMechanism lacks ExchangeServer: anonymous TLS is not offered");
    return { outcome: undefined, steps };
  }
  return { outcome: findInternalCertificate(publishedThumbprint, store, at, { notes, firstStep: 3 }), steps };
}

/** Who sends to another Exchange server, and what decides whether it presents a certificate of its own. */
export type AnonymousTlsSender =
  | { role: "hub"; deliveryType: string }
  | { role: "edge"; connector: Pick<SendConnector, "smartHostAuthMechanism" | "smartHosts"> };

/**
 * Chooses the certificate that a sending server presents to another Exchange server.
 *
 * @param sender a Hub presents one on the way to an Edge server only; an Edge server through the connector that its
 *   subscription made, to the Hubs of its site
 * @param publishedThumbprint what the directory publishes for this server, null for nothing
 * @returns no outcome when none is presented. Events: those of `selectInternalTransportCertificate`
 * Source: [bb430773], its step numbers kept; details from the 2016 edition.
 */
export function selectOutboundAnonymousTlsCertificate<C extends Candidate>(
  sender: AnonymousTlsSender,
  publishedThumbprint: string | null,
  store: readonly C[],
  at: Date,
): Selection<C> {
  const { steps, ...notes } = stepsOf("bb430773");
  const unmet = sender.role === "hub" ? unmetByHub(sender.deliveryType) : unmetByEdge(sender.connector);
  if (unmet !== undefined) {
    notes.note("conditions", unmet);
    return { outcome: undefined, steps };
  }
  return { outcome: findInternalCertificate(publishedThumbprint, store, at, { notes, firstStep: 1 }), steps };
}

/** The intra-organization connector always has ExchangeServer authentication: the delivery type alone is left to look at. */
const unmetByHub = (deliveryType: string): string | undefined =>
  deliveryType === "SmtpRelayWithinAdSiteToEdge"
    ? undefined
    : `${deliveryType} leads to no Edge server: none is presented, X-EXPS proves who this server is`;

function unmetByEdge({
  smartHostAuthMechanism,
  smartHosts,
}: Pick<SendConnector, "smartHostAuthMechanism" | "smartHosts">): string | undefined {
  if (smartHostAuthMechanism !== "ExchangeServer")
    return `SmartHostAuthMechanism is ${smartHostAuthMechanism}, not ExchangeServer: none is presented`;
  // `--` stands for every Hub of the subscribed site, and stands alone.
  return smartHosts.length === 1 && smartHosts[0] === "--"
    ? undefined
    : `the smart hosts are ${smartHosts.join(", ") || "none"}, not --: none is presented`;
}

/** What both directions share: read the directory, look into the store, compare the dates. */
function findInternalCertificate<C extends Candidate>(
  published: string | null,
  store: readonly C[],
  at: Date,
  { notes, firstStep }: { notes: Notes; firstStep: number },
): C | undefined {
  const { note, noteFate } = notes;
  if (published === null) {
    note(firstStep, "the directory publishes no certificate for this server", { id: 12012, parameters: [] });
    return undefined;
  }
  for (const other of orderForSelection(store))
    if (other.thumbprint !== published)
      noteFate(firstStep + 1, other, "unfit", "not the one that the directory publishes");
  const found = store.find(({ thumbprint }) => thumbprint === published);
  if (!found?.hasPrivateKey) {
    if (found) noteFate(firstStep + 1, found, "unfit", "the one that the directory publishes, without its private key");
    const where = found ? "is in the store without its private key" : "is not in the store";
    const event = { id: 12013, parameters: [published] };
    note(firstStep + 1, `${published}, which the directory publishes, ${where}`, event);
    return undefined;
  }
  noteFate(firstStep + 1, found, "chosen", "the one that the directory publishes is presented");
  noteValidity(found, at, (text, event) => note(firstStep + 2, text, event), {
    expired: { id: 12015, parameters: [published] },
    expiresSoon: (hours) => ({ id: 12017, parameters: [published, String(hours)] }),
  });
  return found;
}
