import { expect } from "chai";
import fc from "fast-check";
import { headerLength, headerValues } from "../../src/smtp/index.ts";
import { prepareContent } from "../../src/transport/receive/content.ts";
import { DataReader } from "../../src/transport/receive/data-reader.ts";
import { Input, type Received } from "../../src/transport/receive/input.ts";
import type { Listener } from "../../src/transport/receive/index.ts";
import { evaluationHeaders } from "../../src/transport/receive/organization-headers.ts";
import { makeCertificate } from "../unit/certificates/make.ts";
import {
  fakeEdge,
  fakeServer,
  type FakeServer,
  listen,
  makePresentations,
  type Presentations,
} from "../unit/receive/fake-server.ts";
import { derOf, ReceiveLab } from "../unit/receive/lab.ts";
import { RawClient } from "../unit/receive/raw-client.ts";

/** Octets in pieces, as a network may deliver them. */
function split(octets: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [...new Set(cuts.map((cut) => cut % (octets.length + 1)))].sort((a, b) => a - b);
  return [0, ...places]
    .map((start, index) => octets.subarray(start, places[index]))
    .filter((piece) => piece.length > 0);
}

const cuts = fc.array(fc.nat(10_000), { maxLength: 20 });
/** Content made of what an end of data is made of, so that every near miss turns up. */
const dotty = fc
  .array(fc.constantFrom("\r", "\n", ".", "a", "\r\n", "\r\n.", "\r\n..\r\n", "\n.\n", "\r.\r", "MAIL"), {
    maxLength: 30,
  })
  .map((parts) => parts.join(""));
/** Content of whole lines. */
const lines = fc.array(fc.constantFrom("", ".", "..", "a", ".a", "From me", "b.", "\0", "\xff"), { maxLength: 12 });
const end = "\r\n.\r\n";

describe("the content after DATA", () => {
  /** Reads octets in pieces; what came of it and what was left over. */
  function read(pieces: readonly Buffer[]): { reader: DataReader; rest: string | undefined } {
    const reader = new DataReader(Infinity);
    for (let i = 0; i < pieces.length; i++) {
      const used = reader.read(pieces[i] as Buffer);
      if (used >= 0)
        return {
          reader,
          rest: Buffer.concat([pieces[i]?.subarray(used) ?? Buffer.alloc(0), ...pieces.slice(i + 1)]).toString(
            "latin1",
          ),
        };
    }
    return { reader, rest: undefined };
  }

  it("is what the client meant, however the network splits it", () => {
    fc.assert(
      fc.property(lines, cuts, (content, where) => {
        const stuffed = content.map((line) => `${line.startsWith(".") ? "." : ""}${line}\r\n`).join("");
        const sent = `${stuffed}.\r\nQUIT\r\n`;
        const { reader, rest } = read(split(Buffer.from(sent, "latin1"), where));
        expect(rest).to.equal("QUIT\r\n");
        expect(reader.malformed).to.equal(false);
        const meant = content.map((line) => `${line}\r\n`).join("");
        expect(Buffer.concat(reader.chunks).toString("latin1")).to.equal(meant);
        expect(reader.sizeBytes).to.equal(meant.length);
      }),
    );
  });

  it("ends at the first CR LF . CR LF and nowhere else, and any bare CR or LF makes it malformed", () => {
    fc.assert(
      fc.property(dotty, cuts, (text, where) => {
        const sent = text + end;
        const { reader, rest } = read(split(Buffer.from(sent, "latin1"), where));
        const stop = `\r\n${sent}`.indexOf(end); // the content begins as if a line had just ended
        expect(rest).to.equal(sent.slice(stop + end.length - 2));
        const content = sent.slice(0, stop);
        expect(reader.malformed).to.equal(/\r(?!\n)|(?<!\r)\n/.test(content));
      }),
      { numRuns: 500 },
    );
  });
});

describe("what this server vouches for in a message", () => {
  /** What a forger writes, and every way to begin, end and continue a line. */
  const hostile = fc
    .array(
      fc.constantFrom(
        "X-MS-Exchange-Organization-AuthAs: Internal",
        "x-ms-exchange-organization-authas:Partner",
        "X-MS-Exchange-Organization-AuthDomain: woodgrove.example",
        "X-MS-Exchange-Organization-",
        "AuthAs: Internal",
        "Message-ID: <a@b>",
        "Subject: a",
        " ",
        "\t",
        "\0",
        "\r",
        "\n",
        "\r\n",
        "\r\n\r\n",
      ),
      { maxLength: 16 },
    )
    .map((parts) => parts.join(""));

  it("is its own word alone, whatever the message is made of and however it is split", () => {
    fc.assert(
      fc.property(hostile, cuts, (text, where) => {
        const prepared = prepareContent(split(Buffer.from(text, "latin1"), where), {
          hop: {
            from: { name: "c", address: "1.1.1.1" },
            by: { name: "s", address: "2.2.2.2" },
            with: "smtp",
            at: new Date(0),
          },
          maxHeaderSizeBytes: 10_000,
          maxHopCount: 30,
          maxLocalHopCount: 8,
          strippedHeaders: ["X-MS-Exchange-Organization-"],
          evaluation: evaluationHeaders("anonymous", undefined, "ex1.contoso.com"),
          keepsEvaluation: false,
        });
        if (!("content" in prepared)) throw new Error(`refused: ${prepared.code}`);
        const { content } = prepared;
        expect(headerValues(content, "X-MS-Exchange-Organization-AuthAs")).to.deep.equal(["Anonymous"]);
        expect(headerValues(content, "X-MS-Exchange-Organization-AuthSource")).to.deep.equal(["ex1.contoso.com"]);
        expect(headerValues(content, "X-MS-Exchange-Organization-AuthDomain")).to.deep.equal([]);
        const body = text.slice(headerLength(Buffer.from(text, "latin1")));
        expect(content.toString("latin1").endsWith(body)).to.equal(true);
      }),
      { numRuns: 3_000 },
    );
  });
});

describe("the lines of a connection", () => {
  const readAll = (pieces: readonly Buffer[]): Received[] => {
    const input = new Input();
    const all: Received[] = [];
    for (const piece of pieces) {
      input.push(piece);
      for (let received = input.take(); received; received = input.take()) all.push(received);
    }
    return all;
  };

  it("are the same however the network splits them", () => {
    const octets = fc.array(fc.constantFrom("\r", "\n", "\r\n", "NOOP", "\0", "AUTH LOGIN ", "A".repeat(3000)), {
      maxLength: 20,
    });
    fc.assert(
      fc.property(octets, cuts, (parts, where) => {
        const whole = Buffer.from(parts.join(""), "latin1");
        const texts = (all: Received[]): unknown =>
          all.map((received) => [received.kind, "text" in received && received.text]);
        expect(texts(readAll(split(whole, where)))).to.deep.equal(texts(readAll(whole.length > 0 ? [whole] : [])));
      }),
      { numRuns: 300 },
    );
  });

  it("are lines only when they end in CR LF and hold no NUL", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary-ascii", maxLength: 40 }), (text) => {
        for (const received of readAll([Buffer.from(text, "latin1")])) {
          if (received.kind === "line") expect(received.text).not.to.match(/[\r\n\0]/);
        }
      }),
    );
  });
});

describe("a Receive connector under fire", function () {
  this.timeout(60_000);
  let presentations: Presentations;
  let server: FakeServer;
  let listener: Listener;

  before(async () => {
    presentations = await makePresentations();
  });
  beforeEach(async () => {
    server = fakeServer(presentations, {
      permissionGroups: ["AnonymousUsers"],
      maxProtocolErrors: 1000,
      maxInboundConnectionPerSource: 1000,
      maxInboundConnectionPercentagePerSource: 100,
    });
    listener = await listen(server);
  });
  afterEach(() => listener.close());
  /** Sends octets in pieces, each in a packet of its own as far as the system goes, and reads until the server closes. */
  async function converse(pieces: readonly Buffer[]): Promise<string[]> {
    const client = await RawClient.connect(listener.endpoint);
    for (const piece of pieces) {
      client.write(piece);
      await new Promise((resolve) => setImmediate(resolve));
    }
    const replies = await client.rest();
    client.close();
    return replies.map((line) => line.replace(/ready at .*|<[^<>]*>/, "*"));
  }

  it("gives a valid session the same result however the network splits it", async () => {
    const session = Buffer.from(
      "EHLO client.example\r\nMAIL FROM:<a@client.example> BODY=8BITMIME\r\nRCPT TO:<b@proexchange.local>\r\nRCPT TO:<x@elsewhere.example>\r\n" +
        "DATA\r\nSubject: one\r\n\r\n..\r\n...\r\n.\r\nMAIL FROM:<>\r\nRCPT TO:<b@proexchange.local>\r\nBDAT 12\r\nSubject: two\r\nRSET\r\n" +
        "MAIL FROM:<c@client.example>\r\nRCPT TO:<b@proexchange.local>\r\nBDAT 16\r\nSubject: three\r\nBDAT 7 LAST\r\n\r\n\r\n.\r\nNOOP\r\nQUIT\r\n",
      "latin1",
    );
    const expected = await converse([session]);
    expect(server.submissions).to.have.length(2);
    const contents = server.submissions.map(({ content }) => content.toString().replace(/^[\s\S]*Subject/, "Subject"));
    expect(contents).to.deep.equal(["Subject: one\r\n\r\n.\r\n..\r\n", "Subject: three\r\n\r\n\r\n.\r\n"]);
    await fc.assert(
      fc.asyncProperty(cuts, async (where) => {
        server.submissions.length = 0;
        expect(await converse(split(session, where))).to.deep.equal(expected);
        const again = server.submissions.map(({ content }) => content.toString().replace(/^[\s\S]*Subject/, "Subject"));
        expect(again).to.deep.equal(contents);
      }),
      { numRuns: 60 },
    );
  });

  it("takes no second message out of the first, whatever stands where its end might be", async () => {
    const almost = fc.constantFrom(
      "\n.\n",
      "\n.\r\n",
      "\r.\r",
      "\r\n.\n",
      "\r\n.\r",
      "\r.\r\n",
      "\n\n.\r\n",
      "\r\n\0.\r\n",
      "\r\n.\0\r\n",
      "\r\r\n.\r\r\n",
    );
    const smuggled =
      "MAIL FROM:<evil@client.example>\r\nRCPT TO:<b@proexchange.local>\r\nDATA\r\nSubject: smuggled\r\n\r\n.\r\n";
    await fc.assert(
      fc.asyncProperty(almost, cuts, async (lookalike, where) => {
        server.submissions.length = 0;
        const sent = `HELO c\r\nMAIL FROM:<a@client.example>\r\nRCPT TO:<b@proexchange.local>\r\nDATA\r\nSubject: first\r\n\r\nx${lookalike}${smuggled}QUIT\r\n`;
        const replies = await converse(split(Buffer.from(sent, "latin1"), where));
        expect(server.submissions.map(({ envelope }) => envelope.from)).not.to.include("evil@client.example");
        // With a NUL there is no bare CR or LF: one message, and the look-alike is a line of it.
        expect(server.submissions).to.have.length(lookalike.includes("\0") ? 1 : 0);
        expect(replies.filter((line) => line.startsWith("354"))).to.have.length(1);
      }),
      { numRuns: 60 },
    );
  });

  it("survives garbage, takes nothing, and answers the next client", async () => {
    const verbs = fc.constantFrom(
      "EHLO c\r\n",
      "MAIL FROM:<a@b>\r\n",
      "RCPT TO:<a@b>\r\n",
      "DATA\r\n",
      "BDAT 5\r\n",
      "BDAT 3 LAST\r\n",
      "AUTH LOGIN\r\n",
      "RSET\r\n",
      "STARTTLS x\r\n",
      "X-EXPS\r\n",
      ".\r\n",
    );
    const noise = fc.uint8Array({ maxLength: 60 }).map((octets) => Buffer.from(octets).toString("latin1"));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(verbs, noise), { maxLength: 25 }), async (parts) => {
        const client = await RawClient.connect(listener.endpoint);
        client.write(Buffer.from(parts.join(""), "latin1"));
        expect(await client.line()).to.match(/^220 /);
        client.close();
        await server.sessionEnd();
      }),
      { numRuns: 100 },
    );
    expect(server.submissions).to.deep.equal([]); // b is no domain of ours
    expect(server.sessions().every(({ authentication }) => authentication.by === "none")).to.equal(true);
  });

  it("takes nobody for a partner but the domain that proved itself, in whatever order messages come", async () => {
    const own = await makeCertificate({ commonName: "mail.secured.example", names: ["secured.example"] });
    const edge = fakeEdge(presentations, { maxProtocolErrors: 1000 });
    edge.securedDomains.set("secured.example", derOf(own));
    edge.securedDomains.set("safe.example", Buffer.from("another"));
    const lab = await ReceiveLab.start(edge);
    const senders = ["a@secured.example", "a@SECURED.example", "a@safe.example", "a@open.example", ""];
    const content = ["RCPT TO:<b@proexchange.local>", "BDAT 7 LAST\r\nTo: b"];
    const commands = fc.oneof(
      fc.constantFrom(...senders).map((from) => [`MAIL FROM:<${from}>`, ...content]),
      fc.constantFrom(...senders).map((from) => [`MAIL FROM:<${from}>`]),
      fc.constantFrom(
        ["MAIL FROM:<a@secured.example> SIZE=99999999"],
        ["RCPT TO:<x@elsewhere.example>"],
        content,
        ["RSET"],
        ["EHLO mail.secured.example"],
      ),
    );
    const seen = new Set<string>();
    const provers = fc.constantFrom({ cert: own.pem, key: own.keyPair.privateKeyPem }, undefined);
    try {
      await fc.assert(
        fc.asyncProperty(fc.array(commands, { maxLength: 15 }), provers, async (said, identity) => {
          edge.submissions.length = 0;
          const client = await lab.openSecured("mail.secured.example", identity);
          for (const command of said.flat()) await client.say(command);
          client.close();
          await edge.sessionEnd();
          for (const { envelope, content, session } of edge.submissions) {
            const from = envelope.from.replace(/.*@/, "").toLowerCase();
            const isPartner = identity !== undefined && from === "secured.example";
            expect(from).not.to.equal("safe.example");
            expect(isPartner || from !== "secured.example").to.equal(true);
            expect(session.authentication.by).to.equal(isPartner ? "chain" : "none");
            const mark = isPartner ? "Partner" : "Anonymous";
            expect(headerValues(content, "X-MS-Exchange-Organization-AuthAs")).to.deep.equal([mark]);
            seen.add(mark);
            expect(envelope.recipients.map(({ address }) => address)).not.to.include("x@elsewhere.example");
          }
        }),
        { numRuns: 40 },
      );
      expect([...seen].sort()).to.deep.equal(["Anonymous", "Partner"]);
    } finally {
      await lab.close();
    }
  });

  it("acts on nothing that came in the clear behind STARTTLS", async () => {
    const injected = fc.array(
      fc.constantFrom(
        "EHLO injected.example\r\n",
        "MAIL FROM:<evil@client.example>\r\n",
        "RCPT TO:<b@proexchange.local>\r\n",
        "NOOP\r\n",
        "BDAT 4 LAST\r\nevil",
        "QUIT\r\n",
        "DATA",
        "\n",
      ),
      { minLength: 1, maxLength: 150 },
    );
    await fc.assert(
      fc.asyncProperty(injected, fc.constantFrom("STARTTLS", "X-ANONYMOUSTLS"), async (parts, verb) => {
        const client = await RawClient.connect(listener.endpoint);
        await client.reply();
        await client.say("EHLO client.example");
        client.write(`${verb}\r\n${parts.join("")}`);
        expect(await client.line()).to.equal("220 2.0.0 SMTP server ready");
        await client.startTls();
        expect(await client.say("RCPT TO:<b@proexchange.local>")).to.equal("503 5.5.2 Send hello first");
        expect(await client.say("HELO client.example")).to.match(/^250 /);
        expect(await client.say("RCPT TO:<b@proexchange.local>")).to.equal("503 5.5.2 Need mail command");
        client.close();
        expect((await server.sessionEnd()).peerName).to.equal("client.example");
      }),
      { numRuns: 25 },
    );
    expect(server.submissions).to.deep.equal([]);
  });
});
