import { expect } from "chai";
import { smtpPort } from "../../../src/dns/index.ts";
import type { DeclaredHost, Host } from "../../../src/world/index.ts";
import { type FakeServer, fakeServers } from "../send/fake-server.ts";
import { mailFor, selfSigned, useWorld } from "./world.ts";

const content = Buffer.from("Subject: Hi\r\nMessage-ID: <1@fabrikam.example>\r\n\r\nHello\r\n");

describe("an outside host that sends", () => {
  const world = useWorld();
  const fakes = fakeServers();
  after(fakes.stop);
  let made = 0;

  /** A sender, and its word on a message to carol at each of these hosts. */
  async function sends(change: Partial<DeclaredHost>, ...receivers: (Host | string)[]) {
    const sender = await world.host({ name: `mail.sender${++made}.example`, ...change });
    const to = receivers.map((one) => (typeof one === "string" ? one : `carol@${one.declared.domains[0]?.name}`));
    const outcome = await sender.send({ from: "dave@sender.example", to, content });
    const refused = outcome.refused.map(
      ({ command, reply }) => `${command}: ${[reply.code, reply.enhanced, ...reply.lines].join(" ")}`,
    );
    return { ...outcome, refused, sender };
  }
  /** A receiver of a domain of its own. */
  const receives = (change: Partial<DeclaredHost> = {}) =>
    world.host({ name: `mail.receiver${++made}.example`, ...change });
  const takenBy = async (host: Host): Promise<number> =>
    (await host.delivered(`carol@${host.declared.domains[0]?.name}`)).length;
  const issued = { issuer: "Woodgrove Issuing", names: [], flaw: null };

  /** Names a fake server as the only exchanger of a domain. */
  async function fakeExchanger(options: Parameters<typeof fakes.start>[0] = {}): Promise<FakeServer & { to: string }> {
    const fake = await fakes.start(options);
    const domain = `fake${++made}.example`;
    world.names.setHost(`mail.${domain}`, smtpPort, fake.endpoint);
    world.names.setMailExchangers(domain, [{ host: `mail.${domain}`, preference: 10 }]);
    return Object.assign(fake, { to: `carol@${domain}` });
  }

  it("brings a message to the mail exchanger of each recipient's domain, under its own name", async () => {
    const [one, other] = [await receives(), await receives()];
    const outcome = await sends({}, one, other);
    expect(outcome.refused).to.deep.equal([]);
    expect(outcome.accepted).to.have.length(2);
    expect(outcome.presented).to.equal(one.certificate?.thumbprint);
    expect((await mailFor(one, outcome.accepted[0] as string))[0]).to.match(
      new RegExp(`from ${outcome.sender.name} \\(\\[127\\.0\\.0\\.1\\]\\)`),
    );
    expect(await takenBy(other)).to.equal(1);
  });

  it("says so where a domain has no mail exchanger, and still brings what it can", async () => {
    const receiver = await receives();
    const outcome = await sends({}, "eve@nowhere.example", receiver);
    expect(outcome.refused).to.deep.equal(["MX nowhere.example: 550 5.1.2 No mail exchanger for nowhere.example"]);
    expect(await takenBy(receiver)).to.equal(1);
  });

  describe("to several exchangers of a domain", () => {
    const name = (domain: string, ...hosts: (Host | FakeServer | string)[]): string => {
      const exchangers = hosts.map((host, index) => {
        if (typeof host === "string") return { host, preference: index };
        const fqdn = "name" in host ? host.name : `mx${index}.${domain}`;
        world.names.setHost(fqdn, smtpPort, host.endpoint);
        return { host: fqdn, preference: index };
      });
      world.names.setMailExchangers(domain, exchangers);
      return `carol@${domain}`;
    };

    it("passes by those that nobody is at, that turn it away or that it does not want", async () => {
      const domain = "several.example";
      const busy = await fakes.start({ banner: "421 4.3.2 Service not available" });
      const gone = await fakes.start();
      await gone.close();
      const good = await receives({ domains: [{ name: domain, preference: 10 }], certificate: issued });
      const to = name(domain, "nobody.example", busy, gone, await fakes.start(), good);
      const outcome = await sends({ sends: "verified", trusts: ["Woodgrove Root"] }, to);
      expect(outcome).to.deep.include({ accepted: [to], refused: [], presented: good.certificate?.thumbprint });
    });

    it("tells what the last one said where none will have it", async () => {
      const to = name("deaf.example", await fakes.start(), "nobody.example");
      const outcome = await sends({ sends: "verified", trusts: ["Woodgrove Root"] }, to);
      expect(outcome.refused).to.deep.equal(["A nobody.example: 450 4.4.4 Nobody is at nobody.example"]);
    });

    it("takes a refusal of the message for an answer", async () => {
      const refusing = await fakes.start({
        answer: (line) => (line.startsWith("RCPT") ? "550 5.1.1 Unknown" : undefined),
      });
      const second = await receives({ domains: [{ name: "final.example", preference: 10 }] });
      const to = name("final.example", refusing, second);
      expect((await sends({}, to)).refused).to.deep.equal([`RCPT TO:<${to}>: 550 5.1.1 Unknown`]);
      expect(await takenBy(second)).to.equal(0);
    });
  });

  describe("in the clear", () => {
    it("does so although TLS is offered", async () => {
      const receiver = await receives();
      expect(await sends({ sends: "in-the-clear" }, receiver)).to.deep.include({ presented: undefined, refused: [] });
      expect(await takenBy(receiver)).to.equal(1);
    });
  });

  describe("opportunistically", () => {
    it("uses TLS where it is offered, whatever it is shown, and does without where it is not", async () => {
      const expired = await receives({ certificate: { ...issued, flaw: "expired" } });
      expect(await sends({}, expired)).to.deep.include({ presented: expired.certificate?.thumbprint, refused: [] });
      expect(await sends({}, await receives({ tls: "none" }))).to.deep.include({ presented: undefined, refused: [] });
    });

    it("does without where STARTTLS is refused, and does not count that as a refusal", async () => {
      const fake = await fakeExchanger({ answer: (line) => (line === "STARTTLS" ? "454 4.7.0 Not now" : undefined) });
      expect(await sends({}, fake.to)).to.deep.include({ presented: undefined, refused: [], accepted: [fake.to] });
    });

    it("says nothing in the clear after a handshake that failed", async () => {
      const fake = await fakeExchanger({ noHandshake: true });
      const { accepted, refused } = await sends({}, fake.to);
      expect(accepted).to.deep.equal([]);
      expect(refused[0]).to.match(/^STARTTLS: 421 4\.4\.2 /);
      expect(fake.sessions).to.have.length(1);
    });
  });

  describe("that requires TLS", () => {
    it("brings nothing to whoever does not offer it", async () => {
      const receiver = await receives({ tls: "none" });
      const { refused, sender } = await sends({ sends: "required" }, receiver);
      expect(refused).to.deep.equal([`EHLO ${sender.name}: 451 5.7.3 STARTTLS is required to send mail`]);
      expect(await takenBy(receiver)).to.equal(0);
    });

    it("is content with any certificate", async () => {
      expect((await sends({ sends: "required" }, await receives())).refused).to.deep.equal([]);
    });
  });

  describe("that verifies", () => {
    const verified = { sends: "verified", trusts: ["Woodgrove Root"] } as const;

    it("brings mail to the host whose certificate leads to an authority it trusts", async () => {
      const receiver = await receives({ certificate: issued });
      expect((await sends(verified, receiver)).refused).to.deep.equal([]);
      expect(await takenBy(receiver)).to.equal(1);
    });

    for (const [what, certificate, why] of [
      ["signed itself", selfSigned, /\(CN=mail\.receiver\d+\.example\)/],
      ["another authority issued", { ...selfSigned, issuer: "Other Root" }, /Other Root/],
      ["has expired", { ...issued, flaw: "expired" }, /expired/],
      ["is not valid yet", { ...issued, flaw: "not-yet-valid" }, /is not valid before/],
      ["was revoked", { ...issued, flaw: "revoked" }, /was revoked by CN=Woodgrove/],
      ["bears another name", { ...issued, flaw: "wrong-host" }, /does not bear the name/],
    ] as const)
      it(`says no word of a message to one whose certificate ${what}`, async () => {
        const receiver = await receives({ certificate });
        const { refused } = await sends(verified, receiver);
        expect(refused).to.have.length(1);
        expect(refused[0])
          .to.match(/^STARTTLS: 454 4\.7\.5 Certificate validation failure: /)
          .and.match(why);
        expect(await takenBy(receiver)).to.equal(0);
      });

    it("nor to one that offers no TLS, and says in the clear no more than EHLO and QUIT", async () => {
      const fake = await fakeExchanger({ offersInTheClear: ["SIZE"] });
      const { refused, sender } = await sends(verified, fake.to);
      expect(refused[0]).to.match(/451 5\.7\.3 STARTTLS is required/);
      expect(fake.sessions[0]?.lines).to.deep.equal([`EHLO ${sender.name}`, "QUIT"]);
    });

    it("says inside TLS no more than QUIT to one that it does not trust", async () => {
      const fake = await fakeExchanger();
      const { sender } = await sends(verified, fake.to);
      expect(fake.sessions[0]?.lines).to.deep.equal([`EHLO ${sender.name}`, "STARTTLS", "QUIT"]);
    });
  });

  describe("to a host that asks for its certificate", () => {
    const strict = { clientCertificates: "required", trusts: ["Woodgrove Root"], certificate: issued } as const;

    it("presents it, with what is above it", async () => {
      const receiver = await receives(strict);
      expect((await sends({ certificate: issued }, receiver)).refused).to.deep.equal([]);
      expect(await takenBy(receiver)).to.equal(1);
    });

    it("is refused with the wrong one, and without", async () => {
      const receiver = await receives(strict);
      for (const certificate of [selfSigned, null])
        expect((await sends({ certificate }, receiver)).refused[0]).to.match(/^MAIL FROM:<.*>: 454 4\.7\.5 /);
      expect(await takenBy(receiver)).to.equal(0);
    });

    it("presents another one under a fault", async () => {
      const receiver = await receives(strict);
      const sender = await world.host({ name: "mail.renewed.example", certificate: issued });
      await sender.setFault({ certificate: { ...issued, flaw: "expired" } });
      const to = [`carol@${receiver.declared.domains[0]?.name}`];
      expect((await sender.send({ from: "dave@renewed.example", to, content })).accepted).to.deep.equal([]);
      await sender.setFault(undefined);
      expect((await sender.send({ from: "dave@renewed.example", to, content })).accepted).to.deep.equal(to);
    });
  });

  it("speaks the versions that it is told to", async () => {
    const tlsSettings = { minVersion: "TLSv1.1", maxVersion: "TLSv1.1", ciphers: null } as const;
    const { refused } = await sends({ tlsSettings }, await receives());
    expect(refused[0]).to.match(/^STARTTLS: 421 /);
    expect((await sends({ tlsSettings }, await receives({ tlsSettings }))).refused).to.deep.equal([]);
  });
});
