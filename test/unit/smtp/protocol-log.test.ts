import { expect } from "chai";
import { formatCsvField, parseCsvLine } from "../../../src/smtp/csv.ts";
import type { ProtocolRow } from "../../../src/smtp/index.ts";
import {
  formatProtocolLog,
  formatProtocolRow,
  groupSessions,
  parseProtocolLog,
  protocolLogHeader,
  rowsOf,
  timeFormatter,
} from "../../../src/smtp/protocol-log.ts";

const row: ProtocolRow = {
  kind: "protocolRow",
  log: "SmtpSend",
  server: "HUB2",
  at: new Date("2008-05-12T10:11:12.101Z"),
  connectorId: "Intra-Organization SMTP Send Connector",
  sessionId: "08CA822E1320D0A7",
  sequence: 0,
  local: undefined,
  remote: { address: "127.0.1.1", port: 25 },
  event: "*",
  data: "",
  context: "attempting to connect",
};
const connected = { ...row, local: { address: "127.0.2.1", port: 28311 } };
const start = "2008-05-12T10:11:12.101Z,Intra-Organization SMTP Send Connector,08CA822E1320D0A7,";

describe("formatProtocolRow", () => {
  it("leaves the local endpoint empty before there is a connection", () => {
    expect(formatProtocolRow(row)).to.equal(`${start}0,,127.0.1.1:25,*,,attempting to connect`);
  });

  it("ends the rows of commands and replies with a comma, and that of a connection with two", () => {
    const command = { ...connected, sequence: 3, event: ">", data: "EHLO hub2.example.test", context: "" } as const;
    expect(formatProtocolRow(command)).to.equal(`${start}3,127.0.2.1:28311,127.0.1.1:25,>,EHLO hub2.example.test,`);
    const connect = { ...connected, sequence: 1, event: "+", context: "" } as const;
    expect(formatProtocolRow(connect)).to.equal(`${start}1,127.0.2.1:28311,127.0.1.1:25,+,,`);
  });

  it("quotes a field that holds a comma or a quote, and no other", () => {
    expect(formatCsvField("220 ready at Mon, 12 May")).to.equal('"220 ready at Mon, 12 May"');
    expect(formatCsvField('say "A"')).to.equal('"say ""A"""');
    expect(formatCsvField(" RCPT TO:<a@b.test>;x 'y' \\z")).to.equal(" RCPT TO:<a@b.test>;x 'y' \\z");
    expect(formatCsvField("organización")).to.equal("organización");
  });

  it("shows control characters of a peer instead of letting them break the row", () => {
    const hostile = { ...connected, event: "<", data: 'EHLO a\r\nb\0c\u001b[2J\u2028"', context: "" } as const;
    expect(formatProtocolRow(hostile)).to.match(/,<,"EHLO a<0x0D><0x0A>b<0x00>c<0x1B>\[2J<0x2028>""",$/);
  });

  it("writes an IPv6 endpoint in brackets", () => {
    expect(formatProtocolRow({ ...row, remote: { address: "::1", port: 25 } })).to.include(",,[::1]:25,*");
  });
});

describe("timeFormatter", () => {
  it("writes what toISOString does, whatever the order of the times", () => {
    const timeOf = timeFormatter();
    const times = ["2008-05-12T10:11:12.101Z", "2008-05-12T10:11:12.007Z", "2008-05-12T10:11:13.000Z"];
    const older = ["1969-12-31T23:59:59.999Z", "2008-05-12T10:11:12.050Z"];
    for (const time of [...times, ...older]) expect(timeOf(new Date(time))).to.equal(time);
  });
});

describe("protocolLogHeader", () => {
  it("is the five lines of Exchange's header", () => {
    expect(protocolLogHeader("SmtpReceive", "8.0.0.0", new Date("2008-05-12T10:00:00Z"))).to.equal(
      [
        "#Software: Microsoft Exchange Server",
        "#Version: 8.0.0.0",
        "#Log-type: SMTP Receive Protocol Log",
        "#Date: 2008-05-12T10:00:00.000Z",
        "#Fields: date-time,connector-id,session-id,sequence-number,local-endpoint,remote-endpoint,event,data,context",
        "",
      ].join("\n"),
    );
  });
});

describe("parseProtocolLog", () => {
  const header = protocolLogHeader("SmtpSend", "8.0.0.0", row.at);

  it("reads back the header and the rows that were written", () => {
    const log = parseProtocolLog(`${header}${formatProtocolRow({ ...connected, data: 'a, "b"', sequence: 7 })}\n`);
    expect(log.header.get("Log-type")).to.equal("SMTP Send Protocol Log");
    expect(rowsOf(log)).to.deep.equal([
      {
        at: "2008-05-12T10:11:12.101Z",
        connectorId: "Intra-Organization SMTP Send Connector",
        sessionId: "08CA822E1320D0A7",
        sequence: 7,
        local: "127.0.2.1:28311",
        remote: "127.0.1.1:25",
        event: "*",
        data: 'a, "b"',
        context: "attempting to connect",
      },
    ]);
  });

  const odd: Record<string, string> = {
    "a row whose event was lost": "t,c,s,4,l,r,,x,y",
    "masked ids and addresses": "2016-12-1XT01:17:34.808Z,EX\\Default ,XXXXXXXXXXXXXXXX,0,x.x.x.x:25,y:1,+,,",
    "a column behind the nine": "t,c,s,4,l,r,<,x,,extra",
    "needless quotes": 't,c,s,4,l,r,<,"x",',
    "a sequence number with zeros": "t,c,s,004,l,r,<,x,",
    "a line end of its own kind": "t,c,s,4,l,r,<,x,\r",
  };
  for (const [name, line] of Object.entries(odd)) {
    it(`reads ${name}, and writes it back as it was`, () => {
      const text = `${header}${line}\n${line}`;
      const log = parseProtocolLog(text);
      expect(rowsOf(log).map(({ sequence }) => sequence)).to.have.length(2);
      expect(formatProtocolLog(log)).to.equal(text);
    });
  }

  it("keeps lines that are no rows: cut ones, open quotes, rows of other logs, nothing", () => {
    const text = ["t,c,s,4,l,r,<", 't,c,s,4,l,r,<,"x,', "t,c,s,x,l,r,<,x,", "t,c,s,4,l,r,QUIT,x,", "", "note"].join(
      "\n",
    );
    const log = parseProtocolLog(text);
    expect(rowsOf(log)).to.deep.equal([]);
    expect(formatProtocolLog(log)).to.equal(text);
  });

  it("finds the columns by the names that the header gives", () => {
    const text =
      "#Fields: event,data,context,date-time,connector-id,session-id,sequence-number,more,local-endpoint,remote-endpoint\n" +
      ">,QUIT,,t,c,s,9,?,l,r\n";
    const log = parseProtocolLog(text);
    expect(rowsOf(log)[0]).to.include({ event: ">", data: "QUIT", sequence: 9, local: "l", remote: "r" });
    expect(formatProtocolLog(log)).to.equal(text);
  });

  it("keeps Windows line ends and a byte order mark", () => {
    const text = `\uFEFF${header}${formatProtocolRow(row)}\n`.replaceAll("\n", "\r\n");
    const log = parseProtocolLog(text);
    expect(log.header.get("Version")).to.equal("8.0.0.0");
    expect(log.header.get("Software")).to.equal("Microsoft Exchange Server");
    expect(rowsOf(log)).to.have.length(1);
    expect(formatProtocolLog(log)).to.equal(text);
  });
});

describe("parseCsvLine", () => {
  it("refuses a quoted field that is not closed, or that text follows", () => {
    expect(parseCsvLine('a,"b')).to.equal(undefined);
    expect(parseCsvLine('a,"b"c,d')).to.equal(undefined);
    expect(parseCsvLine('a,b"c,""')).to.deep.equal(["a", 'b"c', ""]);
  });
});

describe("groupSessions", () => {
  it("parts sessions that ran at the same time, each in the order of its rows", () => {
    const rows = ["B0", "A0", "B2", "A1", "B1"].map((name) => ({
      sessionId: name.charAt(0),
      sequence: Number(name.charAt(1)),
    }));
    const grouped = groupSessions(rows).map((session) => session.map((each) => `${each.sessionId}${each.sequence}`));
    expect(grouped).to.deep.equal([
      ["B0", "B1", "B2"],
      ["A0", "A1"],
    ]);
  });
});
