import { readFileSync } from "node:fs";
import { expect } from "chai";
import {
  type ConnectorChanges,
  fakeEdge,
  fakeServer,
  type FakeServer,
  listen,
  type Presentations,
} from "./fake-server.ts";
import { RawClient } from "./raw-client.ts";

/**
 * A conversation in a file, run against a real listener:
 *
 *   connector: {…}   what it changes of the default connectors     on: client    talks to the Client connector
 *   on: edge    talks to an Edge server
 *   without: startTls, internal   certificates that the server lacks
 *   C: line          sent with CR LF; lines in a row leave in one write    C" "…"    octets as a JSON string
 *   S: line          the next line from the server, `*` for anything
 *   TLS: CN=name     handshake; the subject that the server must present
 *   end:             the server closes, and has nothing more to say        hangup:   the client closes
 *   accepted: n      how many messages the server took
 *   content: text    stands in the content of the last of them             no-content: text
 *   row: e,data,context   found in the log after the one before            no-row: e,data,context
 *   event: id,…      an event with these parameters                        no-event: id,*
 *   record: {…}    part of the session record
 */
export interface Dialog {
  about: string;
  steps: readonly { key: string; value: string; line: number }[];
}

export function readDialog(path: string): Dialog {
  const lines = readFileSync(path, "utf8").split("\n");
  const about = lines.filter((line) => line.startsWith("# ")).map((line) => line.slice(2));
  const steps = lines.flatMap((text, index) => {
    const step = /^([A-Za-z-]+)[:"] ?(.*)$/.exec(text);
    if (!step && text !== "" && !text.startsWith("#")) throw new Error(`${path}:${index + 1}: not a step: ${text}`);
    const raw = text.startsWith('C"');
    return step ? [{ key: raw ? "raw" : (step[1] as string), value: step[2] as string, line: index + 1 }] : [];
  });
  return { about: about[0] ?? path, steps };
}

export async function runDialog(dialog: Dialog, presentations: Presentations): Promise<void> {
  const setting = (key: string): string | undefined => dialog.steps.find((step) => step.key === key)?.value;
  const without = setting("without") ?? "";
  const server = (setting("on") === "edge" ? fakeEdge : fakeServer)(
    {
      startTls: without.includes("startTls") ? undefined : presentations.startTls,
      internal: without.includes("internal") ? undefined : presentations.internal,
    },
    JSON.parse(setting("connector") ?? "{}") as ConnectorChanges,
  );
  const listener = await listen(server, setting("on") === "client" ? "127.0.0.2" : "127.0.0.1");
  const client = await RawClient.connect(listener.endpoint);
  try {
    await converse(dialog, client);
    client.close();
    const record = await server.sessionEnd();
    checkAfterwards(dialog, server, record);
  } finally {
    client.close();
    await listener.close();
  }
}

async function converse(dialog: Dialog, client: RawClient): Promise<void> {
  let outgoing = "";
  for (const { key, value, line } of dialog.steps) {
    if (key === "C") outgoing += `${value}\r\n`;
    else if (key === "raw") outgoing += JSON.parse(value) as string;
    else if (outgoing !== "") {
      client.write(outgoing);
      outgoing = "";
    }
    if (key === "S") expect(await client.line(), `line ${line}`).to.match(pattern(value));
    else if (key === "TLS") expect((await client.startTls()).getPeerCertificate().subject.CN).to.equal(value.slice(3));
    else if (key === "end") expect(await client.rest(), `line ${line}`).to.deep.equal([]);
    else if (key === "hangup") client.close();
  }
}

function checkAfterwards(dialog: Dialog, server: FakeServer, record: object): void {
  let after = 0;
  for (const { key, value, line } of dialog.steps) {
    const where = `line ${line}`;
    if (key === "accepted") expect(server.submissions, where).to.have.length(Number(value));
    else if (key === "content") expect(lastContent(server), where).to.contain(JSON.parse(value));
    else if (key === "no-content") expect(lastContent(server), where).not.to.contain(JSON.parse(value));
    else if (key === "row") {
      const found = server.rows().findIndex((row, index) => index >= after && pattern(value).test(row));
      expect(found, `${where}, row ${value} in\n${server.rows().slice(after).join("\n")}\n`).to.be.at.least(0);
      after = found + 1;
    } else if (key === "no-row")
      expect(
        server.rows().filter((row) => pattern(value).test(row)),
        where,
      ).to.deep.equal([]);
    else if (key === "event") expect(events(server), where).to.include(value);
    else if (key === "no-event")
      expect(
        events(server).filter((event) => pattern(value).test(event)),
        where,
      ).to.deep.equal([]);
    else if (key === "record") expect(record, where).to.deep.include(JSON.parse(value) as object);
  }
}

const lastContent = (server: FakeServer): string => server.submissions.at(-1)?.content.toString("latin1") ?? "";

const events = (server: FakeServer): string[] =>
  server.events.flatMap((event) => (event.kind === "event" ? [[event.id, ...event.parameters].join(",")] : []));

const pattern = (text: string): RegExp =>
  new RegExp(
    `^${text
      .split("*")
      .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"))
      .join(".*")}$`,
  );
