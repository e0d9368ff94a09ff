import { expect } from "chai";
import { type ApplicationEvent, type DecisionRecord, EventJournal, heldClock } from "../../../src/base/index.ts";
import type { DirectoryChangeRecord } from "../../../src/edgesync/index.ts";
import { collectFacts } from "../../../src/logging/facts.ts";
import { startJournalFile } from "../../../src/logging/journal-file.ts";
import { recordable } from "../../../src/logging/journal-record.ts";
import type { SessionRecord } from "../../../src/smtp/index.ts";
import type { MessageRecord } from "../../../src/transport/mail-item.ts";
import { temporaryFolder } from "./temporary.ts";

type Fact = SessionRecord | MessageRecord | DecisionRecord | ApplicationEvent | DirectoryChangeRecord;

const at = new Date("2008-05-12T10:00:00Z");
const session: SessionRecord = {
  kind: "session",
  side: "send",
  server: "HUB2",
  connectorId: "Intra-Organization SMTP Send Connector",
  sessionId: "08CA822E1320D0A7",
  startedAt: at,
  endedAt: new Date("2008-05-12T10:00:03Z"),
  local: { address: "127.0.2.1", port: 28311 },
  remote: { address: "127.0.1.1", port: 25 },
  peerName: "hub1.example.test",
  tls: {
    verb: "STARTTLS",
    protocol: "TLSv1.3",
    cipher: "TLS_AES_256_GCM_SHA384",
    presented: undefined,
    received: { thumbprint: "AB".repeat(20), subject: "CN=HUB1", selfSigned: true, notAfter: new Date("2009-05-12") },
  },
  authentication: { by: "x-exps", identity: "EXAMPLE\\HUB1$" },
  messages: ["<1@example.test>"],
  failure: undefined,
};
const message: MessageRecord = {
  kind: "message",
  stage: "delivered",
  server: "HUB1",
  at,
  id: 7,
  internetMessageId: "<1@example.test>",
  recipients: ["bob@example.test"],
  detail: "bob",
};
const decision: DecisionRecord = {
  kind: "decision",
  server: "HUB2",
  at,
  about: "route",
  subject: "bob@example.test",
  outcome: "SiteA",
  steps: [{ source: "aa996299#least-cost", text: "SiteB > SiteA: 100" }],
};
const change: DirectoryChangeRecord = {
  kind: "directoryChange",
  server: "EDGE1",
  at,
  scope: "Recipients",
  by: "HUB1.example.test",
  added: 3,
  updated: 0,
  deleted: 1,
  full: false,
  usn: 42,
};
const event: ApplicationEvent = { kind: "event", server: "HUB2", at, id: 12015, parameters: ["AB"] };

describe("the journal on disk", () => {
  const folder = temporaryFolder();
  const records = (name = "journal-lab.ndjson"): Record<string, unknown>[] =>
    folder
      .read(name)
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));

  async function write(...facts: Fact[]): Promise<void> {
    const journal = new EventJournal<Fact>();
    const file = startJournalFile({ folder: folder.path, process: "lab", journal, clock: heldClock(at) });
    for (const fact of facts) journal.report(fact);
    await file.close();
    journal.report(event); // nobody listens any more
  }

  it("holds one record for every session, message and stage, decision and event, in order", async () => {
    await write(session, message, decision, event, change);
    expect(records().map(({ kind, sequence }) => `${sequence} ${kind}`)).to.deep.equal([
      "1 session",
      "2 message",
      "3 decision",
      "4 event",
      "5 directoryChange",
    ]);
    expect(records()[4]).to.deep.include({ server: "EDGE1", scope: "Recipients", by: "HUB1.example.test", deleted: 1 });
    expect(records()[0]).to.deep.include({
      at: "2008-05-12T10:00:03.000Z",
      process: "lab",
      authentication: session.authentication,
      messages: session.messages,
    });
    expect(records()[0]).to.have.nested.property("tls.received.thumbprint", "AB".repeat(20));
    expect(records()[1]).to.include({ stage: "delivered", detail: "bob" });
    expect(records()[3]).to.deep.include({ id: 12015, parameters: ["AB"] });
  });

  it("tells a decision that was taken before by reference", async () => {
    const again = { ...decision, subject: "eve@example.test" };
    const otherwise = { ...decision, steps: [{ source: "ours", text: "another reason" }] };
    await write(message, decision, again, otherwise);
    expect(records()[1]).to.deep.include({ steps: decision.steps, outcome: "SiteA" });
    expect(records()[2]).to.include({ same: 2, subject: "eve@example.test", about: "route" });
    expect(records()[2]).not.to.have.property("steps");
    expect(records()[3]).to.have.property("steps");
  });

  it("begins a file with each start, so that references stay within it", async () => {
    await write(decision);
    await write(decision);
    expect(folder.names()).to.deep.equal(["journal-lab.2.ndjson", "journal-lab.ndjson"]);
    expect(records("journal-lab.2.ndjson")[0]).to.include({ sequence: 1, outcome: "SiteA" });
  });

  it("writes none but the fields it names", async () => {
    await write(Object.assign({}, message, { password: "guess me" }));
    expect(folder.read("journal-lab.ndjson")).not.to.include("guess me");
  });

  it("does not compile with octets, or with what is named like a secret", () => {
    expect(recordable({ a: [{ b: 1 }] })).to.deep.equal({ a: [{ b: 1 }] });
    // @ts-expect-error octets may be key material
    recordable({ content: Buffer.alloc(0) });
    // @ts-expect-error a password, however deep it lies
    recordable({ user: { password: "" } });
    // @ts-expect-error the private half of anything
    recordable({ machinePrivateKey: "" });
  });
});

describe("collectFacts", () => {
  it("keeps the facts of each kind in order, and calls back after each", () => {
    const journal = new EventJournal<Fact>();
    const facts = collectFacts(journal);
    let heard = 0;
    const stop = facts.onFact(() => heard++);
    for (const fact of [session, message, decision, event, message]) journal.report(fact);
    expect([facts.sessions(), facts.messages(), facts.decisions(), facts.events()]).to.deep.equal([
      [session],
      [message, message],
      [decision],
      [event],
    ]);
    expect(heard).to.equal(5);
    stop();
    journal.report(event);
    expect(heard).to.equal(5);
    facts.close();
    journal.report(event);
    expect(facts.events()).to.have.length(2);
  });

  it("forgets the oldest when there are too many", () => {
    const journal = new EventJournal<Fact>();
    const facts = collectFacts(journal, 20);
    for (let id = 0; id < 100; id++) journal.report({ ...message, id });
    expect(facts.messages().length).to.be.within(18, 20);
    expect(facts.messages().at(-1)?.id).to.equal(99);
  });
});
