import type { SynchronizationStatus } from "../../edgesync/index.ts";
import type { SynchronizationTest } from "../../lab/index.ts";
import { defineCmdlet } from "../definition/define-cmdlet.ts";
import { recipientMalformed, testsExclusive } from "./errors.ts";
import type { Given, ParameterSpecs } from "../definition/parameter.ts";

const parameters = {
  ExcludeRecipientTest: { type: "switch", help: "Leaves the recipients out" },
  MaxReportSize: { type: "integer", min: 1, help: "How many differences are listed at most", default: "1000" },
  VerifyRecipient: {
    type: "string",
    help: "Only this: whether the recipient with this address is the same there as in Active Directory",
  },
  FullCompareMode: {
    type: "switch",
    edition: "2010",
    help: "Whether contents are compared, as Exchange 2007 always does and this does without it; `:$false` looks at cookies only",
  },
  TargetServer: { type: "string", edition: "2010", help: "Only this Edge Transport server" },
} as const satisfies ParameterSpecs;

export const testEdgeSynchronization = defineCmdlet({
  verb: "Test",
  noun: "EdgeSynchronization",
  synopsis: "Shows how the Edge Transport servers of the site stand, compared with Active Directory.",
  source: "[aa996925]",
  on: "hub",
  parameters,
  errors: [
    "COMMAND_NOT_ON_THIS_ROLE",
    "COMMAND_EDGESYNC_RECIPIENT_MALFORMED",
    "COMMAND_EDGESYNC_TEST_EXCLUSIVE",
    "EDGE_SYNC_NO_EDGE_IN_SITE",
  ],
  examples: [
    {
      line: "Test-EdgeSynchronization -VerifyRecipient anna@proexchange.local",
      does: "Tells whether one recipient is there.",
    },
  ],
  columns: ["SyncStatus", "Name", "LeaseHolder", "LeaseType", "LastSynchronizedUtc", "FailureDetail"].map(
    (property) => ({
      property,
    }),
  ),
  async *run({ server }, given) {
    checkExclusive(given);
    yield* (await server.testEdgeSynchronization(testOf(given))).map(shown);
  },
});

/** Throws COMMAND_EDGESYNC_…. Source: [aa996925], VerifyRecipient and the configuration test exclude each other. */
function checkExclusive(given: Given<typeof parameters>): void {
  if (given.VerifyRecipient === undefined) return;
  if (!/^[^@\s]+@[^@\s]+$/.test(given.VerifyRecipient)) throw recipientMalformed(given.VerifyRecipient);
  for (const parameter of ["ExcludeRecipientTest", "MaxReportSize", "FullCompareMode"] as const)
    if (given[parameter] !== undefined) throw testsExclusive(parameter);
}

const testOf = (given: Given<typeof parameters>): SynchronizationTest => ({
  ...(given.TargetServer !== undefined && { targetServer: given.TargetServer }),
  ...(given.VerifyRecipient !== undefined && { verifyRecipient: given.VerifyRecipient }),
  compare: given.VerifyRecipient === undefined && given.FullCompareMode !== false,
  excludeRecipients: given.ExcludeRecipientTest === true,
  maxReportSize: given.MaxReportSize ?? 1000,
});

/** The properties and their order: a published transcript, docs/fidelity.md#edgesync-cmdlets. */
const shown = (status: SynchronizationStatus): object => ({
  SyncStatus: status.syncStatus,
  UtcNow: status.utcNow,
  Name: status.name,
  LeaseHolder: status.leaseHolder,
  LeaseType: status.leaseType,
  FailureDetail: status.failureDetail,
  LeaseExpiryUtc: status.leaseExpiryUtc,
  LastSynchronizedUtc: status.lastSynchronizedUtc,
  TransportServerStatus: status.transportServerStatus,
  TransportConfigStatus: status.transportConfigStatus,
  AcceptedDomainStatus: status.acceptedDomainStatus,
  RemoteDomainStatus: status.remoteDomainStatus,
  SendConnectorStatus: status.sendConnectorStatus,
  MessageClassificationStatus: status.messageClassificationStatus,
  RecipientStatus: status.recipientStatus,
  CredentialRecords: `Number of credentials ${status.credentialRecords.length}`,
  CookieRecords: `Number of cookies ${status.cookieRecords.length}`,
  // Ours: where they differ is what is asked next.
  Differences: status.differences,
});
