import type { EdgeSubscriptionView, ServerApi } from "../../lab/index.ts";
import { nothingNamed } from "../definition/errors.ts";
import { same } from "../definition/same.ts";

/** What EdgeSync replaces on an Edge Transport server, whose cmdlets but Get- are refused there. Source: [aa997438]. */
export const replicatedKinds = {
  SendConnector: "sendConnector",
  AcceptedDomain: "acceptedDomain",
  RemoteDomain: "remoteDomain",
  MessageClassification: "messageClassification",
} as const;

/** All subscriptions, or the one of that Edge Transport server; rejects COMMAND_IDENTITY_UNKNOWN. */
export async function findEdgeSubscriptions(
  server: ServerApi,
  identity: string | undefined,
): Promise<readonly EdgeSubscriptionView[]> {
  const held = await server.edgeSubscriptions();
  const found = held.filter(({ name }) => identity === undefined || same(name, identity));
  if (identity === undefined || found.length > 0) return found;
  throw nothingNamed(
    { noun: "EdgeSubscription", called: "Edge Subscription" },
    identity,
    held.map(({ name }) => name),
  );
}

/** As `Get-EdgeSubscription` shows it. Source: [bb124801], a published transcript. */
export const shownEdgeSubscription = ({ name, site, domain }: EdgeSubscriptionView): object => ({
  Name: name,
  Site: site,
  Domain: domain,
});

export const edgeSubscriptionColumns = ["Name", "Site", "Domain"].map((property) => ({ property }));
