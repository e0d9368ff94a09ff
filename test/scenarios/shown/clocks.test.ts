import { expect } from "chai";
import { defaultDisputedRules } from "../../../src/certificates/index.ts";
import { startTestLab, type TestLab, topologyOf, usePlace } from "../../helpers/lab.ts";

const se = "Ex2007SE";
const ee = "Ex2007EE";
const minuteMs = 60_000;

/** Scenario 01's two Hubs; the clock of the one that sends is off by so much. */
async function labWithSkew(place: ReturnType<typeof usePlace>, minutes: number): Promise<TestLab> {
  const { servers } = await topologyOf();
  return startTestLab(place, {
    topology: {
      servers: servers.map((server) => ({ ...server, clockSkewMs: server.name === se ? minutes * minuteMs : 0 })),
    },
  });
}

for (const minutes of [-6, 6])
  describe(`a Hub whose clock is ${Math.abs(minutes)} minutes ${minutes < 0 ? "behind" : "ahead"}`, () => {
    const place = usePlace();
    let lab: TestLab;
    let sent: string;
    before(async () => {
      lab = await labWithSkew(place, minutes);
      await lab.shell(se, `Set-TransportServer ${se} -IntraOrgConnectorProtocolLoggingLevel Verbose`);
      sent = await lab.sendAndSettle();
    });

    it("is refused by the other one, and its mail waits", async () => {
      expect(await lab.inbox("bob")).to.deep.equal([]);
      const [queue] = (await lab.server(se).queues()).filter(({ messages }) => messages.includes(sent));
      expect(queue).to.include({ status: "Retry", messageCount: 1 });
      const refused = `451 4.4.0 Primary target IP address responded with: "454 4.7.0 Temporary authentication failure."`;
      expect(queue?.lastError?.slice(0, refused.length)).to.equal(refused);
    });

    it("is told of on both sides", () => {
      const told = lab.facts.events().map(({ server, id, parameters }) => [server, id, ...parameters.slice(0, 3)]);
      expect(told).to.deep.equal([
        [ee, 1035, "LogonDenied", `Default ${ee}`, "ExchangeAuth"],
        [se, 2017, "LogonDenied", "Intra-Organization SMTP Send Connector", "ExchangeAuth"],
      ]);
    });

    it("dates its certificate, its events and its logs by its own clock", async () => {
      const off = (at: Date): number => Math.round((at.getTime() - lab.clockNow().getTime()) / minuteMs) + 0; // never -0
      const [own] = await lab.server(se).exchangeCertificates();
      expect(off(own?.notBefore ?? lab.clockNow())).to.equal(minutes);
      expect(lab.facts.events().map(({ at }) => off(at))).to.deep.equal([0, minutes]);
      const [row] = await lab.rows(se, "SmtpSend");
      expect(off(new Date(row?.at ?? 0))).to.equal(minutes);
    });
  });

for (const minutes of [-4, 4])
  describe(`a Hub whose clock is ${Math.abs(minutes)} minutes ${minutes < 0 ? "behind" : "ahead"}`, () => {
    const place = usePlace();

    it("is believed by the other one", async () => {
      const lab = await labWithSkew(place, minutes);
      await lab.sendAndSettle();
      expect(await lab.inbox("bob")).to.have.length(1);
      expect(lab.facts.events()).to.deep.equal([]);
    });
  });

describe("a lab's clock, in the management shell", () => {
  const place = usePlace();
  let lab: TestLab;
  before(async () => {
    const { servers } = await topologyOf();
    lab = await startTestLab(place, {
      topology: {
        clock: new Date("2008-05-12T10:00:00Z"),
        servers: servers.map((server) => ({ ...server, clockSkewMs: server.name === se ? -6 * minuteMs : 0 })),
      },
    });
  });

  it("shows by how much a server's own is off", async () => {
    expect(await lab.shell(se, "Get-LabClock")).to.match(/5\/12\/2008 10:0.* Ex2007SE +5\/12\/2008 9:5.* -00:06:00/);
  });

  it("is moved on, and refuses to go back", async () => {
    await lab.shell(ee, "Set-LabClock -By +1h");
    expect(lab.clockNow().toISOString()).to.match(/^2008-05-12T11:0/);
    const refusal = await lab.shell(ee, "Set-LabClock 2008-05-12T10:30:00Z").catch((failure: unknown) => failure);
    expect(refusal).to.include({ code: "LAB_TIME_PAST" });
    await lab.shell(ee, "Set-LabClock 2008-05-12T12:00:00Z");
    expect(lab.clockNow().toISOString()).to.match(/^2008-05-12T12:00/);
  });

  it("is what events are dated by, which the log shows", async () => {
    await lab.sendAndSettle();
    const [newest] = await lab.server(se).events({ ids: [2017], newest: 1 });
    expect(newest).to.include({ level: "Error", source: "MSExchangeTransport" });
    expect(newest?.at.toISOString()).to.match(/^2008-05-12T11:54/);
    expect(await lab.shell(se, "Get-EventLog Application -InstanceId 2017")).to.match(/2017/);
  });
});

describe("a certificate that has expired, where such ones are withdrawn", () => {
  const place = usePlace();
  let lab: TestLab;
  before(async () => {
    const { edgeSync } = await topologyOf();
    lab = await startTestLab(place, {
      topology: {
        clock: new Date("2008-05-12T10:00:00Z"),
        disputed: { ...defaultDisputedRules, expiredStartTls: "withdraw" },
        // There is no Edge server to look after.
        edgeSync: { ...edgeSync, topologyIntervalMs: edgeSync.recipientIntervalMs },
      },
    });
  });
  const hello = (starttls: string) =>
    lab.dialog(ee, "Default", ["S: 220 *", "C: EHLO mail.fabrikam.example", "S: 250-SIZE*", starttls]);

  it("is offered to strangers until then, and not any more from then on", async () => {
    await hello("S: 250-STARTTLS");
    await lab.advance(366 * 24 * 60 * minuteMs);
    await hello("absent: 250-STARTTLS");
    const told = lab.facts.events().filter(({ server, at }) => server === ee && at > new Date("2009-05-12T10:00:00Z"));
    expect([...new Set(told.map(({ id }) => id))].sort()).to.deep.equal([12014, 12015]);
  });

  it("is used between Hubs as ever", async () => {
    await lab.sendAndSettle();
    expect(await lab.inbox("bob")).to.have.length(1);
  });
});
