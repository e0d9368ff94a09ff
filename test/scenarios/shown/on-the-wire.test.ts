import { expect } from "chai";
import { startTestLab, type TestLab, usePlace } from "../../helpers/lab.ts";
import { type RecordingProxy, recordTypes, startRecordingProxy } from "../../helpers/recording-proxy.ts";
import { RawClient } from "../../unit/receive/raw-client.ts";

const [ee, se] = ["Ex2007EE", "Ex2007SE"];
const message = {
  subject: "Quarterly figures 4711",
  text: [
    "Dear Bob,",
    "",
    ".a line that begins with a dot",
    "and these figures are not for everyone: 1 2 3 4 5 6 7 8 9 0.",
  ].join("\r\n"),
};

describe("between two Hubs, on the wire", () => {
  const place = usePlace();
  let lab: TestLab;
  let wire: RecordingProxy;

  before(async () => {
    lab = await startTestLab(place);
    wire = await startRecordingProxy({ address: "127.0.0.1", port: 0 }, lab.endpoint(ee));
    place.atEnd(() => wire.close());
    lab.intercept(ee, wire.endpoint);
    await lab.shell(ee, `Set-ReceiveConnector "${ee}\\Default ${ee}" -TarpitInterval 00:00:00`);
    await lab.sendAndSettle(message);
  });

  /** What passes after the server's go-ahead, in order. */
  function afterGoAhead() {
    const passed = wire.connections[0] ?? [];
    const goAhead = passed.findIndex(
      ({ from, octets }) => from === "server" && /^220 2\.0\.0 /.test(octets.toString()),
    );
    return { before: passed.slice(0, goAhead + 1), after: passed.slice(goAhead + 1) };
  }

  it("a recorder sees the greeting, EHLO, STARTTLS and the 220 that answers it", () => {
    const seen = afterGoAhead().before.map(
      ({ from, octets }) => `${from}: ${octets.toString("latin1").split("\r\n")[0]}`,
    );
    expect(seen).to.have.length(5);
    expect(seen[0]).to.match(/^server: 220 Ex2007EE\.proexchange\.local Microsoft ESMTP MAIL Service ready at /);
    expect(seen[1]).to.equal("client: EHLO Ex2007SE.proexchange.local");
    expect(seen[2]).to.match(/^server: 250-Ex2007EE\.proexchange\.local Hello /);
    expect(seen.slice(3)).to.deep.equal(["client: STARTTLS", "server: 220 2.0.0 SMTP server ready"]);
  });

  it("then a ClientHello, as the very next octets", () => {
    const next = afterGoAhead().after[0];
    expect(next?.from).to.equal("client");
    const [contentType, major, minor, , , handshakeType] = next?.octets ?? Buffer.alloc(0);
    expect([contentType, major, handshakeType]).to.deep.equal([0x16, 0x03, 0x01]);
    expect(minor).to.be.oneOf([1, 3]);
  });

  it("and from then on TLS records only, enough of them for the message", () => {
    for (const side of ["client", "server"] as const) {
      const octets = Buffer.concat(afterGoAhead().after.flatMap(({ from, octets }) => (from === side ? octets : [])));
      expect(recordTypes(octets), side).to.satisfy((types: number[]) =>
        types.every((type) => type >= 0x14 && type <= 0x17),
      );
      expect(octets.length).to.be.above(message.text.length);
    }
  });

  it("never the message's text, its subject or an address, in no encoding", () => {
    const session = wire.connections[0]?.map(({ octets }) => octets.toString("latin1")) ?? [];
    const all = session.join("").toLowerCase();
    expect(all).to.include("ehlo ex2007se.proexchange.local");
    const secrets = [
      "quarterly",
      "4711",
      "figures",
      "dear bob",
      "anna",
      "bob@",
      "proexchange.local>",
      "mail from",
      "rcpt to",
    ];
    const encoded = ["Quarterly figures", "Dear Bob,"].map((text) => Buffer.from(text).toString("base64").slice(0, 8));
    for (const secret of [...secrets, ...encoded.map((text) => text.toLowerCase())]) expect(all).not.to.include(secret);
  });

  it("where a client that does without TLS would be read", async () => {
    const client = await RawClient.connect(wire.endpoint);
    await client.reply();
    await client.say("EHLO mail.fabrikam.example");
    await client.say("MAIL FROM:<anna@proexchange.local>");
    client.close();
    expect(wire.heard("client")).to.include("anna@proexchange.local");
  });

  it("and all the same the message lies in bob's mailbox, its text unchanged", async () => {
    const [content = "", ...more] = await lab.inbox("bob");
    expect(more).to.deep.equal([]);
    const [headers = "", ...body] = content.split("\r\n\r\n");
    expect(body.join("\r\n\r\n").trimEnd()).to.equal(message.text);
    expect(headers)
      .to.match(/^Subject: Quarterly figures 4711$/m)
      .and.to.match(/^From: anna <anna@proexchange\.local>$/m);
  });

  it("with a Received header for each hop, as Exchange writes them", async () => {
    const [content = ""] = await lab.inbox("bob");
    const unfolded = content.split("\r\n\r\n")[0]?.replace(/\r\n[ \t]+/g, " ") ?? "";
    const received = unfolded.split("\r\n").filter((header) => /^Received:/i.test(header));
    const [here, there] = [lab.endpoint(ee).address, lab.endpoint(se).address];
    const at = "Mon, 12 May 2008 10:00:\\d\\d \\+0000";
    expect(received).to.have.length(2);
    expect(received[0]).to.match(
      new RegExp(
        `^Received: from Ex2007SE\\.proexchange\\.local \\(127\\.0\\.0\\.1\\) by Ex2007EE\\.proexchange\\.local ` +
          `\\(${here}\\) with Microsoft SMTP Server \\(TLS\\) id 8\\.1\\.\\d+\\.\\d+; ${at}$`,
      ),
    );
    expect(received[1]).to.match(
      new RegExp(
        `^Received: from Ex2007SE\\.proexchange\\.local \\(\\[${there}\\]\\) by Ex2007SE\\.proexchange\\.local ` +
          `\\(\\[${there}\\]\\) with mapi; ${at}$`,
      ),
    );
  });
});
