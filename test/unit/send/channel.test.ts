import { expect } from "chai";
import fc from "fast-check";
import type { AttemptOutcome } from "../../../src/transport/mail-item.ts";
import { defaultOffers, fakeServers } from "./fake-server.ts";
import { newDelivery, newSender, openTo } from "./sender.ts";

const content = Buffer.from("Subject: Hello\r\n\r\n.hidden\r\nHi\r\n");
const without = (...keywords: string[]): string[] =>
  defaultOffers.encrypted.filter((offer) => !keywords.includes(offer));

/** Each recipient's outcome as `kind code enhanced`. */
const outcomes = (outcome: AttemptOutcome): string[] | string =>
  outcome.kind === "connectionFailed"
    ? outcome.lastError
    : outcome.recipients.map(({ kind, reply }) => `${kind} ${reply.code} ${reply.enhanced ?? ""}`);

describe("a channel to another Hub", () => {
  const { start, stop } = fakeServers();
  after(stop);

  it("hands a message over in two writes", async () => {
    const server = await start();
    const sender = newSender();
    const channel = await openTo(sender, server);
    const seen = server.sessions[0];
    const before = seen?.chunks ?? 0;
    await channel.deliver(newDelivery(["a@x.example", "b@x.example", "c@x.example"]), content);
    expect((seen?.chunks ?? 0) - before).to.equal(2);
    await channel.close();
  });

  it("takes many messages, one after another", async () => {
    const server = await start();
    const sender = newSender();
    const channel = await openTo(sender, server);
    for (let n = 0; n < 30; n++)
      expect(outcomes(await channel.deliver(newDelivery(["a@x.example"]), Buffer.from(`${n}\r\n`)))).to.deep.equal([
        "delivered 250 2.6.0",
      ]);
    expect(channel.usable).to.equal(true);
    await channel.close();
    expect(channel.usable).to.equal(false);
    expect(server.sessions).to.have.length(1);
    expect(server.sessions[0]?.contents).to.deep.equal(Array.from({ length: 30 }, (_, n) => `${n}\r\n`));
    expect(sender.records[0]?.messages).to.have.length(30);
  });

  it("says goodbye once, after what it is doing", async () => {
    const server = await start();
    const sender = newSender();
    const channel = await openTo(sender, server);
    const delivering = channel.deliver(newDelivery(["a@x.example"]), content);
    await Promise.all([channel.close(), channel.close()]);
    expect(outcomes(await delivering)).to.deep.equal(["delivered 250 2.6.0"]);
    expect(server.sessions[0]?.lines.filter((line) => line === "QUIT")).to.have.length(1);
    expect(sender.records).to.have.length(1);
  });

  it("goes on for those recipients that are taken", async () => {
    const server = await start({
      answer: (line) =>
        line.startsWith("RCPT TO:<b@")
          ? "550 5.1.1 User unknown"
          : line.startsWith("RCPT TO:<c@")
            ? "450 4.2.1 Later"
            : undefined,
    });
    const channel = await openTo(newSender(), server);
    const outcome = await channel.deliver(newDelivery(["a@x.example", "b@x.example", "c@x.example"]), content);
    expect(outcomes(outcome)).to.deep.equal(["delivered 250 2.6.0", "failed 550 5.1.1", "deferred 450 4.2.1"]);
    expect(outcome.kind === "answered" && outcome.recipients[1]).to.have.property(
      "remoteServer",
      "Hub1.proexchange.local",
    );
    expect(server.sessions[0]?.contents).to.have.length(1);
    await channel.close();
  });

  it("sends RSET and stays usable when nobody is taken", async () => {
    const server = await start({
      answer: (line) => (line === "RCPT TO:<b@x.example>" ? "550 5.1.1 User unknown" : undefined),
    });
    const channel = await openTo(newSender(), server);
    expect(outcomes(await channel.deliver(newDelivery(["b@x.example"]), content))).to.deep.equal(["failed 550 5.1.1"]);
    expect(server.sessions[0]?.lines.at(-1)).to.equal("RSET");
    expect(outcomes(await channel.deliver(newDelivery(["a@x.example"]), content))).to.deep.equal([
      "delivered 250 2.6.0",
    ]);
    await channel.close();
  });

  it("tells every recipient what the sender met", async () => {
    const server = await start({
      answer: (line) =>
        line.startsWith("MAIL")
          ? "550 5.7.1 Not you"
          : line.startsWith("RCPT")
            ? "503 5.5.2 Need mail command"
            : undefined,
    });
    const sender = newSender();
    const channel = await openTo(sender, server);
    expect(outcomes(await channel.deliver(newDelivery(["a@x.example", "b@x.example"]), content))).to.deep.equal([
      "failed 550 5.7.1",
      "failed 550 5.7.1",
    ]);
    expect(channel.usable).to.equal(true);
    expect(sender.shown().at(-1)).to.equal("<,503 5.5.2 Need mail command,"); // no transaction: nothing to reset
    await channel.close();
  });

  for (const [reply, outcome] of [
    ["452 4.3.1 Insufficient system resources", "deferred 452 4.3.1"],
    ["554 5.6.0 Invalid message content", "failed 554 5.6.0"],
  ] as const)
    it(`takes ${reply.slice(0, 3)} after the content for every recipient that had been taken`, async () => {
      const server = await start({ answer: (line) => (line === "BDAT LAST" ? reply : undefined) });
      const sender = newSender();
      const channel = await openTo(sender, server);
      expect(outcomes(await channel.deliver(newDelivery(["a@x.example", "b@x.example"]), content))).to.deep.equal([
        outcome,
        outcome,
      ]);
      expect(channel.usable).to.equal(true);
      await channel.close();
      expect(sender.records[0]?.messages).to.deep.equal([]);
    });

  for (const reply of [
    "530 5.7.1 Client was not authenticated",
    "454 4.7.0 Temporary authentication failure",
    "421 4.3.2 Service not active",
  ])
    it(`ends with the queue's affair, not the message's, at "${reply}"`, async () => {
      const server = await start({ answer: (line) => (line.startsWith("MAIL") ? reply : undefined) });
      const sender = newSender();
      const channel = await openTo(sender, server);
      expect(outcomes(await channel.deliver(newDelivery(["a@x.example"]), content))).to.equal(reply);
      expect(channel.usable).to.equal(false);
      expect(sender.records[0]?.failure).to.equal(reply);
      expect(server.sessions[0]?.contents).to.deep.equal([]);
    });

  it("says so when the peer drops the connection in the middle", async () => {
    const server = await start({ answer: (line) => (line === "BDAT LAST" ? "drop" : undefined) });
    const sender = newSender();
    const channel = await openTo(sender, server);
    expect(outcomes(await channel.deliver(newDelivery(["a@x.example"]), content))).to.equal(
      "421 4.4.2 Connection dropped due to SocketError",
    );
    expect(channel.usable).to.equal(false);
    expect(sender.shown().at(-1)).to.equal("-,,Remote");
    expect(sender.records[0]?.failure).to.equal("421 4.4.2 Connection dropped due to SocketError");
    await channel.close();
    expect(sender.shown().at(-1)).to.equal("-,,Remote");
  });

  it("fails what it is given after its end", async () => {
    const server = await start();
    const channel = await openTo(newSender(), server);
    await channel.close();
    expect((await channel.deliver(newDelivery(["a@x.example"]), content)).kind).to.equal("connectionFailed");
  });

  it("notices that an idle peer hangs up with a 421", async () => {
    const server = await start();
    let over: () => void = () => {};
    const ended = new Promise<void>((resolve) => (over = resolve));
    const sender = newSender();
    const report = sender.journal.report.bind(sender.journal);
    sender.journal.report = (event): void => {
      report(event);
      if (event.kind === "session") over();
    };
    const channel = await openTo(sender, server);
    server.sessions[0]?.say("421 4.3.2 Service not active");
    await ended;
    expect(channel.usable).to.equal(false);
    expect(sender.shown().slice(-2)).to.deep.equal(["<,421 4.3.2 Service not active,", "-,,Remote"]);
  });

  it("gives up on a peer that stops answering", async () => {
    const server = await start({ pieces: (text) => (text.startsWith("250 2.6.0") ? [] : [text]) });
    const channel = await openTo(newSender({ timeouts: { inactivityMs: 1_000 } }), server);
    expect(outcomes(await channel.deliver(newDelivery(["a@x.example"]), content))).to.equal(
      "421 4.4.1 Connection timed out",
    );
  });

  it("takes rubbish for no answer", async () => {
    const server = await start({ answer: (line) => (line === "BDAT LAST" ? "OK, fine" : undefined) });
    const channel = await openTo(newSender(), server);
    expect(outcomes(await channel.deliver(newDelivery(["a@x.example"]), content))).to.equal(
      "421 4.4.2 Connection dropped due to SocketError",
    );
  });

  describe("says to the peer only what it offered to take", () => {
    it("one command after another without PIPELINING", async () => {
      const server = await start({ offersEncrypted: without("PIPELINING") });
      const sender = newSender();
      const channel = await openTo(sender, server);
      await channel.deliver(newDelivery(["a@x.example", "b@x.example"]), content);
      await channel.close();
      const rows = sender.shown().map((row) => row.slice(0, 8));
      expect(rows.slice(rows.indexOf(">,MAIL F"), -4)).to.deep.equal([
        ">,MAIL F",
        "<,250 2.",
        ">,RCPT T",
        "<,250 2.",
        ">,RCPT T",
        "<,250 2.",
        ">,BDAT 3",
      ]);
    });

    it("DATA without CHUNKING, its dots doubled", async () => {
      const server = await start({ offersEncrypted: without("CHUNKING") });
      const sender = newSender();
      const channel = await openTo(sender, server);
      expect(outcomes(await channel.deliver(newDelivery(["a@x.example"]), content))).to.deep.equal([
        "delivered 250 2.6.0",
      ]);
      await channel.close();
      expect(server.sessions[0]?.contents).to.deep.equal(["Subject: Hello\r\n\r\n..hidden\r\nHi\r\n"]);
      expect(sender.shown()).to.include(">,DATA,").and.to.include("<,354 Start mail input; end with <CRLF>.<CRLF>,");
    });

    it("nothing more when DATA is refused", async () => {
      const server = await start({
        offersEncrypted: without("CHUNKING"),
        answer: (line) => (line === "DATA" ? "451 4.3.0 Not now" : undefined),
      });
      const channel = await openTo(newSender(), server);
      expect(outcomes(await channel.deliver(newDelivery(["a@x.example"]), content))).to.deep.equal([
        "deferred 451 4.3.0",
      ]);
      expect(server.sessions[0]?.lines.slice(-2)).to.deep.equal(["DATA", "RSET"]);
      await channel.close();
    });

    for (const [body, lacking] of [
      ["8BITMIME", ["8BITMIME"]],
      ["BINARYMIME", ["BINARYMIME"]],
      ["BINARYMIME", ["CHUNKING"]],
    ] as const)
      it(`no ${body} content without ${lacking.join()}`, async () => {
        const server = await start({ offersEncrypted: without(...lacking) });
        const channel = await openTo(newSender(), server);
        expect(outcomes(await channel.deliver(newDelivery(["a@x.example"], { body }), content))).to.deep.equal([
          "failed 554 5.6.1",
        ]);
        expect(server.sessions[0]?.lines.filter((line) => line.startsWith("MAIL"))).to.deep.equal([]);
        await channel.close();
      });

    it("the parameters of DSN, SIZE and BODY, as they were given", async () => {
      const dsn = {
        recipients: [{ address: "a@x.example", notify: ["SUCCESS", "DELAY"], orcpt: "rfc822;a+2Bb@x.example" }],
        ret: "HDRS" as const,
        envid: "QQ314159",
        body: "8BITMIME" as const,
      };
      const lines = async (offersEncrypted: string[]): Promise<string[]> => {
        const server = await start({ offersEncrypted });
        const channel = await openTo(newSender(), server);
        await channel.deliver(newDelivery([], dsn), content);
        await channel.close();
        return server.sessions[0]?.lines.filter((line) => /^(MAIL|RCPT)/.test(line)) ?? [];
      };
      expect(await lines(without())).to.deep.equal([
        `MAIL FROM:<anna@proexchange.local> SIZE=${content.length} BODY=8BITMIME RET=HDRS ENVID=QQ314159`,
        "RCPT TO:<a@x.example> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;a+2Bb@x.example",
      ]);
      expect(await lines(without("DSN", "SIZE"))).to.deep.equal([
        "MAIL FROM:<anna@proexchange.local> BODY=8BITMIME",
        "RCPT TO:<a@x.example>",
      ]);
    });

    it("the null sender as <>", async () => {
      const server = await start();
      const channel = await openTo(newSender(), server);
      await channel.deliver(newDelivery(["a@x.example"], { from: "" }), content);
      await channel.close();
      expect(server.sessions[0]?.lines).to.include(`MAIL FROM:<> SIZE=${content.length}`);
    });

    it("binary content octet by octet", async () => {
      const server = await start();
      const channel = await openTo(newSender(), server);
      const binary = Buffer.from(Array.from({ length: 70_000 }, (_, n) => (n * 7) % 256));
      await channel.deliver(newDelivery(["a@x.example"], { body: "BINARYMIME" }), binary);
      await channel.close();
      expect(server.sessions[0]?.contents[0]).to.equal(binary.toString("latin1"));
    });
  });

  it("comes to the same outcome and the same rows however the server's replies are cut", async () => {
    const server = await start({
      answer: (line) => (line === "RCPT TO:<b@x.example>" ? "550-5.1.1 User\r\n550 5.1.1 unknown" : undefined),
    });
    const run = async (cuts: readonly number[]): Promise<unknown> => {
      let cut = 0;
      server.options.pieces = (text) => {
        const pieces: string[] = [];
        for (let from = 0; from < text.length;) {
          const length = cuts.length === 0 ? text.length : (cuts[cut++ % cuts.length] as number);
          pieces.push(text.slice(from, from + length));
          from += length;
        }
        return pieces;
      };
      const sender = newSender();
      const channel = await openTo(sender, server);
      const outcome = await channel.deliver(newDelivery(["a@x.example", "b@x.example"]), content);
      await channel.close();
      return { outcome, rows: sender.shown() };
    };
    const whole = await run([]);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 12 }), async (cuts) => {
        expect(await run(cuts)).to.deep.equal(whole);
      }),
      { numRuns: 25 },
    );
  });
});
