import { join } from "node:path";
import { expect } from "chai";
import { reply } from "../../../src/smtp/index.ts";
import { composeDelayed, composeNdr } from "../../../src/transport/dsn/index.ts";
import { usePlace } from "../../helpers/lab.ts";
import { FakeLab, last, runSteps } from "./fake-lab.ts";

const send = "  - send: { from: anna, to: bob, as: hello }\n";
const expectFailed = (more = ""): string =>
  `${send}  - expect: { reported: hello, to: anna, action: failed, ${more}within: 0s }\n`;

describe("expecting a report about a message", () => {
  const place = usePlace();
  const expired = reply(550, "4.4.7", "QUEUE.Expired; message expired");

  /** A report on a message of that id lies in the mailbox. */
  async function receive(fake: FakeLab, internetMessageId: string, kind: "failed" | "delayed"): Promise<void> {
    const recipient = { address: "bob@x.example" };
    const content = Buffer.from(`Subject: Hello\r\nMessage-ID:\r\n ${internetMessageId}\r\n\r\nHi.\r\n`);
    const envelope = { from: "anna@x.example", recipients: [recipient], body: "7BIT" as const };
    const item = { id: 1, internetMessageId, envelope, sizeBytes: 1, receivedAt: new Date(0), source: "SMTP" as const };
    const source = { item, content, server: "hub.x.example", at: new Date(0), postmaster: "postmaster@x.example" };
    const report =
      kind === "failed"
        ? composeNdr({ ...source, failed: [{ recipient, reply: expired }] })
        : composeDelayed({ ...source, delayed: [recipient], until: new Date(0) });
    const delivered = report?.internetMessageId ?? "";
    const name = `${delivered.slice(1, 9)}.eml`;
    await place.write(name, String(report?.content));
    fake.happens({ delivered, path: join(place.path, name) });
  }

  it("holds when the sender has one that says so, and shows its delivery status", async () => {
    const fake = new FakeLab();
    await receive(fake, "<1@x>", "failed");
    const { status, evidence } = last(await runSteps(expectFailed('text: "Status: 4.4.7", '), fake));
    expect(status).to.equal("held");
    expect(evidence?.text).to.include("Diagnostic-Code: smtp;550 4.4.7 QUEUE.Expired; message expired");
  });

  it("fails without one, with one of another kind or about another message, and with two", async () => {
    const fake = new FakeLab();
    const found = async (): Promise<string | undefined> => last(await runSteps(expectFailed(), fake)).failure?.found;
    expect(await found()).to.equal("no report of that kind");
    await receive(fake, "<1@x>", "delayed");
    await receive(fake, "<2@x>", "failed");
    expect(await found()).to.equal("no report of that kind");
    await receive(fake, "<1@x>", "failed");
    expect(await found()).to.equal(undefined);
    await receive(fake, "<1@x>", "failed");
    expect(await found()).to.match(/^2 reports: .*4\.4\.7.* and /);
  });

  it("fails when its delivery status has other words, and shows them", async () => {
    const fake = new FakeLab();
    await receive(fake, "<1@x>", "failed");
    const { failure } = last(await runSteps(expectFailed("text: 5.1.1, "), fake));
    expect(failure?.expected).to.equal('one report to anna that hello is failed with "5.1.1"');
    expect(failure?.found).to.include("Status: 4.4.7");
  });
});
