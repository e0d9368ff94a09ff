import { expect } from "chai";
import fc from "fast-check";
import { reply } from "../../../src/smtp/index.ts";
import {
  composeDelayed,
  composeDelivered,
  composeNdr,
  type Report,
  type ReportedRecipient,
} from "../../../src/transport/dsn/compose.ts";
import type { Envelope, EnvelopeRecipient } from "../../../src/transport/mail-item.ts";
import { fieldGroups, type MimePart, parseMime } from "./mime.ts";

const original = [
  "Received: from EX2 (127.1.2.1) by ex1.contoso.local (127.1.1.1) with Microsoft",
  " SMTP Server (TLS) id 8.1.375.2; Mon, 12 May 2008 10:00:00 +0000",
  "X-MS-Exchange-Organization-SCL: -1",
  "From: Anna <anna@contoso.local>",
  "Subject: Hello",
  "",
  "The body",
  "",
].join("\r\n");
const notFound = reply(550, "5.1.1", "RESOLVER.ADR.RecipNotFound; not found");

function source(changes: { envelope?: Partial<Envelope>; content?: Buffer } = {}) {
  const envelope: Envelope = { from: "anna@contoso.local", recipients: [], body: "7BIT", ...changes.envelope };
  const content = changes.content ?? Buffer.from(original, "latin1");
  return {
    item: {
      id: 1,
      internetMessageId: "<hello@contoso.local>",
      envelope,
      sizeBytes: content.length,
      receivedAt: new Date("2008-05-12T10:00:00Z"),
      source: "SMTP" as const,
    },
    content,
    server: "ex1.contoso.local",
    at: new Date("2008-05-12T10:00:05Z"),
    postmaster: "postmaster@contoso.local",
  };
}
const failure = (
  recipient: Partial<EnvelopeRecipient> = {},
  more: Partial<ReportedRecipient> = {},
): ReportedRecipient => ({
  recipient: { address: "nobody@contoso.local", ...recipient },
  reply: notFound,
  ...more,
});

function open(report: Report | undefined): {
  message: MimePart;
  text: string;
  html: string;
  status: MimePart;
  returned: MimePart;
} {
  if (!report) throw new Error("There is no report");
  const message = parseMime(report.content.toString("latin1"));
  const [readable, status, returned] = message.parts as [MimePart, MimePart, MimePart];
  const [text, html] = readable.parts as [MimePart, MimePart];
  return { message, text: text.body, html: html.body, status, returned };
}

describe("composeNdr", () => {
  it("writes a report as Exchange 2007 does: readable text and HTML, delivery status, the original", () => {
    const report = composeNdr({ ...source(), failed: [failure()] });
    const { message, text, html, status, returned } = open(report);

    expect(message.headers).to.deep.include({
      from: "<postmaster@contoso.local>",
      to: "<anna@contoso.local>",
      date: "Mon, 12 May 2008 10:00:05 +0000",
      subject: "Undeliverable: Hello",
      "message-id": report?.internetMessageId,
      "mime-version": "1.0",
      "content-language": "en-US",
    });
    expect(message.headers["content-type"]).to.match(/^multipart\/report; report-type=delivery-status; boundary="/);
    expect(message.parts.map(({ headers }) => headers["content-type"]?.split(";")[0])).to.deep.equal([
      "multipart/alternative",
      "message/delivery-status",
      "message/rfc822",
    ]);

    const before = text.slice(0, text.indexOf("Original message headers:"));
    expect(before.split("\r\n").filter((line) => line !== "")).to.deep.equal([
      "Delivery has failed to these recipients or distribution lists:",
      "nobody@contoso.local<mailto:nobody@contoso.local>",
      "The recipient's e-mail address was not found in the recipient's e-mail system. Microsoft Exchange will not try to redeliver this message for you. Please check the e-mail address and try resending this message, or provide the following diagnostic text to your system administrator.",
      "________________________________",
      "Sent by Microsoft Exchange Server 2007",
      "Diagnostic information for administrators:",
      "Generating server: ex1.contoso.local",
      "nobody@contoso.local",
      "#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##",
    ]);
    expect(text).to.include("Original message headers:\r\n\r\nReceived: from EX2");
    expect(html)
      .to.include("#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##")
      .and.include("From: Anna &lt;anna@contoso.local&gt;");

    expect(fieldGroups(status.body)).to.deep.equal([
      {
        "Reporting-MTA": "dns;ex1.contoso.local",
        "Received-From-MTA": "dns;EX2",
        "Arrival-Date": "Mon, 12 May 2008 10:00:00 +0000",
      },
      {
        "Final-Recipient": "rfc822;nobody@contoso.local",
        Action: "failed",
        Status: "5.1.1",
        "Diagnostic-Code": "smtp;550 5.1.1 RESOLVER.ADR.RecipNotFound; not found",
        "X-Display-Name": "nobody@contoso.local",
      },
    ]);
    expect(returned.body).to.equal("From: Anna <anna@contoso.local>\r\nSubject: Hello\r\n\r\nThe body\r\n");
  });

  it("comes from the null sender, goes to the original one, and asks for no report on itself", () => {
    expect(composeNdr({ ...source(), failed: [failure()] })?.envelope).to.deep.equal({
      from: "",
      recipients: [{ address: "anna@contoso.local", notify: ["NEVER"] }],
      body: "7BIT",
    });
  });

  it("is not made for the null sender, nor when no recipient wants to hear of failure", () => {
    expect(composeNdr({ ...source({ envelope: { from: "" } }), failed: [failure()] })).to.equal(undefined);
    expect(composeNdr({ ...source(), failed: [failure({ notify: ["NEVER"] })] })).to.equal(undefined);
    expect(composeNdr({ ...source(), failed: [failure({ notify: ["SUCCESS", "DELAY"] })] })).to.equal(undefined);
  });

  it("speaks only of recipients that want to hear of failure", () => {
    const failed = [failure({ address: "quiet@contoso.local", notify: ["NEVER"] }), failure({ notify: ["FAILURE"] })];
    const { status } = open(composeNdr({ ...source(), failed }));
    expect(fieldGroups(status.body).map((group) => group["Final-Recipient"])).to.deep.equal([
      undefined,
      "rfc822;nobody@contoso.local",
    ]);
  });

  it("names the server that refused, and gives back ORCPT and ENVID without their xtext", () => {
    const failed = [failure({ orcpt: "rfc822;list+2Bowner@contoso.local" }, { remoteServer: "ex9.contoso.local" })];
    const { status, text } = open(composeNdr({ ...source({ envelope: { envid: "QQ+2B314159" } }), failed }));
    const [message, recipient] = fieldGroups(status.body);
    expect(message).to.include({ "Original-Envelope-Id": "QQ+314159" });
    expect(recipient).to.include({
      "Original-Recipient": "rfc822;list+owner@contoso.local",
      "Remote-MTA": "dns;ex9.contoso.local",
    });
    expect(text).to.include(
      "ex9.contoso.local\r\n#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##rfc822;list+owner@contoso.local\r\n",
    );
  });

  it("gives the class of a reply without an enhanced code as its status", () => {
    const { status } = open(composeNdr({ ...source(), failed: [failure({}, { reply: reply(554, "", "no") })] }));
    expect(fieldGroups(status.body)[1]).to.include({ Status: "5.0.0", "Diagnostic-Code": "smtp;554 no" });
  });

  for (const [what, refusal, status, diagnostic] of [
    ["without an enhanced code", reply(550, "", "No such user"), "5.0.0", "550 No such user"],
    ["without a text", { code: 554, lines: [""] }, "5.0.0", "554"],
    [
      "in several lines",
      { code: 550, enhanced: "5.7.1", lines: ["Blocked.", "See http://example.net", ""] },
      "5.7.1",
      "550 5.7.1 Blocked. See http://example.net",
    ],
    ["in another alphabet", reply(550, "5.1.1", "Usuário não existe"), "5.1.1", "550 5.1.1 Usu?rio n?o existe"],
    ["with control characters", reply(550, "5.1.1", "a\tb\u0000\u001b[31mc"), "5.1.1", "550 5.1.1 a b [31mc"],
    ["with a code of success", reply(550, "2.1.5", "Recipient OK"), "5.0.0", "550 2.1.5 Recipient OK"],
    [
      "that expired",
      reply(550, "4.4.7", "QUEUE.Expired; message expired"),
      "4.4.7",
      "550 4.4.7 QUEUE.Expired; message expired",
    ],
    ["of endless length", reply(554, "5.7.1", "x".repeat(9000)), "5.7.1", `554 5.7.1 ${"x".repeat(890)}`],
  ] as const) {
    it(`quotes a foreign refusal ${what} on one line, under the name of the host that gave it`, () => {
      const failed = [failure({ address: "eve@fabrikam.com" }, { reply: refusal, remoteServer: "mx.fabrikam.com" })];
      const report = composeNdr({ ...source(), failed });
      const { status: fields, text } = open(report);
      expect(fieldGroups(fields.body)[1]).to.include({
        Status: status,
        "Remote-MTA": "dns;mx.fabrikam.com",
        "Diagnostic-Code": `smtp;${diagnostic}`,
      });
      expect(text).to.include(
        `Generating server: ex1.contoso.local\r\n\r\neve@fabrikam.com\r\nmx.fabrikam.com\r\n#${diagnostic} ##\r\n`,
      );
      const longest = Math.max(
        ...String(report?.content)
          .split("\r\n")
          .map((line) => line.length),
      );
      expect(longest).to.be.lessThan(999);
    });
  }

  it("gives a report of success no status of failure, whatever the host said", () => {
    const delivered = [
      { recipient: { address: "eve@fabrikam.com", notify: ["SUCCESS"] }, reply: reply(250, "5.0.0", "ok") },
    ];
    const { status } = open(composeDelivered({ ...source(), delivered, action: "relayed" }));
    expect(fieldGroups(status.body)[1]).to.include({ Status: "2.0.0", Action: "relayed" });
  });

  it("explains each refusal in its own words", () => {
    const replies = ["5.7.1", "5.3.4", "5.4.4", "5.9.9"].map((status) => reply(550, status, "x"));
    const { text } = open(composeNdr({ ...source(), failed: replies.map((each) => failure({}, { reply: each })) }));
    expect(text).to.include("security policies").and.include("maximum message size").and.include("A problem occurred");
    expect(text).to.include("The e-mail system of this recipient could not be found.");
  });

  for (const [why, changes] of [
    ["the sender wanted no more", { envelope: { ret: "HDRS" as const } }],
    ["a binary body can't travel in it", { envelope: { body: "BINARYMIME" as const } }],
    ["the whole is too large", { content: Buffer.concat([Buffer.from(original), Buffer.alloc(11 * 1024 ** 2, "x")]) }],
  ] as const) {
    it(`returns the header only when ${why}`, () => {
      const { returned } = open(composeNdr({ ...source(changes), failed: [failure()] }));
      expect(returned.headers["content-type"]).to.equal("text/rfc822-headers");
      expect(returned.body).to.equal("From: Anna <anna@contoso.local>\r\nSubject: Hello\r\n\r\n");
    });
  }

  it("returns eight-bit content as it is and says so on the envelope", () => {
    const content = Buffer.from("Subject: x\r\n\r\n\xe4\xf6\r\n", "latin1");
    const report = composeNdr({ ...source({ content, envelope: { body: "8BITMIME" } }), failed: [failure()] });
    expect(report?.envelope.body).to.equal("8BITMIME");
    const { returned } = open(report);
    expect(returned.headers["content-transfer-encoding"]).to.equal("8bit");
    expect(returned.body).to.equal("Subject: x\r\n\r\n\xe4\xf6\r\n");
  });

  it("lets nothing that others wrote end a line, add a field, close a boundary or become a tag", () => {
    const nasty = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom("a\r\nBcc: all@x", "a\nInjected: yes", "<script>", "--\r\n\r\n--x--", "é\u0000\u2028", "\ud800"),
    );
    fc.assert(
      fc.property(nasty, nasty, nasty, nasty, nasty, (address, orcpt, text, remoteServer, subject) => {
        const content = Buffer.from(`Subject: ${subject.replace(/\r\n/g, "\n")}\r\n\r\nbody\r\n`, "utf8");
        const failed = [
          failure({ address, orcpt }, { reply: { code: 550, enhanced: "5.1.1", lines: [text, text] }, remoteServer }),
        ];
        const report = composeNdr({ ...source({ content, envelope: { envid: orcpt } }), failed });
        const { message, status, html } = open(report);
        expect(Object.keys(message.headers).sort()).to.deep.equal([
          "content-language",
          "content-type",
          "date",
          "from",
          "message-id",
          "mime-version",
          "subject",
          "to",
        ]);
        expect(fieldGroups(status.body).map((group) => Object.keys(group))).to.deep.equal([
          ["Original-Envelope-Id", "Reporting-MTA", "Arrival-Date"],
          [
            "Original-Recipient",
            "Final-Recipient",
            "Action",
            "Status",
            "Remote-MTA",
            "Diagnostic-Code",
            "X-Display-Name",
          ],
        ]);
        expect(html).not.to.match(/<script/i);
        const made = report?.content.toString("latin1") ?? "";
        const own = made.slice(0, made.lastIndexOf("Content-Type: message/rfc822"));
        expect(own, "a bare CR or LF").not.to.match(/\r(?!\n)|(?<!\r)\n/);
        expect(own, "eight bits, or a control character").to.match(/^[\x20-\x7e\t\r\n]*$/);
        expect(Math.max(...own.split("\r\n").map((line) => line.length))).to.be.lessThan(999);
      }),
    );
  });
});

describe("composeDelayed", () => {
  const until = new Date("2008-05-14T10:00:00Z");
  const at = new Date("2008-05-12T14:00:05Z");
  const late = (delayed: readonly EnvelopeRecipient[], envelope: Partial<Envelope> = {}) =>
    composeDelayed({ ...source({ envelope }), at, delayed, until });

  it("says that the message is late, until when it will be tried, and returns its header only", () => {
    const report = late([{ address: "bob@fabrikam.com", orcpt: "rfc822;bob@fabrikam.com" }]);
    const { message, text, html, status, returned } = open(report);
    expect(message.headers["subject"]).to.equal("Delivery delayed: Hello");
    expect(text.split("\r\n").slice(0, 5)).to.deep.equal([
      "Delivery is delayed to these recipients or distribution lists:",
      "",
      "bob@fabrikam.com<mailto:bob@fabrikam.com>",
      "This message hasn't been delivered yet. Delivery will continue to be attempted. The server will keep trying to deliver this message for the next 1 days, 19 hours and 59 minutes. You'll be notified if the message can't be delivered by that time.",
      "",
    ]);
    expect(text).to.include("#400 4.4.7 Message delayed ##rfc822;bob@fabrikam.com");
    expect(html).to.include("for the next 1 days, 19 hours and 59 minutes");
    expect(fieldGroups(status.body)[1]).to.deep.equal({
      "Original-Recipient": "rfc822;bob@fabrikam.com",
      "Final-Recipient": "rfc822;bob@fabrikam.com",
      Action: "delayed",
      Status: "4.4.7",
      "Diagnostic-Code": "smtp;400 4.4.7 Message delayed",
      "Will-Retry-Until": "Wed, 14 May 2008 10:00:00 +0000",
      "X-Display-Name": "bob@fabrikam.com",
    });
    expect(returned.headers["content-type"]).to.include("text/rfc822-headers");
    expect(report?.envelope).to.deep.include({
      from: "",
      recipients: [{ address: "anna@contoso.local", notify: ["NEVER"] }],
    });
  });

  it("is not made for the null sender, nor about recipients that came with a NOTIFY without DELAY", () => {
    const plain = { address: "plain@x.example" };
    expect(late([plain], { from: "" })).to.equal(undefined);
    expect(late([{ address: "a@x.example", notify: ["NEVER"] }])).to.equal(undefined);
    const asked = { address: "asked@x.example", notify: ["FAILURE", "DELAY"] };
    const { status } = open(late([plain, asked, { address: "no@x.example", notify: ["FAILURE"] }]));
    expect(fieldGroups(status.body).map((group) => group["Final-Recipient"])).to.deep.equal([
      undefined,
      "rfc822;plain@x.example",
      "rfc822;asked@x.example",
    ]);
  });
});

describe("composeDelivered", () => {
  const ok = reply(250, "2.1.5", "Recipient OK");

  it("reports delivery to those recipients for whom it was asked, with the header only", () => {
    const delivered = [
      { recipient: { address: "bob@contoso.local", notify: ["SUCCESS", "FAILURE"] }, reply: ok },
      { recipient: { address: "carl@contoso.local" }, reply: ok },
    ];
    const { message, text, status, returned } = open(composeDelivered({ ...source(), delivered, action: "delivered" }));
    expect(message.headers.subject).to.equal("Delivered: Hello");
    expect(text).to.include("bob@contoso.local").and.not.include("carl@contoso.local");
    expect(fieldGroups(status.body)[1]).to.include({
      "Final-Recipient": "rfc822;bob@contoso.local",
      Action: "delivered",
      Status: "2.1.5",
    });
    expect(returned.headers["content-type"]).to.equal("text/rfc822-headers");
  });

  it("reports relaying to a server that will not report itself", () => {
    const delivered = [
      { recipient: { address: "bob@else.example", notify: ["SUCCESS"] }, reply: ok, remoteServer: "mx.else.example" },
    ];
    const { message, status } = open(composeDelivered({ ...source(), delivered, action: "relayed" }));
    expect(message.headers.subject).to.equal("Relayed: Hello");
    expect(fieldGroups(status.body)[1]).to.include({ Action: "relayed", "Remote-MTA": "dns;mx.else.example" });
  });

  it("is not made when nobody asked, nor for the null sender", () => {
    const asked = { recipient: { address: "bob@contoso.local", notify: ["SUCCESS"] }, reply: ok };
    const unasked = { recipient: { address: "bob@contoso.local", notify: ["FAILURE"] }, reply: ok };
    expect(composeDelivered({ ...source(), delivered: [unasked], action: "delivered" })).to.equal(undefined);
    expect(
      composeDelivered({ ...source({ envelope: { from: "" } }), delivered: [asked], action: "delivered" }),
    ).to.equal(undefined);
  });
});
