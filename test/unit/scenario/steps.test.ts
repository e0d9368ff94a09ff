import { expect } from "chai";
import { LabError } from "../../../src/base/index.ts";
import type { QueueView } from "../../../src/lab/index.ts";
import { FakeLab, last, refusal, runSteps, session, thumbprint } from "./fake-lab.ts";

const sendHello = "  - send: { from: anna, to: bob, as: hello }\n";

describe("the send step", () => {
  it("names the message for later steps", async () => {
    const fake = new FakeLab();
    fake.happens({ delivered: "<1@x>" });
    expect(await runSteps(`${sendHello}  - expect: { delivered: hello, to: bob, within: 0s }\n`, fake)).to.include({
      status: "passed",
    });
  });

  const fromOutside = "  - send: { from: carol@fabrikam.example, via: Ex2007EE, to: bob";
  const refused = {
    command: "RCPT TO:<bob@x>",
    recipient: "bob@x",
    reply: { code: 550, enhanced: "5.7.1", lines: ["Unable to relay"] },
  };

  it("fails when an outside client is refused and should not be, and shows the reply", async () => {
    const fake = new FakeLab();
    fake.outside = { ...fake.outside, refused: [refused] };
    const { failure } = last(await runSteps(`${fromOutside} }\n`, fake));
    expect(failure?.found).to.equal("RCPT TO:<bob@x> met 550 5.7.1 Unable to relay");
  });

  it("holds when an outside client is refused as it should be", async () => {
    const fake = new FakeLab();
    fake.outside = { ...fake.outside, refused: [refused] };
    expect(last(await runSteps(`${fromOutside}, refused: 550 5.7.1 }\n`, fake)).status).to.equal("held");
    expect(last(await runSteps(`${fromOutside}, refused: 530 5.7.1 }\n`, fake)).failure?.found).to.include("550 5.7.1");
  });

  it("fails when an outside client that should be refused is not", async () => {
    expect(last(await runSteps(`${fromOutside}, refused: "550" }\n`)).failure?.found).to.equal(
      "it accepted the message",
    );
  });
});

describe("the shell step", () => {
  it("runs lines in order and shows what they print", async () => {
    const fake = new FakeLab();
    fake.execute = (line) => (line === "two" ? "printed" : "");
    const result = last(await runSteps("  - shell: { on: Ex2007EE, run: [one, two] }\n", fake));
    expect(fake.executed).to.deep.equal(["Ex2007EE: one", "Ex2007EE: two"]);
    expect(result).to.deep.include({ status: "held", evidence: { text: "printed" } });
  });

  it("fails with a cmdlet, with its words and remedy", async () => {
    const fake = new FakeLab();
    fake.execute = () => {
      throw refusal;
    };
    const { failure } = last(await runSteps("  - shell: { on: Ex2007EE, run: one }\n", fake));
    expect(failure).to.deep.include({ found: refusal.message, remedy: "Run Get-Queue" });
  });

  it("shows what a line that must fail had shown before", async () => {
    const fake = new FakeLab();
    fake.execute = () => ({ text: "before", failure: refusal });
    const { status, evidence } = last(
      await runSteps("  - shell: { on: Ex2007EE, run: one, fails: QUEUE_UNKNOWN, shows: before }\n", fake),
    );
    expect([status, evidence?.text]).to.deep.equal(["held", `before\n${refusal.message}`]);
    const unwanted = last(await runSteps("  - shell: { on: Ex2007EE, run: one }\n", fake));
    expect(unwanted.failure?.found).to.equal(`before\n${refusal.message}`);
  });

  it("holds when the last line fails as it must, by code or by text", async () => {
    const fake = new FakeLab();
    fake.execute = (line) => {
      if (line === "two") throw refusal;
      return "";
    };
    for (const fails of ["QUEUE_UNKNOWN", "Cannot find"])
      expect(
        last(await runSteps(`  - shell: { on: Ex2007EE, run: [one, two], fails: ${fails} }\n`, fake)).status,
      ).to.equal("held");
    const other = last(await runSteps("  - shell: { on: Ex2007EE, run: two, fails: OTHER }\n", fake));
    expect(other.failure?.found).to.equal('QUEUE_UNKNOWN Cannot find the queue "9"');
    const none = last(await runSteps("  - shell: { on: Ex2007EE, run: one, fails: OTHER }\n", fake));
    expect(none.failure?.found).to.equal("it succeeded");
  });

  it("fails when the result does not show what it must", async () => {
    const fake = new FakeLab();
    fake.execute = () => "Identity Status";
    expect(
      last(await runSteps("  - shell: { on: Ex2007EE, run: x, shows: [Status, Retry] }\n", fake)).failure?.expected,
    ).to.include("Retry");
    expect(last(await runSteps("  - shell: { on: Ex2007EE, run: x, shows: Status }\n", fake)).status).to.equal("held");
  });
});

describe("the expect step", () => {
  it("waits until a fact makes it so, and stops listening", async () => {
    const fake = new FakeLab();
    const running = runSteps(`${sendHello}  - expect: { delivered: hello, to: bob, within: 20s }\n`, fake);
    setImmediate(() => fake.happens({ delivered: "<1@x>" }));
    expect((await running).status).to.equal("passed");
    expect(fake.watchers).to.equal(0);
  });

  it("fails in time, with the trace, the decisions and the log lines around it", async () => {
    const fake = new FakeLab();
    fake.traces("451 4.4.0 no");
    fake.writes(
      "Ex2007SE",
      "SmtpSend",
      "2008-05-12T10:00:00.000Z,I,08CA822E1320D000,0,,127.1.1.1:25,*,,attempting to connect\n",
    );
    const { failure } = last(
      await runSteps(`${sendHello}  - expect: { delivered: hello, to: bob, within: 0s }\n`, fake),
    );
    expect(failure?.found).to.equal("Ex2007SE deferred: 451 4.4.0 no");
    expect(failure?.reasons).to.include("  [ours] because it is a test");
    expect(failure?.around?.join("\n")).to.include("*,,attempting to connect");
  });

  it("fails when a message is there twice", async () => {
    const fake = new FakeLab();
    fake.happens({ delivered: "<1@x>" }, { delivered: "<1@x>" });
    const { failure } = last(
      await runSteps(`${sendHello}  - expect: { delivered: hello, to: bob, within: 0s }\n`, fake),
    );
    expect(failure?.found).to.equal("it is there 2 times");
  });

  describe("of a session", () => {
    const of = (is: string): string =>
      `${sendHello}  - expect: { session: { message: hello, from: Ex2007SE, to: Ex2007EE }, is: ${is}, within: 0s }\n`;

    it("holds when every fact is as wanted, and shows the certificate", async () => {
      const fake = new FakeLab();
      fake.happens(session());
      const all = `{ encrypted: true, verb: STARTTLS, authenticated: x-exps, presented: { server: Ex2007EE, selfSigned: true, subject: CN=Ex2007EE, thumbprint: ${thumbprint} } }`;
      const { evidence, failure } = last(await runSteps(of(all), fake));
      expect(failure).to.equal(undefined);
      expect(evidence?.certificates?.[0]).to.deep.include({ server: "Ex2007EE", subject: "CN=Ex2007EE", thumbprint });
    });

    for (const [is, found] of [
      ["{ encrypted: false }", "encrypted true"],
      ["{ verb: X-ANONYMOUSTLS }", "verb STARTTLS"],
      ["{ presented: { server: Ex2007SE } }", "presented by Ex2007EE"],
      ["{ presented: { selfSigned: false } }", "selfSigned true"],
      ["{ presented: { thumbprint: ABC } }", `thumbprint ${thumbprint}`],
      ["{ presented: { subject: CN=Other } }", "subject CN=Ex2007EE"],
      ["{ authenticated: none }", "authenticated by x-exps"],
      ["{ failure: reset }", "failure none"],
    ]) {
      it(`fails where ${is} is not so, and says ${found}`, async () => {
        const fake = new FakeLab();
        fake.happens(session());
        expect(last(await runSteps(of(is as string), fake)).failure?.found).to.equal(found);
      });
    }

    it("looks at the receiving side without `from`, and at no other server's sessions", async () => {
      const fake = new FakeLab();
      const plain = { tls: undefined, authentication: { by: "none" as const, identity: "" } };
      fake.happens(session(), session({ side: "receive", server: "Ex2007EE", ...plain }));
      const step = (to: string) =>
        `${sendHello}  - expect: { session: { message: hello, to: ${to} }, is: { encrypted: false }, within: 0s }\n`;
      expect(last(await runSteps(step("Ex2007EE"), fake)).status).to.equal("held");
      const other = new FakeLab();
      other.happens(session());
      expect(last(await runSteps(step("Ex2007SE"), other)).failure?.found).to.equal("no such session has ended");
    });
  });

  describe("of a queue", () => {
    const queue = (lastError: string | null): QueueView => ({
      identity: "Ex2007SE\\1",
      deliveryType: "SmtpRelayToRemoteAdSite",
      nextHopDomain: "SiteA",
      nextHopConnector: null,
      status: "Retry",
      messageCount: 1,
      lastError,
      lastRetryTime: null,
      nextRetryTime: null,
      messages: ["<1@x>"],
    });
    const step = `${sendHello}  - expect: { queued: hello, lastError: STARTTLS, within: 0s }\n`;

    it("holds when a queue has it for that reason", async () => {
      const fake = new FakeLab();
      fake.queues = [queue("451 STARTTLS is required")];
      expect(last(await runSteps(step, fake)).evidence?.text).to.equal(
        "Ex2007SE\\1 to SiteA, Retry, LastError: 451 STARTTLS is required",
      );
    });

    it("fails when the reason is another one, and when no queue has it", async () => {
      const fake = new FakeLab();
      fake.queues = [queue(null)];
      expect(last(await runSteps(step, fake)).failure?.found).to.equal("Ex2007SE\\1 to SiteA, Retry");
      expect(last(await runSteps(step)).failure?.found).to.equal("no server has seen it");
    });
  });

  describe("that never", () => {
    const step = `${sendHello}  - expect: { never: { delivered: hello, to: bob } }\n`;

    it("judges once nothing is busy", async () => {
      const fake = new FakeLab();
      expect(last(await runSteps(step, fake)).status).to.equal("held");
      expect(fake.settledTimes).to.be.at.least(1);
    });

    it("fails when it has happened", async () => {
      const fake = new FakeLab();
      fake.happens({ delivered: "<1@x>" });
      expect(last(await runSteps(step, fake)).failure).to.deep.include({
        expected: "never: hello is delivered to bob",
        found: "Received: from bob/1.eml",
      });
    });
  });
});

describe("the remember step", () => {
  it("keeps a thumbprint, and the field of a log row", async () => {
    const fake = new FakeLab();
    fake.writes(
      "Ex2007SE",
      "SmtpSend",
      `2008-05-12T10:00:00.000Z,I,08CA822E1320D000,0,,127.1.1.1:25,*,${thumbprint},Certificate thumbprint\n`,
    );
    await runSteps(
      "  - remember: { thumbprint: { of: Ex2007EE }, as: ee }\n" +
        '  - remember: { log: { server: Ex2007SE, kind: SmtpSend }, row: "*,<any>,Certificate thumbprint", as: seen }\n' +
        '  - remember: { log: { server: Ex2007SE, kind: SmtpSend }, row: "<any>,<any>,<any>", field: session-id, as: id }\n' +
        `  - shell: { on: Ex2007EE, run: 'x \${ee} \${seen} \${id}' }\n`,
      fake,
    );
    expect(fake.executed).to.deep.equal([`Ex2007EE: x ${thumbprint} ${thumbprint} 08CA822E1320D000`]);
  });

  it("fails when there is nothing to remember", async () => {
    const none = "  - remember: { thumbprint: { of: Ex2007SE }, as: se }\n";
    expect(last(await runSteps(none)).failure?.found).to.equal("none");
    const noRow = '  - remember: { log: { server: Ex2007SE, kind: SmtpSend }, row: ">,QUIT,", as: x }\n';
    expect(last(await runSteps(noRow)).failure?.found).to.equal("none in 0 rows");
  });
});

describe("the dialog step", () => {
  const step = '  - dialog: { with: Ex2007EE, lines: ["S: 220 *", "C: QUIT", "S: 221 *"] }\n';

  it("shows what was said", async () => {
    const fake = new FakeLab();
    fake.dialog = () => ["S: 220 x", "C: QUIT"];
    expect(last(await runSteps(step, fake)).evidence?.text).to.equal("S: 220 x\nC: QUIT");
  });

  it("fails when the conversation goes otherwise", async () => {
    const fake = new FakeLab();
    fake.dialog = () => {
      throw new LabError("DIALOG_MISMATCH", "went otherwise", { remedy: "change it" });
    };
    expect(last(await runSteps(step, fake)).failure).to.deep.include({ found: "went otherwise", remedy: "change it" });
  });
});
