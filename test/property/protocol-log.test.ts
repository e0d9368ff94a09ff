import { expect } from "chai";
import fc from "fast-check";
import { type ProtocolRow, visibleText } from "../../src/smtp/index.ts";
import { formatProtocolLog, formatProtocolRow, parseProtocolLog, rowsOf } from "../../src/smtp/protocol-log.ts";

/** RFC 4180, octet by octet: somebody else's reader. */
function readCsv(text: string): string[][] {
  const records: string[][] = [];
  const record: string[] = [];
  let field = "";
  let quoted = false;
  for (let at = 0; at <= text.length; at++) {
    const character = text[at] ?? "\n";
    if (quoted && character === '"' && text[at + 1] === '"') field += text[at++];
    else if (character === '"' && (quoted || field === "")) quoted = !quoted;
    else if (!quoted && (character === "," || character === "\n" || character === "\r")) {
      record.push(field);
      field = "";
      if (character !== ",") records.push(record.splice(0));
    } else field += character;
  }
  return records;
}

/** What peers send: any octets, and often what a careless writer would stumble over. */
const peerText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.constantFrom("\r", "\n", "\0", '"', ",", "\u001b", "\u2028", "\ud800", "\u0085", " ", "a") }),
);

const rowWith = (connectorId: string, data: string, context: string): ProtocolRow => ({
  kind: "protocolRow",
  log: "SmtpReceive",
  server: "HUB1",
  at: new Date("2008-05-12T10:00:00Z"),
  connectorId,
  sessionId: "08CA822E1320D000",
  sequence: 3,
  local: { address: "127.0.1.1", port: 25 },
  remote: { address: "127.0.2.1", port: 28311 },
  event: "<",
  data,
  context,
});

describe("a protocol log row", () => {
  it("is one line of nine fields to any CSV reader, whatever a peer sent", () => {
    fc.assert(
      fc.property(peerText, peerText, peerText, (connectorId, data, context) => {
        const line = formatProtocolRow(rowWith(connectorId, data, context));
        const fields = readCsv(line);
        expect(fields).to.have.length(1);
        expect(fields[0]).to.have.length(9);
        expect([fields[0]?.[1], fields[0]?.[7], fields[0]?.[8]]).to.deep.equal(
          [connectorId, data, context].map(visibleText),
        );
        expect(Buffer.from(line).toString()).to.equal(line);
      }),
    );
  });

  it("gives text without control characters back unchanged", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (data, context) => {
        const [row] = rowsOf(parseProtocolLog(formatProtocolRow(rowWith("HUB1\\Default HUB1", data, context))));
        expect(row).to.include({ connectorId: "HUB1\\Default HUB1", data, context });
      }),
    );
  });
});

describe("the codec of protocol logs", () => {
  const csvText = fc.string({
    unit: fc.constantFrom('"', ",", "\n", "\r\n", "#", "1", "<", ">", "*", "a", ":", " ", "\uFEFF"),
  });

  it("writes back any text that it reads", () => {
    fc.assert(
      fc.property(fc.oneof(csvText, fc.string({ unit: "binary" })), (text) => {
        expect(formatProtocolLog(parseProtocolLog(text))).to.equal(text);
      }),
    );
  });
});
