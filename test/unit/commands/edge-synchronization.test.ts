import { expect } from "chai";
import type { SynchronizationResult, SynchronizationStatus } from "../../../src/edgesync/index.ts";
import { fakeServer } from "../../helpers/fake-server.ts";
import { refusalOf, run } from "./run-cmdlet.ts";

const at = new Date("2008-05-12T10:00:00Z");

const result: SynchronizationResult = {
  result: "Success",
  type: "Recipients",
  name: "Edge1",
  failureDetails: "",
  startUtc: at,
  endUtc: at,
  added: 1,
  deleted: 2,
  updated: 3,
  scanned: 4,
  targetScanned: 5,
};

describe("Start-EdgeSynchronization", () => {
  it("shows one object a result, with Exchange's properties in Exchange's order", async () => {
    const fake = fakeServer();
    fake.results.push(result, {
      ...result,
      type: "Configuration",
      result: "CouldNotConnect",
      failureDetails: "no answer",
    });
    const shown = await run(fake, "Start-EdgeSynchronization");
    expect(Object.entries(shown[0] ?? {})).to.deep.equal([
      ["Result", "Success"],
      ["Type", "Recipients"],
      ["Name", "Edge1"],
      ["FailureDetails", ""],
      ["StartUTC", at],
      ["EndUTC", at],
      ["Added", 1],
      ["Deleted", 2],
      ["Updated", 3],
      ["Scanned", 4],
      ["TargetScanned", 5],
    ]);
    expect(shown[1]).to.include({ Type: "Configuration", Result: "CouldNotConnect", FailureDetails: "no answer" });
  });

  it("asks for all Edge Transport servers and changes only, or for what is said", async () => {
    const fake = fakeServer();
    await run(fake, "Start-EdgeSynchronization", { Server: "ex2007ee" });
    await run(fake, "Start-EdgeSynchronization", {
      TargetServer: "Edge1",
      ForceFullSync: true,
      ForceUpdateCookie: true,
    });
    expect(fake.asked).to.deep.equal([
      ["startEdgeSynchronization", { forceFullSync: false, forceUpdateCookie: false }],
      ["startEdgeSynchronization", { targetServer: "Edge1", forceFullSync: true, forceUpdateCookie: true }],
    ]);
  });

  it("sends whoever names another Hub there", async () => {
    const fake = fakeServer();
    const refusal = await refusalOf(fake, "Start-EdgeSynchronization", { Server: "Ex2007SE" });
    expect(refusal).to.include({ code: "COMMAND_EDGESYNC_ELSEWHERE" });
    expect(refusal.remedy).to.equal("Run Start-EdgeSynchronization on Ex2007SE");
    expect(fake.asked).to.deep.equal([]);
  });
});

describe("Test-EdgeSynchronization", () => {
  const status: SynchronizationStatus = {
    syncStatus: "Normal",
    utcNow: at,
    name: "Edge1",
    leaseHolder: "ex2007ee.proexchange.local",
    leaseType: "Option",
    failureDetail: "",
    leaseExpiryUtc: at,
    lastSynchronizedUtc: at,
    transportServerStatus: "Synchronized",
    transportConfigStatus: "Synchronized",
    acceptedDomainStatus: "NotSynchronized",
    remoteDomainStatus: "Synchronized",
    sendConnectorStatus: "Synchronized",
    messageClassificationStatus: "Synchronized",
    recipientStatus: "Skipped",
    credentialRecords: ["a", "b", "c"].map((userName) => ({ userName, effectiveTime: at, expirationTime: at })),
    cookieRecords: ["Configuration", "Recipients"].map((scope) => ({ scope, usn: 7, at })),
    differences: ["acceptedDomain/fabrikam.example: missing on the Edge server"],
  };

  it("shows one object an Edge Transport server, with Exchange's properties in Exchange's order", async () => {
    const fake = fakeServer();
    fake.statuses.push(status);
    const [shown = {}] = await run(fake, "Test-EdgeSynchronization");
    expect(Object.entries(shown)).to.deep.equal([
      ["SyncStatus", "Normal"],
      ["UtcNow", at],
      ["Name", "Edge1"],
      ["LeaseHolder", "ex2007ee.proexchange.local"],
      ["LeaseType", "Option"],
      ["FailureDetail", ""],
      ["LeaseExpiryUtc", at],
      ["LastSynchronizedUtc", at],
      ["TransportServerStatus", "Synchronized"],
      ["TransportConfigStatus", "Synchronized"],
      ["AcceptedDomainStatus", "NotSynchronized"],
      ["RemoteDomainStatus", "Synchronized"],
      ["SendConnectorStatus", "Synchronized"],
      ["MessageClassificationStatus", "Synchronized"],
      ["RecipientStatus", "Skipped"],
      ["CredentialRecords", "Number of credentials 3"],
      ["CookieRecords", "Number of cookies 2"],
      ["Differences", ["acceptedDomain/fabrikam.example: missing on the Edge server"]],
    ]);
  });

  const asked: readonly [given: Parameters<typeof run>[2], request: object][] = [
    [{}, { compare: true, excludeRecipients: false, maxReportSize: 1000 }],
    [
      { ExcludeRecipientTest: true, MaxReportSize: 5 },
      { compare: true, excludeRecipients: true, maxReportSize: 5 },
    ],
    [{ FullCompareMode: true }, { compare: true, excludeRecipients: false, maxReportSize: 1000 }],
    [{ FullCompareMode: false }, { compare: false, excludeRecipients: false, maxReportSize: 1000 }],
    [
      { VerifyRecipient: "anna@proexchange.local", TargetServer: "Edge1" },
      {
        compare: false,
        excludeRecipients: false,
        maxReportSize: 1000,
        targetServer: "Edge1",
        verifyRecipient: "anna@proexchange.local",
      },
    ],
  ];
  for (const [given, request] of asked)
    it(`asks by ${JSON.stringify(given)} for ${JSON.stringify(request)}`, async () => {
      const fake = fakeServer();
      await run(fake, "Test-EdgeSynchronization", given);
      expect(fake.asked).to.deep.equal([["testEdgeSynchronization", request]]);
    });

  const refused: readonly [given: Parameters<typeof run>[2], code: string][] = [
    [{ VerifyRecipient: "anna" }, "COMMAND_EDGESYNC_RECIPIENT_MALFORMED"],
    [{ VerifyRecipient: "a@b", ExcludeRecipientTest: true }, "COMMAND_EDGESYNC_TEST_EXCLUSIVE"],
    [{ VerifyRecipient: "a@b", MaxReportSize: 1 }, "COMMAND_EDGESYNC_TEST_EXCLUSIVE"],
    [{ VerifyRecipient: "a@b", FullCompareMode: true }, "COMMAND_EDGESYNC_TEST_EXCLUSIVE"],
  ];
  for (const [given, code] of refused)
    it(`refuses ${JSON.stringify(given)}`, async () => {
      const fake = fakeServer();
      expect((await refusalOf(fake, "Test-EdgeSynchronization", given)).code).to.equal(code);
      expect(fake.asked).to.deep.equal([]);
    });
});
