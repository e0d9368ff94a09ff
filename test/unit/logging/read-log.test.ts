import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { LabError } from "../../../src/base/index.ts";
import { formatSessions } from "../../../src/logging/format-sessions.ts";
import { readSessions } from "../../../src/logging/read-log.ts";
import { protocolLogHeader } from "../../../src/smtp/index.ts";
import { temporaryFolder } from "./temporary.ts";

const thumbprint = "352D244A535D94B576232ECC4A4000CFE06BE106";
const header = protocolLogHeader("SmtpSend", "8.0.0.0", new Date("2008-05-12T10:00:00Z"));

/** `<second> <session> <sequence> <event>,<data>,<context>` to a row. */
const rows = (...lines: string[]): string =>
  lines
    .map((line) => {
      const [second, session, sequence, ...rest] = line.split(" ");
      return `2008-05-12T10:00:0${second}.000Z,Internet,00000000000000${session},${sequence},127.0.2.1:9,127.0.1.1:25,${rest.join(" ")}\n`;
    })
    .join("");

describe("readSessions", () => {
  const folder = temporaryFolder();
  const write = (path: string, text: string): string => {
    const whole = join(folder.path, path);
    mkdirSync(join(whole, ".."), { recursive: true });
    writeFileSync(whole, text);
    return whole;
  };
  const codeOf = async (promise: Promise<unknown>): Promise<string> => {
    const failure = await promise.then(
      () => undefined,
      (error: unknown) => error,
    );
    return failure instanceof LabError ? failure.code : "no LabError";
  };
  const idsOf = (found: Awaited<ReturnType<typeof readSessions>>): (string | undefined)[] =>
    found.sessions.map(
      (session) => `${session[0]?.sessionId.slice(-2)}:${session.map((row) => row.sequence).join("")}`,
    );

  it("joins a session that goes on in the next file, and parts those that ran at the same time", async () => {
    write("lab/HUB2/ProtocolLog/SmtpSend/SEND20080512-10.LOG", header + rows("5 AA 3 >,QUIT,", "5 BB 1 >,QUIT,"));
    write(
      "lab/HUB2/ProtocolLog/SmtpSend/SEND20080512-9.LOG",
      header + rows("2 AA 0 +,,", "3 BB 0 +,,", "4 AA 2 >,X,", "4 AA 1 <,Y,"),
    );
    write("lab/HUB1/ProtocolLog/SmtpReceive/RECV20080512-1.LOG", header + rows("1 AA 0 +,,"));
    write("lab/HUB1/Connectivity/CONNECTLOG20080512-1.LOG", "#Log-type: Transport Connectivity Log\nx,y\n");
    const found = await readSessions([join(folder.path, "lab"), join(folder.path, "lab/HUB1")]);
    expect(idsOf(found)).to.deep.equal(["AA:0", "AA:0123", "BB:01"]);
  });

  it("finds a session by its id, and the sessions of a message", async () => {
    const log = write(
      "a.log",
      rows("1 AA 0 +,,", "2 AB 0 <,250 2.6.0 <7@x.test> Queued mail for delivery,", "3 AC 0 >,77@x.test,"),
    );
    expect(idsOf(await readSessions([log], { session: "00000000000000aa" }))).to.deep.equal(["AA:0"]);
    expect(idsOf(await readSessions([log], { message: "7@x.test" }))).to.deep.equal(["AB:0"]);
    expect(idsOf(await readSessions([log], { message: "<7@x.test>" }))).to.deep.equal(["AB:0"]);
    expect(await codeOf(readSessions([log], { message: "8@x.test" }))).to.equal("LOG_SESSION_UNKNOWN");
  });

  it("says what is wrong with a path that holds no protocol log", async () => {
    const other = write("b.log", "2008-05-12T10:00:00.000Z,08CA822E1320D000,SMTP,example.test,+,\n");
    expect(await codeOf(readSessions([join(folder.path, "absent")]))).to.equal("LOG_UNREADABLE");
    expect(await codeOf(readSessions([other]))).to.equal("LOG_NOT_PROTOCOL");
    expect(await codeOf(readSessions([folder.path]))).to.equal("LOG_NONE_FOUND");
    const empty = await readSessions([write("c.log", header)]);
    expect(empty.sessions).to.deep.equal([]);
  });

  it("counts the lines it cannot read", async () => {
    expect((await readSessions([write("a.log", `${header}torn,\n${rows("1 AA 0 +,,")}`)])).unreadableLines).to.equal(1);
  });

  it("names a certificate by the rows of the other side, by a row of later versions, and by the journal", async () => {
    const block = [
      "0 *,,Sending certificate",
      "1 *,CN=HUB1,Certificate subject",
      "2 *,CN=HUB1,Certificate issuer name",
    ];
    const sent = rows(...[...block, `3 *,${thumbprint},Certificate thumbprint`].map((line) => `1 AA ${line}`));
    const late = `" CN=mx.x.test CN=R3, O=CA 0404 ${"B".repeat(40)} 2023-08-12T10:39:24.000Z x",Sending certificate Subject Issuer name`;
    const log = write("lab/HUB1/ProtocolLog/SmtpReceive/RECV20080512-1.LOG", sent + rows(`2 BB 0 *,${late}`));
    const received = { thumbprint: "C".repeat(40), subject: "CN={HUB3}", selfSigned: true };
    write("lab/journal-lab.ndjson", `${JSON.stringify({ kind: "session", tls: { received } })}\n{"received":{"thu`);
    expect([...(await readSessions([log])).certificates]).to.have.deep.members([
      [thumbprint, "CN=HUB1, self-signed"],
      ["B".repeat(40), "CN=mx.x.test"],
      ["C".repeat(40), "CN={HUB3}, self-signed"],
    ]);
  });
});

describe("formatSessions", () => {
  const row = {
    at: "2008-05-12T10:00:00.000Z",
    connectorId: "Internet",
    sessionId: "08CA822E1320D000",
    sequence: 0,
    local: "",
    remote: "127.0.1.1:25",
    event: "*",
    data: "",
    context: "attempting to connect",
  };
  const connected = { ...row, local: "127.0.2.1:9" };
  const session = [
    row,
    { ...connected, sequence: 1, event: "+", context: "" },
    { ...connected, sequence: 9, event: "<", data: "220 ready", context: "" },
    { ...connected, sequence: 10, data: thumbprint.toLowerCase(), context: "Certificate thumbprint" },
    { ...connected, sequence: 11, event: "", data: "1;2", context: "receiving message" },
    { ...connected, sequence: 12, event: "-", context: "Remote", at: "2008-05-1XT10:XX:00Z" },
  ];
  const certificates = new Map([[thumbprint, "CN=HUB1, self-signed"]]);

  it("shows each row on a line of its own, with the certificate beside its thumbprint", () => {
    expect(formatSessions([session], { colour: false, certificates })).to.equal(
      [
        "08CA822E1320D000  Internet  127.0.2.1:9 with 127.0.1.1:25  2008-05-12T10:00:00.000Z",
        "   0  10:00:00.000  * attempting to connect",
        "   1  10:00:00.000  + connected",
        "   9  10:00:00.000  < 220 ready",
        `  10  10:00:00.000  * Certificate thumbprint: ${thumbprint.toLowerCase()} (CN=HUB1, self-signed)`,
        "  11  10:00:00.000    receiving message: 1;2",
        "  12  2008-05-1XT10:XX:00Z  - disconnected, by Remote",
        "",
      ].join("\n"),
    );
  });

  it("parts sessions by an empty line", () => {
    expect(formatSessions([[row], [row]], { colour: false }).split("\n\n")).to.have.length(2);
  });

  it("colours rows for a terminal, and lets no escape sequence of a peer through", () => {
    const hostile = { ...connected, event: "<", data: "\u001b[2J" };
    expect(formatSessions([[hostile]], { colour: false }))
      .to.include("<0x1B>[2J")
      .and.not.include("\u001b");
    expect(formatSessions([[hostile]], { colour: true }))
      .to.include("\u001b[32m")
      .and.not.include("\u001b[2J");
  });
});
