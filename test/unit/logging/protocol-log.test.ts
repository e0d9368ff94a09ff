import { expect } from "chai";
import { EventJournal, heldClock } from "../../../src/base/index.ts";
import { defaultTransportSettings } from "../../../src/directory/index.ts";
import { startProtocolLogs } from "../../../src/logging/protocol-log.ts";
import { type ProtocolRow, parseProtocolLog, rowsOf } from "../../../src/smtp/index.ts";
import { temporaryFolder } from "./temporary.ts";

const at = new Date("2008-05-12T10:00:00Z");
const row: ProtocolRow = {
  kind: "protocolRow",
  log: "SmtpReceive",
  server: "HUB1",
  at,
  connectorId: "HUB1\\Default HUB1",
  sessionId: "08CA822E1320D000",
  sequence: 0,
  local: { address: "127.0.1.1", port: 25 },
  remote: { address: "127.0.2.1", port: 28311 },
  event: "+",
  data: "",
  context: "",
};

describe("startProtocolLogs", () => {
  const folder = temporaryFolder();
  const start = (journal: EventJournal<ProtocolRow>, settings = defaultTransportSettings) =>
    startProtocolLogs({ server: "HUB1", folder: folder.path, journal, clock: heldClock(at), settings: () => settings });

  it("writes the rows of its own server, Send and Receive apart, where Exchange has them", async () => {
    const journal = new EventJournal<ProtocolRow>();
    const logs = start(journal);
    journal.report(row);
    journal.report({ ...row, log: "SmtpSend", connectorId: "Internet" });
    journal.report({ ...row, server: "HUB2" });
    await logs.flush();
    expect(folder.names("ProtocolLog")).to.deep.equal(["SmtpReceive", "SmtpSend"]);
    const received = parseProtocolLog(folder.read("ProtocolLog/SmtpReceive/RECV20080512-1.LOG"));
    expect(received.header.get("Log-type")).to.equal("SMTP Receive Protocol Log");
    expect(received.header.get("Version")).to.equal("8.0.0.0");
    expect(rowsOf(received)).to.have.length(1);
    const sent = parseProtocolLog(folder.read("ProtocolLog/SmtpSend/SEND20080512-1.LOG"));
    expect(rowsOf(sent).map(({ connectorId }) => connectorId)).to.deep.equal(["Internet"]);
    expect(logs.files("SmtpSend")[0]).to.match(/SEND20080512-1\.LOG$/);
    await logs.close();
  });

  it("makes no file for a server without rows, and hears no more once it is closed", async () => {
    const journal = new EventJournal<ProtocolRow>();
    const logs = start(journal);
    await logs.close();
    journal.report(row);
    await logs.flush();
    expect(folder.names()).to.deep.equal([]);
  });

  it("keeps each log to the limits of its own settings", async () => {
    const journal = new EventJournal<ProtocolRow>();
    const logs = start(journal, { ...defaultTransportSettings, sendProtocolLogMaxFileSizeBytes: 500 });
    for (let sequence = 0; sequence < 5; sequence++) {
      journal.report({ ...row, sequence });
      journal.report({ ...row, log: "SmtpSend", sequence });
    }
    await logs.flush();
    expect(logs.files("SmtpSend")).to.have.length.above(1);
    expect(logs.files("SmtpReceive")).to.have.length(1);
    await logs.close();
  });
});
