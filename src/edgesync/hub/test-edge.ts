import {
  type Directory,
  hashAddress,
  type ExchangeServer,
  recipientGuid,
  type ReplicationScope,
  replicationScopes,
} from "../../directory/index.ts";
import type { SynchronizationStatus } from "../results.ts";
import { type EdgeChange, replicaKinds } from "../wire/replica.ts";
import type { ObjectsReply } from "../wire/wire.ts";
import { replicaOf } from "./edge-knowledge.ts";
import type { EdgePartner } from "./edge-partner.ts";
import type { HubSideModules } from "./hub-modules.ts";
import type { Link } from "./link.ts";
import { planObject, sourceKinds } from "./plan.ts";
import { compareReplicas, type Comparison, failedStatus, type RecipientFound, statusOf } from "./status.ts";

/** What to look at. */
export interface EdgeTest {
  /** Compare contents; false: look at lease and cookies only. */
  compare: boolean;
  excludeRecipients: boolean;
  /** Only this recipient, by any of its addresses. */
  verifyRecipient?: string;
  /** How many differences to list at most. */
  maxReportSize: number;
}

const objectsPerPage = 1000;

/** How one Edge server stands, compared with what Active Directory makes of it. A link that fails is a status. */
export async function testEdge(
  { directory, organization, clock, schedule }: HubSideModules,
  partner: EdgePartner,
  edge: ExchangeServer,
  { compare, excludeRecipients, verifyRecipient, maxReportSize }: EdgeTest,
): Promise<SynchronizationStatus> {
  const compares = compare && verifyRecipient === undefined;
  const scopes = compares ? replicationScopes.filter((scope) => scope !== "Recipients" || !excludeRecipients) : [];
  const status = await partner.ask(edge, async (link) => {
    const state = await link.state();
    const comparison = await compareScopes(directory, link, edge, scopes);
    const mailbox = verifyRecipient === undefined ? undefined : organization.mailboxByAddress(verifyRecipient);
    const recipient = verifyRecipient === undefined ? undefined : await findRecipient(link, verifyRecipient, mailbox);
    const found = {
      comparison,
      recipient,
      maxReportSize,
      upToDateAt: (scope: ReplicationScope) => partner.settledAt(scope),
    };
    return statusOf(edge.name, state, found, clock.now(), schedule);
  });
  return "failed" in status ? failedStatus(edge.name, status.failed, clock.now()) : status;
}

async function compareScopes(
  directory: Directory,
  link: Link,
  edge: ExchangeServer,
  scopes: readonly ReplicationScope[],
): Promise<Comparison> {
  const planned: EdgeChange[] = [];
  const held: ObjectsReply["objects"][number][] = [];
  const sources = scopes.flatMap((scope) => sourceKinds[scope]);
  for (let after = 0, last = sources.length === 0; !last;) {
    const page = await directory.objectsAfter(after, { kinds: sources, limit: objectsPerPage });
    planned.push(...page.objects.flatMap((object) => planObject(object, replicaOf(edge)) ?? []));
    ({ reaches: after, last } = page);
  }
  const kinds = scopes.flatMap((scope) => replicaKinds[scope]);
  for (let after = 0, last = kinds.length === 0; !last;) {
    const page = await link.objects({ kinds, after });
    held.push(...page.objects);
    ({ reaches: after, last } = page);
  }
  return { scopes, differences: compareReplicas(planned, held, edge.name) };
}

/** By the hash of the address, as mail is looked up. A recipient that is not to be replicated is not there on either side. */
async function findRecipient(
  link: Link,
  address: string,
  mailbox: { name: string; requireSenderAuthentication: boolean } | undefined,
): Promise<RecipientFound> {
  const { guids } = await link.recipient(hashAddress(address));
  const wanted = mailbox && !mailbox.requireSenderAuthentication ? recipientGuid(mailbox.name) : undefined;
  const there = wanted === undefined ? guids.length > 0 : guids.includes(wanted);
  return { here: wanted !== undefined, there };
}
