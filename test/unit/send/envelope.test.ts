import { expect } from "chai";
import { reply } from "../../../src/smtp/index.ts";
import { parseExtensions, readReply } from "../../../src/transport/send/connection.ts";
import { bodyRefusal, envelopeCommands } from "../../../src/transport/send/envelope.ts";
import { envelopeOutcome, recipientOutcome, refusesTheSession } from "../../../src/transport/send/outcome.ts";
import { newDelivery } from "./sender.ts";

describe("the commands of a message", () => {
  it("cannot be made to hold another command", () => {
    const smuggled = newDelivery(["a@x.example>\r\nRCPT TO:<b@x.example"]);
    expect(() => envelopeCommands(smuggled, 1, new Map())).to.throw("line end");
  });

  it("let 7BIT content go anywhere", () => {
    expect(bodyRefusal("7BIT", new Map())).to.equal(undefined);
  });
});

describe("the answers to MAIL and RCPT", () => {
  const ok = reply(250, "2.1.0", "Sender OK");
  const no = reply(550, "5.1.1", "User unknown");
  const hub = { host: "hub", isOurs: true, reportsDelivery: true };
  const stranger = { host: "mx", isOurs: false, reportsDelivery: false };

  it("leave a transaction open only where something was taken", () => {
    expect(envelopeOutcome([ok, no], hub).open).to.equal(true);
    expect(envelopeOutcome([no, no], hub).open).to.equal(false);
    expect(envelopeOutcome([no, ok], hub)).to.deep.include({ open: true, accepted: false });
  });

  it("are sorted by their first digit", () => {
    expect(recipientOutcome(reply(251, "2.1.5", "Will forward"), hub).kind).to.equal("delivered");
    expect(recipientOutcome(reply(450, "4.2.1", "Later"), hub).kind).to.equal("deferred");
    expect(recipientOutcome(reply(354, "", "Go on"), hub).kind).to.equal("deferred");
    expect(recipientOutcome(no, hub)).to.deep.equal({ kind: "failed", reply: no, remoteServer: "hub" });
  });

  it("name who took the message where that host will never report its delivery", () => {
    expect(recipientOutcome(ok, hub)).to.deep.equal({ kind: "delivered", reply: ok });
    expect(recipientOutcome(ok, stranger)).to.deep.equal({ kind: "delivered", reply: ok, relayedTo: "mx" });
  });

  for (const [answer, byOurs, byStranger] of [
    [ok, false, false],
    [no, false, false],
    [reply(454, "4.3.0", "Busy"), false, false],
    [reply(421, "4.3.2", "Going"), true, true],
    [reply(0, "", "Eh?"), true, true],
    [reply(454, "4.7.0", "Temporary authentication failure"), true, false],
    [reply(530, "5.7.1", "Client was not authenticated"), true, false],
  ] as const)
    it(`${answer.code} ${answer.enhanced ?? ""} refuses ${byOurs ? "this server" : "the message"} among our own, ${byStranger ? "this server" : "the message"} elsewhere`, () => {
      expect(refusesTheSession(answer, hub)).to.equal(byOurs);
      expect(refusesTheSession(answer, stranger)).to.equal(byStranger);
    });
});

describe("reading replies", () => {
  it("joins the lines of one that has several", () => {
    expect(readReply("550-5.7.1 Unable\n550 5.7.1 to relay")).to.deep.equal({
      code: 550,
      enhanced: "5.7.1",
      lines: ["Unable", "to relay"],
    });
  });

  it("gives what is no reply the code 0", () => {
    expect(readReply("hello").code).to.equal(0);
    expect(readReply("").code).to.equal(0);
  });

  it("finds EHLO keywords in any case, with their arguments, and not in the greeting", () => {
    const extensions = parseExtensions(
      "250-STARTTLS.example Hello\n250-Size 1024\n250-AUTH NTLM\n250-AUTH LOGIN\n250 starttls",
    );
    expect([...extensions]).to.deep.equal([
      ["SIZE", "1024"],
      ["AUTH", "NTLM LOGIN"],
      ["STARTTLS", ""],
    ]);
  });
});
