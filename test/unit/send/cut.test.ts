import { expect } from "chai";
import { openSend } from "../../../src/transport/send/index.ts";
import { type FakeServer, type FakeServerOptions, fakeServers } from "./fake-server.ts";
import { newDelivery, newSender, putHubs, type Sender, siteB } from "./sender.ts";

const content = Buffer.from("Subject: Hello\r\n\r\nHi\r\n");

/** A server that falls silent for good once `line` has been said to it, and tells so. */
const silentFrom = (line: RegExp, tell: () => void): FakeServerOptions => {
  let silent = false;
  return {
    answer(said, encrypted) {
      silent ||= line.test(`${encrypted ? "in TLS: " : ""}${said}`);
      if (silent) setImmediate(tell);
      return undefined;
    },
    pieces: (text) => (silent ? [] : [text]),
  };
};

describe("a Send session that is cut off", () => {
  const { start, stop } = fakeServers();
  after(stop);

  const openTo = (sender: Sender, cut: AbortSignal, ...servers: FakeServer[]) => {
    putHubs(sender, ...servers);
    return openSend(sender)(siteB, cut);
  };

  for (const [stage, line] of [
    ["EHLO", /^EHLO/],
    ["STARTTLS", /^STARTTLS/],
    ["the second EHLO", /^in TLS: EHLO/],
    ["X-EXPS", /^in TLS: X-EXPS/],
  ] as const) {
    it(`ends at once where the peer says nothing to ${stage}, and no other Hub is tried`, async () => {
      const cut = new AbortController();
      const sender = newSender();
      const silent = await start(silentFrom(line, () => cut.abort()));
      const next = await start();
      const opened = await openTo(sender, cut.signal, silent, next);
      expect("lastError" in opened && opened.lastError).to.include("421 4.4.2 Connection dropped");
      expect(next.sessions).to.deep.equal([]);
      expect(sender.shown().at(-1)).to.equal("-,,Local");
      expect(sender.records).to.have.length(1);
    });
  }

  it("ends at once where the peer does not even greet", async () => {
    const cut = new AbortController();
    const pieces = (): string[] => {
      setImmediate(() => cut.abort());
      return [];
    };
    expect(await openTo(newSender(), cut.signal, await start({ pieces }))).to.have.property("lastError");
  });

  it("fails the delivery that it has in hand", async () => {
    const cut = new AbortController();
    const channel = await openTo(newSender(), cut.signal, await start(silentFrom(/BDAT LAST/, () => cut.abort())));
    if (!("deliver" in channel)) throw new Error("It did not open");
    const outcome = await channel.deliver(newDelivery(["bob@proexchange.local"]), content);
    expect(outcome).to.include({ kind: "connectionFailed" });
    expect(channel.usable).to.equal(false);
    await channel.close();
  });

  it("does not begin where the cut was made before", async () => {
    const server = await start();
    expect(await openTo(newSender(), AbortSignal.abort(), server)).to.have.property("lastError");
    expect(server.sessions.flatMap(({ lines }) => lines)).to.deep.equal([]);
  });
});
