import { expect } from "chai";
import { sendAsOutsideClient } from "../../../src/world/index.ts";
import { type FakeServer, fakeServers } from "../send/fake-server.ts";

describe("sendAsOutsideClient", () => {
  const { start, stop } = fakeServers();
  after(stop);

  type Mail = Parameters<typeof sendAsOutsideClient>[0];
  const send = ({ endpoint }: FakeServer, changes: Partial<Mail> = {}): ReturnType<typeof sendAsOutsideClient> =>
    sendAsOutsideClient({
      endpoint,
      ehlo: "mail.fabrikam.example",
      tls: "opportunistic",
      from: "someone@fabrikam.example",
      to: ["bob@proexchange.local"],
      content: "Subject: Hi\r\n\r\n.\r\n",
      ...changes,
    });
  const plainOnly = ["SIZE", "PIPELINING"];

  it("takes TLS where it is offered, and judges nobody", async () => {
    const server = await start();
    const outcome = await send(server);
    expect(outcome).to.include({
      encrypted: true,
      certificateThumbprint: server.thumbprint,
      outcome: "accepted",
      refusal: undefined,
    });
    expect(server.sessions[0]?.contents).to.deep.equal(["Subject: Hi\r\n\r\n..\r\n"]);
    expect(server.sessions[0]?.inTheClear).to.equal("EHLO mail.fabrikam.example\r\nSTARTTLS\r\n");
    expect(outcome.exchanges.map(({ said, reply }) => `${said}: ${reply.code}`)).to.deep.equal([
      "connect: 220",
      "EHLO mail.fabrikam.example: 250",
      "STARTTLS: 220",
      "EHLO mail.fabrikam.example: 250",
      "MAIL FROM:<someone@fabrikam.example>: 250",
      "RCPT TO:<bob@proexchange.local>: 250",
      "DATA: 354",
      "content: 250",
      "QUIT: 221",
    ]);
  });

  it("does without where it is not offered, refused, or not wanted", async () => {
    const server = await start({ offersInTheClear: plainOnly });
    expect(await send(server)).to.include({ encrypted: false, certificateThumbprint: undefined, outcome: "accepted" });
    const refusing = await start({
      answer: (line) => (line === "STARTTLS" ? "454 4.7.0 TLS not available" : undefined),
    });
    expect(await send(refusing)).to.include({ encrypted: false, outcome: "accepted", refusal: undefined });
    const offering = await start();
    expect(await send(offering, { tls: "never" })).to.include({ encrypted: false, outcome: "accepted" });
  });

  it("says nothing in the clear when TLS is required", async () => {
    const server = await start({ offersInTheClear: plainOnly });
    const outcome = await send(server, { tls: "required" });
    expect(outcome).to.include({ encrypted: false, outcome: "refused" });
    expect(outcome.refusal).to.include({ code: 451, enhanced: "5.7.3" });
    expect(server.sessions[0]?.lines).to.deep.equal(["EHLO mail.fabrikam.example", "QUIT"]);
  });

  it("reports the first refusal", async () => {
    const server = await start({
      answer: (line) => (line.startsWith("RCPT") ? "550 5.7.1 Unable to relay" : undefined),
    });
    const outcome = await send(server, { to: ["a@x.example", "b@x.example"] });
    expect(outcome.outcome).to.equal("refused");
    expect(outcome.refusal).to.deep.equal({ code: 550, enhanced: "5.7.1", lines: ["Unable to relay"] });
    expect(server.sessions[0]?.lines.slice(-3)).to.deep.equal([
      "RCPT TO:<a@x.example>",
      "RCPT TO:<b@x.example>",
      "QUIT",
    ]);
  });

  it("goes on for the recipients that are taken", async () => {
    const server = await start({ answer: (line) => (line.includes("<b@") ? "550 5.1.1 User unknown" : undefined) });
    const outcome = await send(server, { to: ["a@x.example", "b@x.example"] });
    expect(outcome.outcome).to.equal("accepted");
    expect(outcome.refusal).to.include({ code: 550, enhanced: "5.1.1" });
  });

  it("logs on, and keeps the secrets out of what it tells", async () => {
    const server = await start({
      answer: (line) =>
        line === "AUTH LOGIN"
          ? "334 VXNlcm5hbWU6"
          : line === "YW5uYQ=="
            ? "334 UGFzc3dvcmQ6"
            : line === "czNjcjN0"
              ? "235 2.7.0 OK"
              : undefined,
    });
    const outcome = await send(server, { user: "anna", password: "s3cr3t" });
    expect(outcome.outcome).to.equal("accepted");
    expect(JSON.stringify(outcome)).not.to.contain("s3cr3t").and.not.contain("czNjcjN0");
    expect((await send(server, { user: "anna", password: "wrong" })).refusal?.code).to.equal(500);
  });

  it("refuses for a server that is not there or hangs up", async () => {
    const dropping = await start({ answer: (line) => (line === "DATA" ? "drop" : undefined) });
    expect((await send(dropping)).refusal).to.include({ code: 421, enhanced: "4.4.2" });
    const gone = await start();
    await gone.close();
    expect((await send(gone)).refusal?.code).to.equal(421);
  });
});
