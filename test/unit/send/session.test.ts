import { expect } from "chai";
import type { Channel } from "../../../src/transport/mail-item.ts";
import { relayTo } from "../../../src/transport/send/index.ts";
import { defaultOffers, type FakeServer, type FakeServerOptions, startFakeServer } from "./fake-server.ts";
import { hub, newDelivery, newSender, type Sender, siteA } from "./sender.ts";

const content = Buffer.from("Subject: Hello\r\n\r\n.hidden\r\nHi\r\n");

describe("a Send session", () => {
  const servers: FakeServer[] = [];
  const start = async (options: FakeServerOptions = {}): Promise<FakeServer> => {
    const server = await startFakeServer(options);
    servers.push(server);
    return server;
  };
  const open = async (sender: Sender, ...hubs: FakeServer[]): Promise<Channel> => {
    const opened = await relayTo(sender, () => hubs.map((server, n) => hub(`Hub${n + 1}`, server)))(siteA);
    if ("lastError" in opened) throw new Error(opened.lastError);
    return opened;
  };
  const _failToOpen = async (sender: Sender, ...hubs: FakeServer[]): Promise<string> => {
    const opened = await relayTo(sender, () => hubs.map((server, n) => hub(`Hub${n + 1}`, server)))(siteA);
    if (!("lastError" in opened)) throw new Error("It opened");
    return opened.lastError;
  };
  after(async () => {
    await Promise.all(servers.map((server) => server.close()));
  });

  it("leaves the canonical rows", async () => {
    const server = await start();
    const sender = newSender();
    const channel = await open(sender, server);
    const outcome = await channel.deliver(newDelivery(["bob@proexchange.local"]), content);
    await channel.close();

    expect(outcome).to.deep.equal({
      kind: "answered",
      recipients: [
        { kind: "delivered", reply: { code: 250, enhanced: "2.6.0", lines: ["<m@fake> Queued mail for delivery"] } },
      ],
    });
    const ehlo = (offers: readonly string[]): string[] => [
      ">,EHLO Ex2007SE.proexchange.local,",
      "<,250-fake.example Hello [127.0.0.1],",
      ...offers.map((offer, n) => `<,250${n === offers.length - 1 ? " " : "-"}${offer},`),
    ];
    expect(sender.shown()).to.deep.equal([
      "*,,attempting to connect",
      "+,,",
      "<,220 fake.example Microsoft ESMTP MAIL Service ready at Mon, 12 May 2008 10:00:00 +0000,",
      ...ehlo(defaultOffers.inTheClear),
      ">,STARTTLS,",
      "<,220 2.0.0 SMTP server ready,",
      "*,,Received certificate",
      `*,${server.thumbprint},Certificate thumbprint`,
      ...ehlo(defaultOffers.encrypted),
      ">,X-EXPS EXCHANGEAUTH,",
      ">,<Binary Data>,",
      "<,235 <authentication response>,",
      "*,1407,sending message",
      `>,MAIL FROM:<anna@proexchange.local> SIZE=${content.length},`,
      ">,RCPT TO:<bob@proexchange.local>,",
      "<,250 2.1.0 Sender OK,",
      "<,250 2.1.5 Recipient OK,",
      `>,BDAT ${content.length} LAST,`,
      "<,250 2.6.0 <m@fake> Queued mail for delivery,",
      ">,QUIT,",
      "<,221 2.0.0 Service closing transmission channel,",
      "-,,Local",
    ]);
    expect(sender.rows.map((row) => row.sequence)).to.deep.equal(sender.rows.map((_, n) => n));
    expect(sender.rows[0]?.local).to.equal(undefined);
    expect(sender.rows[1]?.local?.address).to.equal("127.0.0.1");
    expect(server.sessions[0]?.contents).to.deep.equal([content.toString()]);
  });
});
