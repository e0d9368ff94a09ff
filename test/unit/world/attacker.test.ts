import { expect } from "chai";
import { edgeSyncPort, smtpPort } from "../../../src/dns/index.ts";
import { type Attacker, type DeclaredAttacker, startAttacker } from "../../../src/world/index.ts";
import { RawClient } from "../receive/raw-client.ts";
import { mailFor, start, type TestWorld, useWorld } from "./world.ts";

const content = Buffer.from("Subject: Hi\r\nMessage-ID: <1@fabrikam.example>\r\n\r\nSell everything by Friday\r\n");

describe("an attacker before an outside host", () => {
  const world = useWorld();
  let made = 0;

  /** An attacker, the host that he stands before, and one that sends to it. */
  async function scene(does: DeclaredAttacker["does"], change: Partial<DeclaredAttacker> = {}) {
    const receiver = await world.host({ name: `mail.target${++made}.example` });
    const sender = await world.host({ name: `mail.sender${made}.example` });
    const attacker = await attackerBefore(world, receiver.name, { does, ...change });
    const to = `carol@target${made}.example`;
    const send = () => sender.send({ from: "dave@sender.example", to: [to], content });
    return { receiver, sender, attacker, to, send };
  }

  it("stands in the way from the start, or only once he is told to, and goes when he is told to", async () => {
    const { attacker, send } = await scene("listen", { fromTheStart: false });
    await send();
    expect(attacker).to.include({ present: false });
    expect(attacker.heard()).to.equal("");
    attacker.setPresent(true);
    attacker.setPresent(true);
    await send();
    const heard = attacker.heard();
    expect(heard)
      .to.match(/EHLO mail\.sender\d+\.example\r\n/)
      .and.not.include("Sell everything");
    attacker.setPresent(false);
    await send();
    expect(attacker.heard()).to.equal(heard);
    expect((await scene("listen")).attacker.present).to.equal(true);
  });

  it("takes his connections along when he goes", async () => {
    const { attacker } = await scene("listen");
    const client = await RawClient.connect(attacker.endpoint);
    await client.reply();
    attacker.setPresent(false);
    expect(await client.rest()).to.deep.equal([]);
  });

  it("who strips STARTTLS reads mail that is sent opportunistically", async () => {
    const { attacker, receiver, to, send } = await scene("strip-starttls");
    expect(await send()).to.deep.include({ accepted: [to], presented: undefined });
    expect(attacker.heard()).to.include("Sell everything by Friday");
    expect((await mailFor(receiver, to))[0]).to.match(/with\s+ESMTP;/);
  });

  it("who swaps the certificate shows one with the same names, and reads the mail", async () => {
    const { attacker, receiver, to, send } = await scene("swap-certificate");
    const outcome = await send();
    const [lookalike, ...more] = attacker.certificates();
    expect(more).to.deep.equal([]);
    expect(outcome).to.deep.include({ accepted: [to], presented: lookalike?.thumbprint });
    expect(lookalike).to.deep.include({
      subject: receiver.certificate?.subject,
      certificateDomains: receiver.certificate?.certificateDomains,
      selfSigned: true,
    });
    expect(lookalike?.thumbprint).to.not.equal(receiver.certificate?.thumbprint);
    expect(attacker.heard()).to.include("Sell everything by Friday");
    await send();
    expect(attacker.certificates()).to.have.length(1);
  });

  it("who swaps the certificate does not get past a sender that verifies", async () => {
    const { attacker, sender, send } = await scene("swap-certificate");
    await sender.setFault({ sends: "verified" });
    expect((await send()).refused[0]?.reply).to.include({ code: 454, enhanced: "4.7.5" });
    expect(attacker.heard()).to.not.match(/MAIL FROM|Sell everything/);
  });

  it("who writes commands behind STARTTLS achieves nothing here", async () => {
    const { receiver, attacker, to, send } = await scene("inject-plain-text");
    expect(await send()).to.deep.include({ accepted: [to], presented: receiver.certificate?.thumbprint });
    const [message = "", ...more] = await mailFor(receiver, to);
    expect(more).to.deep.equal([]);
    expect(message).to.include("Return-Path: <dave@sender.example>");
    expect(attacker.heard()).to.not.include("mallory");
  });

  it("stands before the port that is named, and leaves the others alone", async () => {
    const { receiver, attacker } = await scene("listen", { service: "edgesync" });
    expect(world.names.locate(receiver.name, edgeSyncPort)).to.deep.equal(attacker.endpoint);
    expect(world.names.locate(receiver.name, smtpPort)).to.deep.equal(receiver.endpoint);
  });

  it("says that he cannot listen where somebody does", async () => {
    const { attacker } = await scene("listen");
    const second = attackerBefore(world, "mail.target1.example", { does: "listen" }, attacker.endpoint);
    expect(await second.catch((thrown: unknown) => thrown)).to.have.property("code", "WORLD_ADDRESS_IN_USE");
  });
});

async function attackerBefore(
  world: TestWorld,
  target: string,
  change: Partial<DeclaredAttacker>,
  at = { address: "127.0.0.1", port: 0 },
): Promise<Attacker> {
  const declared: DeclaredAttacker = {
    name: "mallory",
    before: target,
    service: "smtp",
    does: "listen",
    fromTheStart: true,
    ...change,
  };
  const { names, keys } = world;
  const attacker = await startAttacker(declared, { names, target, at, keys, now: () => start });
  world.atEnd(() => attacker.close());
  return attacker;
}
