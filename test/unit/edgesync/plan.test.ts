import { expect } from "chai";
import {
  type DirectoryObjects,
  defaultRemoteDomain,
  defaultSendConnector,
  defaultTransportConfig,
  hashAddress,
  hashSafelist,
  objectId,
  type ObjectKind,
  recipientGuid,
  type ReplicationScope,
  type StoredObject,
} from "../../../src/directory/index.ts";
import { planObject, planReplication } from "../../../src/edgesync/hub/plan.ts";
import { mailboxObject, serverObject } from "../../helpers/objects.ts";

const edge = { name: "EDGE1", site: "SiteA" };

function stored<K extends ObjectKind>(kind: K, object: DirectoryObjects[K], usn = 1): StoredObject {
  return { id: objectId(kind, object), kind, usn, attributes: { ...Object.fromEntries(Object.entries(object)) } };
}
const planned = <K extends ObjectKind>(kind: K, object: DirectoryObjects[K]) => planObject(stored(kind, object), edge);
const removed = (id: string) => ({ id, remove: true });

describe("what an Edge server is to hold", () => {
  const hub = serverObject({
    name: "HUB1",
    roles: ["HubTransport", "Mailbox"],
    internalTransportCertificate: "TUlJQg==",
    internalTransportCertificateThumbprint: "A".repeat(40),
    machineKey: "secret half elsewhere",
  });

  it("is each Hub of its site, with its certificate and nothing that is not for it", () => {
    expect(planned("server", hub)).to.deep.equal({
      id: "server/HUB1",
      kind: "server",
      set: { ...hub, machineKey: null, transport: null, edge: null },
    });
  });

  it("is no server of another site, and none without the Hub role", () => {
    expect(planned("server", { ...hub, site: "SiteB" })).to.deep.equal(removed("server/HUB1"));
    expect(planned("server", { ...hub, roles: ["Mailbox"] })).to.deep.equal(removed("server/HUB1"));
    const other = serverObject({ name: "EDGE2", roles: ["EdgeTransport"] });
    expect(planned("server", other)).to.deep.equal(removed("server/EDGE2"));
  });

  it("is of itself its site, never its certificate", () => {
    const own = serverObject({ name: "EDGE1", roles: ["EdgeTransport"], internalTransportCertificate: "TUlJQg==" });
    expect(planned("server", own)).to.deep.equal({ id: "server/EDGE1", kind: "server", set: { site: "SiteA" } });
  });

  it("is the credentials that it can open, and nobody else's", () => {
    const credential = {
      holder: "EDGE1",
      targetServerFqdn: "edge1.example",
      sourceServerFqdn: "hub1.example",
      userName: "ESRA.EDGE1.HUB1.0",
      effectiveTime: "2008-05-12T10:00:00.000Z",
      expirationTime: "2008-06-12T10:00:00.000Z",
      sealedTo: "A".repeat(40),
      sealedPassword: "AAAA",
    };
    expect(planned("edgeSyncCredential", credential)).to.deep.include({ kind: "edgeSyncCredential", set: credential });
    expect(planned("edgeSyncCredential", { ...credential, holder: "HUB1" })).to.equal(undefined);
  });

  it("is each Send connector that starts from it, whatever the case of its name", () => {
    const connector = { ...defaultSendConnector, name: "out", sourceTransportServers: ["HUB1", "edge1"] };
    expect(planned("sendConnector", connector)).to.deep.include({ kind: "sendConnector", set: connector });
    expect(planned("sendConnector", { ...connector, sourceTransportServers: ["HUB1"] })).to.deep.equal(
      removed("sendConnector/out"),
    );
  });

  it("is every domain, classification and the transport settings, as they are", () => {
    const domain = { name: "d", domainName: "d.example", domainType: "ExternalRelay", default: false } as const;
    expect(planned("acceptedDomain", domain)).to.deep.include({ set: domain });
    expect(planned("remoteDomain", defaultRemoteDomain)).to.deep.include({ set: defaultRemoteDomain });
    const label = { name: "x", displayName: "X", senderDescription: "" };
    expect(planned("messageClassification", label)).to.deep.include({ set: label });
    expect(planned("transportConfig", defaultTransportConfig)).to.deep.include({ set: defaultTransportConfig });
  });

  it("is each recipient by the hashes of its addresses and safelists, without a readable word", () => {
    const anna = mailboxObject({
      name: "anna",
      addresses: ["Anna@proexchange.local", "a@proexchange.local"],
      safeSenders: ["friend@fabrikam.example"],
    });
    const change = planned("mailbox", anna);
    expect(change).to.deep.equal({
      id: `recipient/${recipientGuid("anna")}`,
      kind: "recipient",
      set: {
        guid: recipientGuid("anna"),
        proxyAddressHashes: ["anna@proexchange.local", "a@proexchange.local"].map(hashAddress),
        safeSendersHash: hashSafelist(["friend@fabrikam.example"]),
        safeRecipientsHash: null,
      },
    });
    expect(JSON.stringify(change)).not.to.match(/anna|fabrikam|proexchange/i);
  });

  it("is no recipient that takes no mail from outside", () => {
    expect(planned("mailbox", mailboxObject({ name: "anna", requireSenderAuthentication: true }))).to.deep.equal(
      removed(`recipient/${recipientGuid("anna")}`),
    );
  });

  it("is nothing of any other kind, and nothing that is not whole", () => {
    expect(planned("site", { name: "SiteA", hubSiteEnabled: false })).to.equal(undefined);
    expect(planObject({ id: "acceptedDomain/x", kind: "acceptedDomain", usn: 1, attributes: {} }, edge)).to.deep.equal(
      removed("acceptedDomain/x"),
    );
    expect(planObject({ id: "mailbox/x", kind: "mailbox", usn: 1, attributes: {} }, edge)).to.equal(undefined);
  });
});

describe("planReplication", () => {
  const changed = (object: StoredObject) => ({ kind: "changed", object }) as const;
  const gone = (id: string, objectKind: string, usn: number) => ({ kind: "removed", id, objectKind, usn }) as const;
  const changes = [
    changed(stored("server", serverObject({ name: "HUB1" }), 3)),
    changed(stored("mailbox", mailboxObject({ name: "anna" }), 4)),
    changed(stored("acceptedDomain", { name: "d", domainName: "d", domainType: "Authoritative", default: true }, 5)),
    gone("mailbox/bob", "mailbox", 6),
    gone("server/HUB2", "server", 7),
    gone("server/EDGE1", "server", 8),
    gone("edgeSyncCredential/EDGE1/ESRA.EDGE1.HUB2.0", "edgeSyncCredential", 9),
    gone("edgeSyncCredential/HUB2/ESRA.EDGE1.HUB2.0", "edgeSyncCredential", 10),
    gone("site/SiteC", "site", 11),
    gone("sendConnector/out", "sendConnector", 12),
  ];
  const plan = (scope: ReplicationScope) =>
    planReplication(changes, scope, edge).map(({ usn, change }) => [
      usn,
      "remove" in change ? `-${change.id}` : change.id,
    ]);

  it("takes of a scope what belongs to it, in order, with where it comes from", () => {
    expect(plan("Topology")).to.deep.equal([
      [3, "server/HUB1"],
      [7, "-server/HUB2"],
      [9, "-edgeSyncCredential/EDGE1/ESRA.EDGE1.HUB2.0"],
    ]);
    expect(plan("Configuration")).to.deep.equal([
      [5, "acceptedDomain/d"],
      [12, "-sendConnector/out"],
    ]);
  });

  it("finds a recipient that is gone by the name it had", () => {
    expect(plan("Recipients")).to.deep.equal([
      [4, `recipient/${recipientGuid("anna")}`],
      [6, `-recipient/${recipientGuid("bob")}`],
    ]);
  });
});
