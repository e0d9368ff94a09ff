import { expect } from "chai";
import { defaultDisputedRules, rulesByRoots, type StoredCertificate } from "../../../src/certificates/index.ts";
import { defaultSendConnector, hubReceiveConnectors } from "../../../src/directory/index.ts";
import {
  activeDirectory,
  type Pointer,
  usesByDirectory,
  usesByServer,
  usesBySessions,
  usesOf,
} from "../../../src/lab/answers/certificate-use.ts";
import { useInLab } from "../../../src/lab/answers/certificate-use-api.ts";
import type { CertificateUse } from "../../../src/lab/index.ts";
import type { SessionRecord } from "../../../src/smtp/index.ts";
import { startTestLab, topologyOf, usePlace } from "../../helpers/lab.ts";
import { serverObject } from "../../helpers/objects.ts";
import { makeCertificate } from "../certificates/make.ts";
import { TestView } from "../send/sender.ts";

const fqdn = "Ex2007EE.proexchange.local";
const gone = "9".repeat(40);
const shown = ({ kind, where, server, thumbprint }: Pointer): string[] => [kind, where, server, thumbprint];

describe("usesByServer", () => {
  it("tells the services of each certificate, and which connectors choose it now", async () => {
    const own = (await makeCertificate({ commonName: "Ex2007EE", names: ["Ex2007EE", fqdn] })).certificate;
    const mail = (await makeCertificate({ commonName: "mail.proexchange.local", names: [] })).certificate;
    const web: StoredCertificate = { ...mail, thumbprint: "A".repeat(40), services: ["IIS"] };
    const organization = new TestView().put("server", serverObject({ name: "Ex2007EE" }));
    for (const connector of hubReceiveConnectors("Ex2007EE", { default: "127.7.1.1:25", client: "127.7.1.1:587" }))
      organization.put("receiveConnector", connector);
    const outward = { ...defaultSendConnector, fqdn: "mail.proexchange.local", domainSecureEnabled: true };
    organization.put("sendConnector", { ...outward, name: "Internet", sourceTransportServers: ["EX2007ee"] });
    organization.put("sendConnector", {
      ...outward,
      name: "Plain",
      sourceTransportServers: ["Ex2007EE"],
      domainSecureEnabled: false,
    });
    organization.put("sendConnector", { ...outward, name: "Elsewhere", sourceTransportServers: ["Ex2007SE"] });

    const uses = usesByServer({
      name: "Ex2007EE",
      fqdn,
      role: "hub",
      site: "SiteA",
      organization,
      candidates: [own, mail, web],
      published: own.thumbprint,
      rules: rulesByRoots({ roots: [] }, new Date("2008-06-01"), defaultDisputedRules),
    });
    expect(uses.map(shown)).to.deep.equal([
      ["Service", "SMTP", "Ex2007EE", own.thumbprint],
      ["Service", "SMTP", "Ex2007EE", mail.thumbprint],
      ["Service", "IIS", "Ex2007EE", web.thumbprint],
      ["ReceiveConnector", "Ex2007EE\\Client Ex2007EE", "Ex2007EE", own.thumbprint],
      ["ReceiveConnector", "Ex2007EE\\Default Ex2007EE", "Ex2007EE", own.thumbprint],
      ["ReceiveConnector", "Ex2007EE\\Default Ex2007EE", "Ex2007EE", own.thumbprint],
      ["SendConnector", "Internet", "Ex2007EE", mail.thumbprint],
    ]);
    expect(uses.slice(-3).map(({ detail }) => detail)).to.deep.equal([
      "its choice for Inbound STARTTLS",
      "its choice for Inbound X-ANONYMOUSTLS",
      "its choice for Outbound STARTTLS",
    ]);
  });
});

describe("usesByDirectory", () => {
  const edge = serverObject({
    name: "Edge1",
    roles: ["EdgeTransport"],
    internalTransportCertificateThumbprint: "E".repeat(40),
  });
  const view = new TestView()
    .put("server", serverObject({ name: "Ex2007EE", internalTransportCertificateThumbprint: "A".repeat(40) }))
    .put("server", serverObject({ name: "Ex2007SE" }))
    .put("server", edge)
    .put("edgeSyncCredential", {
      holder: "Ex2007EE",
      targetServerFqdn: edge.fqdn,
      sourceServerFqdn: fqdn,
      userName: "ESRA.Edge1.Ex2007EE.0",
      effectiveTime: "2008-05-12T10:00:00Z",
      expirationTime: "2008-06-12T10:00:00Z",
      sealedTo: gone,
      sealedPassword: "secret",
    });

  it("tells each server's internal transport certificate, an Edge server's as its subscription's, and sealed passwords", () => {
    expect(usesByDirectory(activeDirectory, view).map(shown)).to.deep.equal([
      ["EdgeSubscription", activeDirectory, "Edge1", "E".repeat(40)],
      ["DirectoryEntry", activeDirectory, "Ex2007EE", "A".repeat(40)],
      ["EdgeSyncCredential", activeDirectory, "Ex2007EE", gone],
    ]);
    expect(usesByDirectory(activeDirectory, view).at(-1)?.detail).to.equal(
      "password of ESRA.Edge1.Ex2007EE.0, until 2008-06-12T10:00:00Z",
    );
  });

  it("tells of an ADAM that it is the Edge server's own entry there", () => {
    expect(usesByDirectory("ADAM of Edge1", view).map(shown)[0]).to.deep.equal([
      "DirectoryEntry",
      "ADAM of Edge1",
      "Edge1",
      "E".repeat(40),
    ]);
  });
});

describe("usesBySessions", () => {
  const session = (about: Partial<SessionRecord>, presented: string | undefined): SessionRecord => ({
    kind: "session",
    side: "receive",
    server: "Ex2007EE",
    connectorId: "Ex2007EE\\Default Ex2007EE",
    sessionId: "1",
    startedAt: new Date("2008-05-12T10:00:00Z"),
    endedAt: new Date("2008-05-12T10:00:01Z"),
    local: undefined,
    remote: { address: "127.0.0.1", port: 25 },
    peerName: "Ex2007SE.proexchange.local",
    tls: { verb: "STARTTLS", protocol: "TLSv1.3", cipher: "", presented, received: undefined },
    authentication: { by: "none", identity: "" },
    messages: [],
    failure: undefined,
    ...about,
  });

  it("tells those with one peer together, and passes over those in which none was presented", () => {
    const later = { endedAt: new Date("2008-05-13T10:00:00Z"), peerName: "EX2007SE.proexchange.local" };
    const uses = usesBySessions([
      session({}, gone),
      session(later, gone),
      session({ side: "send" }, gone),
      session({ side: "send" }, undefined),
      session({ tls: undefined }, gone),
    ]);
    expect(uses.map(({ where, detail }) => [where, detail])).to.deep.equal([
      ["Ex2007SE.proexchange.local", "presented in 2 receive sessions, the last at 2008-05-13T10:00:00.000Z"],
      ["Ex2007SE.proexchange.local", "presented in 1 send session, the last at 2008-05-12T10:00:01.000Z"],
    ]);
  });
});

describe("usesOf", () => {
  const use: Pointer = { kind: "Service", where: "SMTP", server: "Ex2007EE", thumbprint: gone, detail: "" };
  it("tells each use once, of the certificate that was named as people paste it, and whether a store holds that", () => {
    const other = { ...use, thumbprint: "A".repeat(40) };
    const held = new Set([other.thumbprint]);
    expect(usesOf(undefined, [use, other, { ...use }], held).map(({ inStore }) => inStore)).to.deep.equal([
      false,
      true,
    ]);
    expect(usesOf(" aa".repeat(20), [use, other], held)).to.deep.equal([{ ...other, inStore: true }]);
  });
});

describe("useInLab", () => {
  it("reads each directory once, however many servers have it", async () => {
    const asked: [string, boolean | undefined][] = [];
    const serverOf = (name: string, role: "HubTransport" | "EdgeTransport") => ({
      installed: { name, roles: [role], store: { list: () => [{ thumbprint: name }] } },
      api: {
        certificateUse: async (_: string | undefined, withDirectory?: boolean) => {
          asked.push([name, withDirectory]);
          return [{ kind: "Service", where: "SMTP", server: name, thumbprint: name, detail: "", inStore: false }];
        },
      },
    });
    const all = [serverOf("E1", "EdgeTransport"), serverOf("H1", "HubTransport"), serverOf("H2", "HubTransport")];
    const fleet = { all } as unknown as Parameters<typeof useInLab>[0];
    const uses = await useInLab(fleet, { sessions: () => [] })();
    expect(asked).to.deep.equal([
      ["E1", true],
      ["H1", true],
      ["H2", false],
    ]);
    expect(uses.map(({ server, inStore }) => [server, inStore])).to.deep.equal([
      ["E1", true],
      ["H1", true],
      ["H2", true],
    ]);
  });
});

describe("Lab.server(…).certificateUse", () => {
  const place = usePlace();

  it("goes round every server and directory, and finds what still points at a certificate that is gone", async () => {
    const lab = await startTestLab(place, { topology: await topologyOf("08-mail-through-the-edge") });
    const hub = lab.server("Ex2007EE");
    const edge = lab.server("EDGE1");
    const [old] = await edge.exchangeCertificates();
    if (!old) throw new Error("EDGE1 has no certificate");
    const kindsOf = (uses: readonly CertificateUse[]): string[] =>
      [...new Set(uses.map(({ kind, where, server }) => `${kind} ${where} ${server}`))].sort();
    const before = await hub.certificateUse(old.thumbprint);
    expect(kindsOf(before)).to.include.members([
      "DirectoryEntry ADAM of EDGE1 EDGE1",
      "EdgeSubscription Active Directory EDGE1",
      "ReceiveConnector EDGE1\\Default internal receive connector EDGE1 EDGE1",
      "Service SMTP EDGE1",
    ]);
    expect(before.every(({ inStore }) => inStore)).to.equal(true);
    expect(await edge.certificateUse(old.thumbprint)).to.deep.equal(before);

    const { thumbprint } = await edge.newExchangeCertificate({});
    await edge.enableExchangeCertificate({ thumbprint, services: ["SMTP"], overwriteDefault: true });
    await edge.removeExchangeCertificate(old.thumbprint);
    const after = await hub.certificateUse(old.thumbprint);
    expect(after.some(({ inStore }) => inStore)).to.equal(false);
    expect(kindsOf(after)).to.include("EdgeSubscription Active Directory EDGE1");
    expect(kindsOf(after).some((kind) => kind.startsWith("Service"))).to.equal(false);
  });
});
