import { createSecureContext } from "node:tls";
import { expect } from "chai";
import { peerCertificates, readPresented } from "../../../src/certificates/index.ts";
import { type Host, startHost } from "../../../src/world/index.ts";
import { RawClient } from "../receive/raw-client.ts";
import { bring, contextWith, declaredHost, mailFor, selfSigned, start, useWorld } from "./world.ts";

/** The certificates that a host shows, its own first. */
async function shownBy(host: Host) {
  const client = await RawClient.connect(host.endpoint);
  await client.reply();
  await client.say("EHLO client.example");
  expect(await client.say("STARTTLS")).to.equal("220 2.0.0 SMTP server ready");
  const { presented, chain } = readPresented(peerCertificates(await client.startTls()));
  client.close();
  return { presented, chain };
}

const fullReply = ({ refusal }: Awaited<ReturnType<typeof bring>>): string =>
  refusal ? [refusal.code, refusal.enhanced, ...refusal.lines].join(" ") : "none";

describe("an outside host", () => {
  const world = useWorld();
  const issued = (flaw: "expired" | "not-yet-valid" | "wrong-host" | null = null) => ({
    issuer: "Woodgrove Issuing",
    names: [],
    flaw,
  });

  it("greets by its own name, and is no Exchange server", async () => {
    const host = await world.host({ name: "mail.fabrikam.example" });
    const client = await RawClient.connect(host.endpoint);
    expect(await client.reply()).to.deep.equal(["220 mail.fabrikam.example ESMTP"]);
    const offered = await client.say("EHLO client.example");
    expect(offered)
      .to.include("250-STARTTLS")
      .and.not.match(/X-|CHUNKING|AUTH/);
    client.close();
  });

  it("keeps mail for any address of its domains in a file, as it came, with headers of its own", async () => {
    const domains = ["fabrikam.example", "other.example"].map((name) => ({ name, preference: 10 }));
    const host = await world.host({ name: "mx.fabrikam.example", domains });
    const to = ["Carol@Fabrikam.example", "dave/x@other.example", "dave/x@other.example"];
    const marked = "X-MS-Exchange-Organization-SCL: 5\r\nMessage-ID: <1@proexchange.example>\r\n\r\nHello\r\n";
    expect(await bring(host, { to, content: marked })).to.include({ outcome: "accepted", encrypted: true });

    const [carol, ...more] = await host.delivered("carol@fabrikam.example");
    expect(more).to.deep.equal([]);
    expect(carol).to.deep.include({ internetMessageId: "<1@proexchange.example>", deliveredAt: start });
    expect(carol?.path).to.include("mx.fabrikam.example/mail/carol@fabrikam.example/20080512T100000000Z-");
    const [text = ""] = await mailFor(host, "carol@fabrikam.example");
    const received =
      "Received: from edge1.proexchange.example ([127.0.0.1]) by mx.fabrikam.example with ESMTPS " +
      "(TLSv1.3, TLS_AES_256_GCM_SHA384); Mon, 12 May 2008 10:00:00 +0000";
    expect(text.replace(/\r\n /g, " ")).to.equal(`Return-Path: <bob@proexchange.example>\r\n${received}\r\n${marked}`);
    expect(await host.delivered("dave/x@other.example")).to.have.length(2);
    expect(await host.delivered("nobody@fabrikam.example")).to.deep.equal([]);
  });

  it("says in the Received header that a message came in the clear", async () => {
    const host = await world.host({ name: "clear.example.com" });
    await bring(host, { tls: "never" });
    expect((await mailFor(host, "carol@example.com"))[0]).to.match(/with\s+ESMTP;/);
  });

  it("sends nothing on for others", async () => {
    const host = await world.host({ name: "mail.no-relay.example" });
    const outcome = await bring(host, { to: ["carol@no-relay.example", "dave@elsewhere.example"] });
    expect(fullReply(outcome)).to.equal("550 5.7.1 Unable to relay");
    expect(outcome.outcome).to.equal("accepted");
    expect(await host.delivered("dave@elsewhere.example")).to.deep.equal([]);
  });

  it("shows at its next start what had come before it", async () => {
    const host = await world.host({ name: "mail.again.example" });
    await bring(host);
    await host.close();
    const again = await world.host({ name: "mail.again.example" });
    await bring(again);
    expect(await again.delivered("carol@again.example")).to.have.length(2);
  });

  it("says that it cannot listen where somebody does", async () => {
    const { endpoint } = await world.host({ name: "mail.first.example" });
    const second = startHost(declaredHost({ name: "mail.second.example" }), {
      ...world,
      at: endpoint,
      localAddress: undefined,
      folder: `${world.folder}/second`,
    });
    const failure: unknown = await second.catch((thrown: unknown) => thrown);
    expect(failure).to.have.property("code", "WORLD_ADDRESS_IN_USE");
  });

  describe("and TLS on the way in", () => {
    it("does not offer it without a certificate, or when it is told not to", async () => {
      for (const [name, change] of [
        ["mail.bare.example", { certificate: null }],
        ["mail.plain.example", { tls: "none" }],
      ] as const) {
        const host = await world.host({ name, ...change });
        expect(await bring(host), name).to.include({ encrypted: false, outcome: "accepted" });
        expect(fullReply(await bring(host, { tls: "required" }))).to.match(/^451 5\.7\.3 STARTTLS is required/);
      }
    });

    it("takes no mail in the clear when it insists on it", async () => {
      const host = await world.host({ name: "mail.insists.example", tls: "required" });
      expect(fullReply(await bring(host, { tls: "never" }))).to.equal("451 5.7.3 Must issue a STARTTLS command first");
      expect(await bring(host)).to.include({ encrypted: true, outcome: "accepted" });
    });

    it("shows a self-signed certificate of its name, or one that an authority issued, with what is above it", async () => {
      const simple = await shownBy(await world.host({ name: "mail.simple.example" }));
      expect(simple.presented).to.deep.include({
        selfSigned: true,
        certificateDomains: ["mail.simple.example"],
      });
      const host = await world.host({ name: "mail.bought.example", certificate: issued() });
      const bought = await shownBy(host);
      expect(bought.presented).to.include({ issuer: "CN=Woodgrove Issuing", thumbprint: host.certificate?.thumbprint });
      expect(bought.chain.map(({ subject }) => subject)).to.deep.equal(["CN=Woodgrove Issuing"]);
    });

    it("shows a certificate with the flaw that was asked for", async () => {
      const names = ["mx1.flawed.example", "*.flawed.example"];
      const named = await shownBy(
        await world.host({ name: "mail.flawed.example", certificate: { ...selfSigned, names } }),
      );
      expect(named.presented?.certificateDomains).to.deep.equal(names);
      const expired = await shownBy(await world.host({ name: "a.flawed.example", certificate: issued("expired") }));
      expect(expired.presented?.notAfter.getTime()).to.be.below(start.getTime());
      const early = await shownBy(await world.host({ name: "b.flawed.example", certificate: issued("not-yet-valid") }));
      expect(early.presented?.notBefore.getTime()).to.be.above(start.getTime());
      const wrong = await shownBy(await world.host({ name: "c.flawed.example", certificate: issued("wrong-host") }));
      expect(wrong.presented?.certificateDomains).to.not.include("c.flawed.example");
    });

    it("speaks the versions that it is told to, and no others", async () => {
      const tlsSettings = { minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: null } as const;
      const host = await world.host({ name: "mail.old.example", tlsSettings });
      expect(await bring(host)).to.include({ encrypted: false, outcome: "refused" });
      const old = createSecureContext({ minVersion: "TLSv1", ciphers: "DEFAULT@SECLEVEL=0" });
      expect(await bring(host, { secureContext: old })).to.include({ encrypted: true, outcome: "accepted" });
      expect((await mailFor(host, "carol@old.example"))[0]).to.match(/ESMTPS\s+\(TLSv1\.1/);
    });
  });

  describe("and certificates of its clients", () => {
    const strict = { clientCertificates: "required", trusts: ["Woodgrove Root"], certificate: issued() } as const;
    const refused = "454 4.7.5 Certificate validation failure";

    it("asks for none unless it is told to", async () => {
      const host = await world.host({ name: "mail.careless.example" });
      const secureContext = await contextWith(world, { issuer: "Other Root" });
      expect(await bring(host, { secureContext })).to.include({ outcome: "accepted" });
    });

    it("asks, and takes mail whatever it is shown", async () => {
      const host = await world.host({ name: "mail.curious.example", clientCertificates: "asked" });
      for (const secureContext of [createSecureContext(), await contextWith(world, { flaw: "expired" })])
        expect(await bring(host, { secureContext })).to.include({ encrypted: true, outcome: "accepted" });
    });

    it("takes mail with one that leads to an authority it trusts, and no other", async () => {
      const host = await world.host({ name: "mail.strict.example", ...strict });
      const good = await contextWith(world, { issuer: "Woodgrove Issuing" });
      expect(await bring(host, { secureContext: good })).to.include({ outcome: "accepted" });
      const bad = [
        {},
        { issuer: "Other Root" },
        { issuer: "Woodgrove Issuing", flaw: "expired" },
        { issuer: "Woodgrove Issuing", flaw: "not-yet-valid" },
        { issuer: "Woodgrove Issuing", flaw: "revoked" },
      ] as const;
      for (const declared of bad) {
        const outcome = await bring(host, { secureContext: await contextWith(world, declared) });
        expect(fullReply(outcome), JSON.stringify(declared)).to.equal(refused);
      }
      expect(fullReply(await bring(host))).to.equal(refused);
      expect(fullReply(await bring(host, { tls: "never" }))).to.equal("451 5.7.3 Must issue a STARTTLS command first");
      expect(await host.delivered("carol@strict.example")).to.have.length(1);
    });
  });

  describe("that changes while it runs", () => {
    it("is another one for those who connect then, and as declared again after that", async () => {
      const host = await world.host({ name: "mail.changing.example" });
      const own = host.certificate?.thumbprint;
      await host.setFault({ tls: "none" });
      expect(await bring(host)).to.include({ encrypted: false });
      await host.setFault({ certificate: issued("expired") });
      const { presented } = await shownBy(host);
      expect(presented?.issuer).to.equal("CN=Woodgrove Issuing");
      expect(host.certificate?.thumbprint).to.equal(presented?.thumbprint).and.not.equal(own);
      await host.setFault({ certificate: null });
      expect(await bring(host)).to.include({ encrypted: false });
      expect(host.certificate).to.equal(undefined);
      await host.setFault(undefined);
      expect((await shownBy(host)).presented?.thumbprint).to.equal(own);
      expect(host.certificates().map(({ thumbprint }) => thumbprint)).to.deep.equal([own, presented?.thumbprint]);
    });

    it("keeps its certificate when only its manners change", async () => {
      const host = await world.host({ name: "mail.steady.example" });
      const own = host.certificate?.thumbprint;
      await host.setFault({
        tls: "required",
        tlsSettings: { minVersion: "TLSv1.3", maxVersion: "TLSv1.3", ciphers: null },
      });
      expect((await shownBy(host)).presented?.thumbprint).to.equal(own);
    });
  });
});
