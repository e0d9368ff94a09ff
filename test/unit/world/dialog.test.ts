import { expect } from "chai";
import { LabError } from "../../../src/base/index.ts";
import { holdDialog, matchesPattern, parseDialog } from "../../../src/world/index.ts";
import { type FakeServer, fakeServers } from "../send/fake-server.ts";

describe("parseDialog", () => {
  it("reads what each side says, comments aside", () => {
    const text = ["# lesson", "", "S: 220 *", "C: EHLO a", "absent: 250-STARTTLS", "C: ", "TLS", "-- tls --"].join(
      "\r\n",
    );
    expect(parseDialog(text)).to.deep.equal([
      { number: 3, kind: "hear", pattern: "220 *" },
      { number: 4, kind: "say", line: "EHLO a" },
      { number: 5, kind: "absent", pattern: "250-STARTTLS" },
      { number: 6, kind: "say", line: "" },
      { number: 7, kind: "tls" },
      { number: 8, kind: "tls" },
    ]);
  });

  it("refuses a line that nobody says", () => {
    expect(() => parseDialog("S: 220\nEHLO a"))
      .to.throw(LabError, 'line 2 of the dialog: "EHLO a"')
      .with.property("code", "DIALOG_MALFORMED");
  });
});

describe("matchesPattern", () => {
  for (const [pattern, text, expected] of [
    ["250 *", "250 2.1.0 OK", true],
    ["250 *", "250 ", true],
    ["250 *", "2500", false],
    ["*", "", true],
    ["250-* [*] end", "250-host [127.0.0.1] end", true],
    ["250.OK", "250 OK", false],
    ["250 OK", "250 OK and more", false],
    ["(a+)$", "(a+)$", true],
  ] as const)
    it(`says ${expected} to ${pattern} for "${text}"`, () => {
      expect(matchesPattern(pattern, text)).to.equal(expected);
    });
});

describe("holdDialog", () => {
  const { start, stop } = fakeServers();
  after(stop);
  const hold = ({ endpoint }: FakeServer, ...lines: string[]): ReturnType<typeof holdDialog> =>
    holdDialog({ endpoint, lines, patienceMs: 5_000 });
  const failure = async (server: FakeServer, ...lines: string[]): Promise<LabError> => {
    const thrown: unknown = await hold(server, ...lines).catch((error: unknown) => error);
    if (!(thrown instanceof LabError)) throw new Error("It held");
    return thrown;
  };

  it("goes through a whole session, with TLS in it", async () => {
    const server = await start();
    const { transcript, certificateThumbprint } = await hold(
      server,
      "S: 220 fake.example *",
      "C: EHLO client.example",
      "S: 250-fake.example Hello [*]",
      "S: 250-STARTTLS",
      "absent: 250-X-EXPS*",
      "C: STARTTLS",
      "-- tls --",
      "C: EHLO client.example",
      "absent: 250-STARTTLS",
      "C: QUIT",
      "S: 221 *",
    );
    expect(certificateThumbprint).to.equal(server.thumbprint);
    expect(transcript).to.include.members([
      "S: 220 2.0.0 SMTP server ready",
      "-- tls --",
      "S: 250-X-EXPS EXCHANGEAUTH",
    ]);
    expect(server.sessions[0]?.lines).to.deep.equal(["EHLO client.example", "STARTTLS", "EHLO client.example", "QUIT"]);
  });

  it("reads the replies to pipelined commands one by one", async () => {
    const server = await start();
    await hold(
      server,
      "S: 220*",
      "C: MAIL FROM:<a@x.example>",
      "C: RCPT TO:<b@x.example>",
      "S: 250 2.1.0*",
      "S: 250 2.1.5*",
    );
  });

  it("shows expected beside found, with the conversation so far", async () => {
    const server = await start({
      answer: (line) => (line.startsWith("MAIL") ? "530 5.7.1 Client was not authenticated" : undefined),
    });
    const error = await failure(server, "S: 220*", "C: MAIL FROM:<a@x.example>", "S: 250 2.1.0 Sender OK");
    expect(error.code).to.equal("DIALOG_MISMATCH");
    expect(error.message).to.equal(
      [
        "The conversation went otherwise at line 3 of the dialog",
        "  expected: 250 2.1.0 Sender OK",
        "  found:    530 5.7.1 Client was not authenticated",
        "  so far:",
        "    S: 220 fake.example Microsoft ESMTP MAIL Service ready at Mon, 12 May 2008 10:00:00 +0000",
        "    C: MAIL FROM:<a@x.example>",
        "    S: 530 5.7.1 Client was not authenticated",
      ].join("\n"),
    );
  });

  it("holds the lines of a reply to their order", async () => {
    const server = await start();
    const error = await failure(server, "S: 220*", "C: EHLO a", "S: 250-DSN", "S: 250-PIPELINING");
    expect(error.details).to.include({ number: 4, expected: "250-PIPELINING" });
  });

  it("finds a line that should be absent", async () => {
    const server = await start();
    const error = await failure(server, "S: 220*", "C: EHLO a", "S: 250-*", "absent: 250-STARTTLS");
    expect(error.details).to.include({ expected: "no line 250-STARTTLS", found: "250-STARTTLS" });
  });

  it("says that the server hung up, or said nothing", async () => {
    const server = await start({ answer: (line) => (line === "NOOP" ? "drop" : undefined) });
    expect((await failure(server, "S: 220*", "C: NOOP", "S: 250*")).details["found"]).to.match(/it hung up$/);
    const silent = await start({ pieces: () => [] });
    const error: unknown = await holdDialog({ endpoint: silent.endpoint, lines: ["S: 220*"], patienceMs: 30 }).catch(
      (e: unknown) => e,
    );
    expect((error as LabError).details["found"]).to.match(/it said nothing for 30 ms$/);
  });

  it("rejects where nobody listens", async () => {
    const server = await start();
    await server.close();
    expect(await hold(server, "S: 220*").catch((error: unknown) => error)).to.have.property("code", "ECONNREFUSED");
  });
});
