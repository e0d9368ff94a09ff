import { expect } from "chai";
import {
  defaultRemoteDomain,
  defaultSendConnector,
  defaultTransportConfig,
  type DirectoryObjects,
  objectId,
} from "../../../src/directory/index.ts";
import { type ReplicaKind, replicaKinds } from "../../../src/edgesync/wire/replica.ts";
import { readEdgeChange } from "../../../src/edgesync/wire/replica-shapes.ts";
import { readWithin, Unreadable } from "../../../src/edgesync/wire/shape.ts";
import { serverObject } from "../../helpers/objects.ts";
import { makeCertificate } from "../certificates/make.ts";

const everyKind = [...replicaKinds.Topology, ...replicaKinds.Configuration, ...replicaKinds.Recipients];

describe("a change that a Hub sends", () => {
  let samples: { [K in ReplicaKind]: DirectoryObjects[K] };
  before(async () => {
    const { certificate } = await makeCertificate();
    samples = {
      server: {
        ...serverObject({ name: "HUB1", internalTransportCertificateThumbprint: certificate.thumbprint }),
        internalTransportCertificate: Buffer.from(certificate.der).toString("base64"),
        transport: null,
      },
      edgeSyncCredential: {
        holder: "EDGE1",
        targetServerFqdn: "edge1.example",
        sourceServerFqdn: null,
        userName: "ESRA.EDGE1",
        effectiveTime: "2008-05-12T10:00:00.000Z",
        expirationTime: "2008-05-13T10:00:00.000Z",
        sealedTo: "A".repeat(40),
        sealedPassword: "AAAA",
      },
      sendConnector: { ...defaultSendConnector, name: "out", sourceTransportServers: ["EDGE1"] },
      acceptedDomain: { name: "d", domainName: "d.example", domainType: "InternalRelay", default: false },
      remoteDomain: defaultRemoteDomain,
      messageClassification: { name: "x", displayName: "X", senderDescription: "" },
      transportConfig: { ...defaultTransportConfig, internalSmtpServers: ["10.0.0.0/8"] },
      recipient: {
        guid: "01234567-0123-5123-8123-0123456789ab",
        proxyAddressHashes: ["a".repeat(64)],
        safeSendersHash: "0123abcd",
        safeRecipientsHash: null,
      },
    };
  });

  const read = (value: unknown, kinds: readonly ReplicaKind[] = everyKind) =>
    readWithin("changes[0]", readEdgeChange(kinds, "EDGE1"), value);
  const changeOf = <K extends ReplicaKind>(kind: K, more: object = {}) => {
    const set: DirectoryObjects[K] = { ...(samples[kind] as DirectoryObjects[K]), ...more };
    return { id: objectId(kind, set), kind, set };
  };

  it("is read as it was sent, of every kind", () => {
    for (const kind of everyKind) {
      const change = changeOf(kind);
      expect(read(JSON.parse(JSON.stringify(change)))).to.deep.equal(change);
      const removal = { id: change.id, remove: true };
      expect(read(removal)).to.deep.equal(removal);
    }
    const site = { id: "server/EDGE1", kind: "server", set: { site: "SiteA" } };
    expect(read(site)).to.deep.equal(site);
  });

  it("is refused with a field too many, too few, or of another type, in every kind", () => {
    for (const kind of everyKind) {
      const change = changeOf(kind);
      expect(() => read({ ...change, set: { ...change.set, more: 1 } }), kind).to.throw(Unreadable, /without more/);
      for (const name of Object.keys(change.set)) {
        const { [name]: _, ...rest } = change.set as unknown as Record<string, unknown>;
        expect(() => read({ ...change, set: rest }), `${kind} without ${name}`).to.throw(Unreadable);
        const other = { ...change, set: { ...change.set, [name]: { other: 1 } } };
        expect(() => read(other), `${kind} with another ${name}`).to.throw(Unreadable);
      }
    }
  });

  const refusals: readonly [what: string, change: () => unknown, message: RegExp][] = [
    ["nothing", () => null, /id must be text/],
    ["an id of a kind it does not know", () => ({ id: "mailbox/x", remove: true }), /kind must be one of/],
    [
      "a kind that is not its id's",
      () => ({ ...changeOf("recipient"), kind: "acceptedDomain" }),
      /id must begin with acceptedDomain/,
    ],
    [
      "another object's content",
      () => ({ ...changeOf("acceptedDomain"), id: "acceptedDomain/other" }),
      /must be acceptedDomain\/other, as it says/,
    ],
    ["a server's own removal", () => ({ id: "server/EDGE1", remove: true }), /must not remove this server/],
    ["more of the server itself than its site", () => changeOf("server", { name: "EDGE1" }), /set must be without/],
    [
      "its own certificate",
      () => ({ id: "server/EDGE1", kind: "server", set: { site: "x", internalTransportCertificate: "AAAA" } }),
      /without internalTransportCertificate/,
    ],
    ["a server that is no Hub", () => changeOf("server", { roles: ["Mailbox"] }), /must be a Hub Transport server/],
    [
      "a server that is an Edge server too",
      () => changeOf("server", { roles: ["HubTransport", "EdgeTransport"] }),
      /must be a Hub Transport server/,
    ],
    [
      "a certificate that its thumbprint does not name",
      () => changeOf("server", { internalTransportCertificateThumbprint: "B".repeat(40) }),
      /certificate that its thumbprint names/,
    ],
    [
      "a certificate that is none",
      () => changeOf("server", { internalTransportCertificate: "AAAA" }),
      /certificate that its thumbprint names/,
    ],
    ["a machine key", () => changeOf("server", { machineKey: "x" }), /machineKey must be null/],
    [
      "another server's credential",
      () => changeOf("edgeSyncCredential", { holder: "EDGE2" }),
      /must be for this server/,
    ],
    [
      "another server's connector",
      () => changeOf("sendConnector", { sourceTransportServers: ["EDGE2"] }),
      /this server among its sources/,
    ],
    [
      "an address in the clear",
      () => changeOf("recipient", { proxyAddressHashes: ["anna@proexchange.local"] }),
      /proxyAddressHashes\[0\] must be text of at most 64/,
    ],
    [
      "more hashes than anybody has",
      () => changeOf("recipient", { proxyAddressHashes: Array.from({ length: 1001 }, () => "a".repeat(64)) }),
      /at most 1000/,
    ],
    ["a removal that says more", () => ({ id: "recipient/x", remove: true, set: {} }), /without set/],
    ["a removal that is none", () => ({ id: "recipient/x", remove: false }), /remove must be one of true/],
    ["a change that says more", () => ({ ...changeOf("recipient"), usn: 1 }), /without usn/],
  ];
  for (const [what, change, message] of refusals) {
    it(`is refused with ${what}`, () => expect(() => read(change())).to.throw(Unreadable, message));
  }

  it("is refused in a batch of another scope", () => {
    expect(() => read(changeOf("recipient"), replicaKinds.Topology)).to.throw(Unreadable, /kind must be one of server/);
  });
});
