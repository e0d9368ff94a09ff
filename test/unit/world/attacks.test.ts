import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { connect as connectTls, createServer as createTlsServer, createSecureContext, type TLSSocket } from "node:tls";
import { expect } from "chai";
import { injectPlainText } from "../../../src/world/attacks/inject-plain-text.ts";
import { listen } from "../../../src/world/attacks/listen.ts";
import { stripStartTls } from "../../../src/world/attacks/strip-starttls.ts";
import { swapCertificate } from "../../../src/world/attacks/swap-certificate.ts";
import { beginsTls, replyReader, withoutTls } from "../../../src/world/attacks/verbs.ts";
import { sendAsOutsideClient } from "../../../src/world/index.ts";
import { type Attack, type Middle, startMiddle } from "../../../src/world/middle.ts";
import { type MadeCertificate, makeCertificate } from "../certificates/make.ts";
import { type FakeServer, fakeServers } from "../send/fake-server.ts";
import { RawClient } from "../receive/raw-client.ts";

const anywhere = { address: "127.0.0.1", port: 0 };
const secret = "Sell everything by Friday";

describe("reading what SMTP servers and clients say of TLS", () => {
  it("knows a command that begins TLS, and only when it stands alone", () => {
    for (const text of ["STARTTLS\r\n", "starttls\n", "X-ANONYMOUSTLS\r\n"])
      expect(beginsTls(Buffer.from(text)), text).to.equal(true);
    for (const text of ["STARTTLS", "STARTTLS now\r\n", "EHLO x\r\nSTARTTLS\r\n", "NOOP\r\n"])
      expect(beginsTls(Buffer.from(text)), text).to.equal(false);
  });

  it("takes TLS out of an EHLO reply wherever it stands, and leaves a well-formed reply", () => {
    const reply = (...lines: string[]) => withoutTls(lines);
    expect(reply("250-mail", "250-STARTTLS", "250 SIZE")).to.deep.equal(["250-mail", "250 SIZE"]);
    expect(reply("250-mail", "250-SIZE", "250-X-ANONYMOUSTLS", "250 STARTTLS")).to.deep.equal(["250-mail", "250 SIZE"]);
    expect(reply("250-mail", "250 starttls")).to.deep.equal(["250 mail"]);
    expect(reply("250 STARTTLS")).to.deep.equal(["250 STARTTLS"]);
    expect(reply("214-STARTTLS", "214 more")).to.deep.equal(["214-STARTTLS", "214 more"]);
  });

  it("puts replies together from whatever pieces they come in", () => {
    const replies: string[][] = [];
    const read = replyReader((lines) => void replies.push([...lines]));
    for (const piece of ["220 a\r\n25", "0-b\r", "\n250 c\n2", "21 d\r\n"]) read(Buffer.from(piece));
    expect(replies).to.deep.equal([["220 a"], ["250-b", "250 c"], ["221 d"]]);
  });
});

describe("somebody in the middle", () => {
  const { start, stop } = fakeServers();
  const middles: Middle[] = [];
  after(async () => {
    await Promise.all(middles.map((middle) => middle.close()));
    await stop();
  });

  const standBefore = async ({ endpoint }: FakeServer, attack: Attack): Promise<Middle> => {
    const middle = await startMiddle(anywhere, () => endpoint, attack);
    middles.push(middle);
    return middle;
  };
  const send = (middle: Middle, tls: "opportunistic" | "required" = "opportunistic") =>
    sendAsOutsideClient({
      endpoint: middle.endpoint,
      ehlo: "mail.fabrikam.example",
      tls,
      from: "carol@fabrikam.example",
      to: ["bob@proexchange.local"],
      content: `Subject: Hi\r\n\r\n${secret}\r\nSTARTTLS\r\n`,
    });

  describe("who only listens", () => {
    it("changes nothing, and reads nothing of what is encrypted", async () => {
      const server = await start();
      const middle = await standBefore(server, listen);
      const outcome = await send(middle);
      expect(outcome).to.include({ encrypted: true, certificateThumbprint: server.thumbprint, outcome: "accepted" });
      expect(middle.heard("client")).to.match(/^EHLO mail\.fabrikam\.example\r\nSTARTTLS\r\n/);
      expect(middle.heard()).to.include("250-STARTTLS").and.not.include(secret);
    });

    it("reads all that is in the clear, from both sides", async () => {
      const middle = await standBefore(await start({ offersInTheClear: ["SIZE"] }), listen);
      expect((await send(middle)).encrypted).to.equal(false);
      expect(middle.heard("client")).to.include(secret);
      expect(middle.heard("server")).to.include("354 Start mail input");
    });

    it("turns clients away while there is no server, and ends with whoever ends", async () => {
      const middle = await startMiddle(anywhere, () => undefined, listen);
      middles.push(middle);
      expect((await send(middle)).refusal?.code).to.equal(421);
      const server = await start();
      const open = await standBefore(server, listen);
      const client = await RawClient.connect(open.endpoint);
      await client.reply();
      client.close();
      await server.sessions[0]?.ended;
      const other = await RawClient.connect(open.endpoint);
      await other.reply();
      open.cut();
      expect(await other.rest()).to.deep.equal([]);
    });
  });

  describe("who strips STARTTLS", () => {
    it("makes opportunistic mail leak", async () => {
      const server = await start();
      const middle = await standBefore(server, stripStartTls);
      expect(await send(middle)).to.include({ encrypted: false, outcome: "accepted" });
      expect(server.sessions[0]?.contents).to.deep.equal([`Subject: Hi\r\n\r\n${secret}\r\nSTARTTLS\r\n`]);
      expect(middle.heard("client")).to.include(secret);
      expect(middle.heard("server")).to.include("250-STARTTLS");
    });

    it("hears no mail of a client that requires TLS", async () => {
      const middle = await standBefore(await start(), stripStartTls);
      expect((await send(middle, "required")).refusal).to.include({ code: 451, enhanced: "5.7.3" });
      expect(middle.heard("client")).to.equal("EHLO mail.fabrikam.example\r\nQUIT\r\n");
    });

    it("answers in the server's place a client that asks all the same, by either verb", async () => {
      const server = await start();
      const middle = await standBefore(server, stripStartTls);
      const client = await RawClient.connect(middle.endpoint);
      await client.reply();
      for (const verb of ["STARTTLS", "X-ANONYMOUSTLS"])
        expect(await client.say(verb)).to.equal("502 5.3.3 Command not implemented");
      expect(await client.say("NOOP")).to.equal("500 5.3.3 Unrecognized command");
      expect(server.sessions[0]?.lines).to.deep.equal(["NOOP"]);
      client.close();
    });
  });

  describe("who writes commands behind STARTTLS", () => {
    const commands = "MAIL FROM:<mallory@attacker.example>\r\n";

    it("is obeyed inside TLS by a server that keeps what it has read", async () => {
      const server = await start(); // it is that careless
      await send(await standBefore(server, injectPlainText(commands)));
      const { lines = [] } = server.sessions[0] ?? {};
      expect(lines.slice(0, 3)).to.deep.equal([
        "EHLO mail.fabrikam.example",
        "STARTTLS",
        "MAIL FROM:<mallory@attacker.example>",
      ]);
    });

    it("writes nothing where no TLS begins", async () => {
      const server = await start({ offersInTheClear: [] });
      expect(await send(await standBefore(server, injectPlainText(commands)))).to.include({ outcome: "accepted" });
      expect(server.sessions[0]?.inTheClear).to.not.include("mallory");
    });
  });

  describe("who swaps the certificate", () => {
    let lookalike: MadeCertificate;
    before(async () => void (lookalike = await makeCertificate({ commonName: "fake" })));
    const swap = (when: "start" | "starttls", seen: Buffer[] = []): Attack =>
      swapCertificate((presented) => {
        seen.push(presented);
        return Promise.resolve(createSecureContext({ key: lookalike.keyPair.privateKeyPem, cert: lookalike.pem }));
      }, when);

    it("shows its own, having seen the server's, and reads the mail", async () => {
      const server = await start();
      const seen: Buffer[] = [];
      const middle = await standBefore(server, swap("starttls", seen));
      expect(await send(middle, "required")).to.include({
        encrypted: true,
        certificateThumbprint: lookalike.certificate.thumbprint,
        outcome: "accepted",
      });
      expect(seen).to.deep.equal([server.certificate.raw]);
      expect(middle.heard("client")).to.include(secret);
      expect(server.sessions[0]?.encrypted).to.include(secret);
    });

    it("leaves a session alone in which no TLS begins", async () => {
      const refusing = await start({ answer: (line) => (line === "STARTTLS" ? "454 4.7.0 Not now" : undefined) });
      const middle = await standBefore(refusing, swap("starttls"));
      expect(await send(middle)).to.include({ encrypted: false, outcome: "accepted" });
    });

    it("ends the session of a client when the server does no handshake", async () => {
      const middle = await standBefore(await start({ noHandshake: true }), swap("starttls"));
      expect((await send(middle)).refusal?.code).to.equal(421);
    });

    it("does so from the first octet where TLS begins with it", async () => {
      const { keyPair, pem } = await makeCertificate({ commonName: "edge" });
      const server = createTlsServer({ key: keyPair.privateKeyPem, cert: pem }, (socket) => {
        socket.on("error", () => {});
        socket.on("data", (octets: Buffer) => void socket.end(`echo ${octets.toString()}`));
      });
      server.on("tlsClientError", () => {});
      const endpoint = await listening(server);
      const middle = await startMiddle(anywhere, () => endpoint, swap("start"));
      middles.push(middle);
      const client = connectTls({ host: "127.0.0.1", port: middle.endpoint.port, rejectUnauthorized: false });
      await once(client, "secureConnect");
      expect(client.getPeerX509Certificate()?.fingerprint.replaceAll(":", "")).to.equal(
        lookalike.certificate.thumbprint,
      );
      client.write(secret);
      expect(await textOf(client)).to.equal(`echo ${secret}`);
      expect(middle.heard()).to.equal(`${secret}echo ${secret}`);
      server.close();
    });

    it("hangs up on a client when nothing that speaks TLS is behind it", async () => {
      const deaf = createServer((socket) => socket.on("error", () => {}).end("no TLS here\r\n"));
      const endpoint = await listening(deaf);
      const middle = await startMiddle(anywhere, () => endpoint, swap("start"));
      middles.push(middle);
      const client = connectTls({ host: "127.0.0.1", port: middle.endpoint.port, rejectUnauthorized: false });
      const [failure] = (await once(client, "error")) as [NodeJS.ErrnoException];
      expect(failure.code).to.equal("ECONNRESET");
      deaf.close();
    });
  });
});

async function listening(server: Server): Promise<{ address: string; port: number }> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const bound = server.address();
  return { address: "127.0.0.1", port: typeof bound === "object" && bound ? bound.port : 0 };
}

async function textOf(socket: TLSSocket | Socket): Promise<string> {
  let text = "";
  socket.on("data", (octets: Buffer) => (text += octets.toString()));
  await once(socket, "end");
  return text;
}
