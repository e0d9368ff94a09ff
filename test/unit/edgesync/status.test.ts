import { expect } from "chai";
import type { EdgeSyncPosition, ReplicationScope } from "../../../src/directory/index.ts";
import type { EdgeChange } from "../../../src/edgesync/wire/replica.ts";
import { defaultEdgeSyncSchedule as schedule } from "../../../src/edgesync/results.ts";
import { compareReplicas, type Difference, type Found, statusOf } from "../../../src/edgesync/hub/status.ts";
import type { EdgeState, ObjectsReply } from "../../../src/edgesync/wire/wire.ts";

const minute = 60_000;
const at = new Date("2008-05-12T12:00:00.000Z");
const before = (minutes: number): Date => new Date(at.getTime() - minutes * minute);

const position = (
  scope: ReplicationScope,
  minutes: number,
  more: Partial<EdgeSyncPosition> = {},
): EdgeSyncPosition => ({
  scope,
  subscription: "2008-05-12T10:00:00.000Z",
  cookie: { invocationId: "one", usn: 7 },
  generation: 1,
  full: null,
  at: before(minutes).toISOString(),
  by: "hub1.example",
  ...more,
});
const state = (...positions: EdgeSyncPosition[]): EdgeState => ({
  lease: { holder: "hub1.example", type: "Option", expires: before(-30).toISOString(), due: before(-20).toISOString() },
  positions,
  accounts: [
    {
      userName: "ESRA.EDGE1.HUB1.0",
      effectiveTime: before(120).toISOString(),
      expirationTime: before(-1e4).toISOString(),
    },
  ],
});
const all = state(position("Topology", 30), position("Configuration", 20), position("Recipients", 100));
const nothing: Found = {
  comparison: { scopes: [], differences: [] },
  recipient: undefined,
  maxReportSize: 10,
  upToDateAt: () => undefined,
};
const differing = (kind: Difference["kind"]): Found["comparison"] => ({
  scopes: ["Topology", "Configuration", "Recipients"],
  differences: [{ kind, text: `${kind}/x: missing on the Edge server` }],
});
const status = (found: Partial<Found>, of = all) => statusOf("EDGE1", of, { ...nothing, ...found }, at, schedule);

describe("what Test-EdgeSynchronization says", () => {
  it("is who holds the lease, when it was synchronized, with which accounts and cookies", () => {
    expect(status({})).to.deep.include({
      syncStatus: "Normal",
      utcNow: at,
      name: "EDGE1",
      leaseHolder: "hub1.example",
      leaseType: "Option",
      leaseExpiryUtc: before(-30),
      lastSynchronizedUtc: before(20),
      failureDetail: "",
    });
    expect(status({}).credentialRecords.map(({ userName }) => userName)).to.deep.equal(["ESRA.EDGE1.HUB1.0"]);
    expect(status({}).cookieRecords).to.deep.equal([
      { scope: "Topology", usn: 7, at: before(30) },
      { scope: "Configuration", usn: 7, at: before(20) },
      { scope: "Recipients", usn: 7, at: before(100) },
    ]);
    const free = status({}, { ...all, lease: null });
    expect(free).to.deep.include({ leaseHolder: null, leaseType: "None", leaseExpiryUtc: null });
  });

  it("is Skipped for what was not compared, and how the rest compares", () => {
    expect(status({})).to.include({ transportServerStatus: "Skipped", recipientStatus: "Skipped" });
    const compared = status({ comparison: { ...differing("acceptedDomain"), scopes: ["Topology", "Configuration"] } });
    expect(compared).to.include({
      transportServerStatus: "Synchronized",
      transportConfigStatus: "Synchronized",
      acceptedDomainStatus: "NotSynchronized",
      remoteDomainStatus: "Synchronized",
      sendConnectorStatus: "Synchronized",
      messageClassificationStatus: "Synchronized",
      recipientStatus: "Skipped",
    });
    expect(status({ comparison: differing("edgeSyncCredential") }).transportServerStatus).to.equal("NotSynchronized");
    expect(compared.differences).to.deep.equal(["acceptedDomain/x: missing on the Edge server"]);
    expect(status({ comparison: differing("acceptedDomain"), maxReportSize: 0 }).differences).to.deep.equal([]);
  });

  it("is NotStarted before the first synchronization is through", () => {
    expect(status({}, state()).syncStatus).to.equal("NotStarted");
    expect(status({}, state()).lastSynchronizedUtc).to.equal(null);
    expect(status({}, state(position("Topology", 1, { cookie: null }))).syncStatus).to.equal("NotStarted");
  });

  const verdicts: readonly [what: string, found: Partial<Found>, verdict: string][] = [
    ["Inconclusive while the next run may still mend it", { comparison: differing("acceptedDomain") }, "Inconclusive"],
    ["Failed when one should have", { comparison: differing("server") }, "Failed"],
    [
      "Inconclusive again where this Hub itself has looked since",
      { comparison: differing("server"), upToDateAt: () => before(3) },
      "Inconclusive",
    ],
    ["not the worse for another scope that is older", { comparison: differing("recipient") }, "Inconclusive"],
    ["Normal for a recipient that both know", { recipient: { here: true, there: true } }, "Normal"],
    ["Inconclusive for one that neither knows", { recipient: { here: false, there: false } }, "Inconclusive"],
    [
      "Inconclusive for one that the Edge server may not know yet",
      { recipient: { here: true, there: false } },
      "Inconclusive",
    ],
  ];
  for (const [what, found, verdict] of verdicts) {
    it(`is ${what}`, () => expect(status(found).syncStatus).to.equal(verdict));
  }

  it("is Failed for a recipient that the Edge server should know by now", () => {
    const late = state(position("Topology", 1), position("Recipients", 300));
    expect(status({ recipient: { here: true, there: false } }, late)).to.include({
      syncStatus: "Failed",
      recipientStatus: "NotSynchronized",
    });
  });
});

describe("compareReplicas", () => {
  const planned: EdgeChange[] = [
    { id: "acceptedDomain/a", kind: "acceptedDomain", set: { name: "a", list: [1] } },
    { id: "server/EDGE1", kind: "server", set: { site: "SiteA" } },
    { id: "server/OTHER", remove: true },
  ];
  const held: ObjectsReply["objects"][number][] = [
    { id: "acceptedDomain/a", kind: "acceptedDomain", attributes: { name: "a", list: [1], edgeSyncGeneration: 3 } },
    { id: "server/EDGE1", kind: "server", attributes: { name: "EDGE1", site: "SiteA" } },
  ];
  const texts = (objects: typeof held) => compareReplicas(planned, objects, "EDGE1").map(({ text }) => text);

  it("finds nothing where both are the same, whatever marks they bear", () => {
    expect(texts(held)).to.deep.equal([]);
  });

  it("tells what is missing, different and too much", () => {
    const other = { id: "acceptedDomain/b", kind: "acceptedDomain", attributes: {} };
    const server = { id: "server/OTHER", kind: "server", attributes: {} };
    expect(texts([other, server])).to.deep.equal([
      "acceptedDomain/a: missing on the Edge server",
      "server/EDGE1: missing on the Edge server",
      "acceptedDomain/b: on the Edge server, and not in Active Directory",
      "server/OTHER: on the Edge server, and not in Active Directory",
    ]);
    const changed = held.map((one) => ({ ...one, attributes: { ...one.attributes, list: [2], site: "SiteB" } }));
    expect(texts(changed)).to.deep.equal(["acceptedDomain/a: different in list", "server/EDGE1: different in site"]);
  });

  it("never finds the server itself too much", () => {
    expect(compareReplicas([], held.slice(1), "EDGE1")).to.deep.equal([]);
  });
});
