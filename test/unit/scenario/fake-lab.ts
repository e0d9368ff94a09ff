import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LabError } from "../../../src/base/index.ts";
import type {
  AttackerView,
  Lab,
  LabFacts,
  OutsideCertificate,
  OutsideHostView,
  OutsideMessage,
  OutsideOutcome,
  QueueView,
  SessionRecord,
} from "../../../src/lab/index.ts";
import { runScenario, type ScenarioResult } from "../../../src/scenario/index.ts";
import { parseScenario } from "../../../src/scenario/load.ts";
import type { Execute } from "../../../src/scenario/steps/define-step.ts";
import type { StepResult } from "../../../src/scenario/runner.ts";
import { fakeErrands } from "../../helpers/fake-errands.ts";
import { fakeServer } from "../../helpers/fake-server.ts";

export const thumbprint = "6F029E0D20605DB1233016B787C4503FD0002C01";

const outsideCertificate = (mark: string, subject: string, issuer: string): OutsideCertificate => ({
  thumbprint: mark.padEnd(40, "0"),
  subject,
  issuer,
  isSelfSigned: subject === issuer,
  notBefore: new Date(0),
  notAfter: new Date(1),
});

/** A lab from memory alone: tests say what has happened in it. */
export class FakeLab {
  readonly #folder = mkdtempSync(join(tmpdir(), "hubedge-fake-lab-"));
  readonly #listeners = new Set<() => void>();
  readonly #messages: ReturnType<LabFacts["messages"]>[number][] = [];
  readonly #decisions: ReturnType<LabFacts["decisions"]>[number][] = [];
  readonly #sessions: SessionRecord[] = [];
  readonly #mail: { internetMessageId: string; path: string }[] = [];
  readonly #events: ReturnType<LabFacts["events"]>[number][] = [];
  queues: QueueView[] = [];
  /** What was asked of the lab, in order: `advance 300000`, `stop Ex2007EE in-order`. */
  readonly asked: string[] = [];
  readonly outsideMessages: OutsideMessage[] = [];
  heard = "";
  objects: Awaited<ReturnType<Lab["directoryObjects"]>> = [];
  hosts: OutsideHostView[] = [
    {
      name: "mail.fabrikam.example",
      domains: ["fabrikam.example"],
      endpoint: { address: "127.1.3.1", port: 25 },
      ours: true,
      presents: "F1".padEnd(40, "0"),
      certificates: [outsideCertificate("F1", "CN=mail.fabrikam.example", "CN=Woodgrove Issuing")],
    },
  ];
  attackers: AttackerView[] = [
    {
      name: "mallory",
      before: "Ex2007EE",
      present: false,
      endpoint: { address: "127.1.4.1", port: 25 },
      certificates: [outsideCertificate("E1", "CN=Ex2007EE", "CN=Ex2007EE")],
    },
  ];
  outside: OutsideOutcome = { internetMessageId: "<o@x>", presented: undefined, accepted: [], refused: [] };
  dialog: () => readonly string[] = () => [];
  /** Lines run, and what a line throws. */
  readonly executed: string[] = [];
  execute: (line: string) => string | Awaited<ReturnType<Execute>> = () => "";
  closed = false;
  settledTimes = 0;

  happens(...facts: (SessionRecord | { delivered: string; path?: string })[]): void {
    for (const fact of facts) {
      if ("delivered" in fact) this.#mail.push({ internetMessageId: fact.delivered, path: fact.path ?? "bob/1.eml" });
      else this.#sessions.push(fact);
    }
    for (const listener of this.#listeners) listener();
  }

  raises(server: string, id: number, ...parameters: string[]): void {
    this.#events.push({ kind: "event", server, at: new Date(0), id, parameters });
  }

  traces(detail: string): void {
    const at = new Date(0);
    this.#messages.push({
      kind: "message",
      stage: "deferred",
      server: "Ex2007SE",
      at,
      id: 1,
      internetMessageId: "<1@x>",
      recipients: [],
      detail,
    });
    const steps = [{ source: "ours", text: "because it is a test" }];
    this.#decisions.push({
      kind: "decision",
      server: "Ex2007SE",
      at,
      about: "route",
      subject: "bob",
      outcome: "SiteA",
      steps,
    });
  }

  writes(server: string, kind: "SmtpSend" | "SmtpReceive", rows: string): void {
    mkdirSync(this.#folder, { recursive: true });
    writeFileSync(join(this.#folder, `${server}-${kind}`), rows, { flag: "a" });
  }

  get watchers(): number {
    return this.#listeners.size;
  }

  readonly lab: Lab = {
    id: "fake",
    directoryDescription: "memory",
    serverNames: () => ["Ex2007EE", "Ex2007SE"],
    logsFolder: "logs/fake",
    dataFolder: "data/fake",
    diskOf: (server) => `data/fake/servers/${server}/files`,
    facts: {
      sessions: () => this.#sessions,
      messages: () => this.#messages,
      events: () => this.#events,
      decisions: () => this.#decisions,
      directoryChanges: () => [],
      onFact: (listener) => {
        this.#listeners.add(listener);
        return () => void this.#listeners.delete(listener);
      },
    },
    clockNow: () => new Date(0),
    server: (name) => {
      const { api } = fakeServer();
      if (name === "Ex2007EE") return { ...api, queues: async () => [] };
      return { ...api, name, exchangeCertificates: async () => [], queues: async () => this.queues };
    },
    listeners: () => [
      { server: "Ex2007EE", connector: "Ex2007EE\\Default Ex2007EE", endpoint: { address: "127.1.1.1", port: 25 } },
    ],
    mailboxes: () => [{ name: "bob", address: "bob@proexchange.local", server: "Ex2007EE", password: "x" }],
    send: async () => "<1@x>",
    outsideSend: async (message) => {
      this.outsideMessages.push(message);
      return this.outside;
    },
    dialog: async () => this.dialog(),
    delivered: async (mailbox) => this.#mail.map((mail) => ({ mailbox, ...mail, deliveredAt: new Date(0) })),
    headerValues: async ({ path }, name) => (name === "Received" ? [`from ${path}`] : []),
    outsideHosts: () => this.hosts,
    ...fakeErrands((call, given) => void this.asked.push(`${call} ${JSON.stringify(given)}`)),
    attackers: () => this.attackers,
    attackerHeard: async () => this.heard,
    directoryObjects: async () => this.objects,
    advance: async (byMs) => void this.asked.push(`advance ${byMs}`),
    intercept: () => () => {},
    located: () => undefined,
    settled: async () => void this.settledTimes++,
    protocolLogs: async (server, kind) => {
      const file = join(this.#folder, `${server}-${kind}`);
      this.writes(server, kind, "");
      return [file];
    },
    stopServer: async (name, how) => void this.asked.push(`stop ${name} ${how}`),
    startServer: async (name) => void this.asked.push(`start ${name}`),
    close: async () => {
      this.closed = true;
      rmSync(this.#folder, { recursive: true, force: true });
    },
  };
}

const head = `
name: Fake
lab:
  organization: proexchange
  domains: [proexchange.local]
  sites: { SiteA: {}, SiteB: {} }
  servers:
    Ex2007EE: { site: SiteA, roles: [HubTransport, Mailbox], address: 127.0.0.9 }
    Ex2007SE: { site: SiteB, roles: [HubTransport, Mailbox] }
  mailboxes: { anna: { server: Ex2007SE }, bob: { server: Ex2007EE } }
world:
  authorities: { Woodgrove Issuing: {} }
  hosts: { mail.fabrikam.example: { domains: [fabrikam.example] } }
  attackers: { mallory: { before: Ex2007EE, does: listen, present: false } }
steps:
`;

/** Runs steps, in YAML, against a fake lab. */
export async function runSteps(
  steps: string,
  fake = new FakeLab(),
  options: { signal?: AbortSignal; start?: () => Promise<Lab>; afterFailure?: () => Promise<void> } = {},
): Promise<ScenarioResult> {
  const loaded = parseScenario(head + steps, "fake.yaml");
  if ("problems" in loaded) throw new Error(loaded.problems.map(({ text }) => text).join("; "));
  const { afterFailure } = options;
  return runScenario(loaded.scenario, {
    startLab: options.start ?? (async () => fake.lab),
    execute: async (_lab, server, line) => {
      fake.executed.push(`${server}: ${line}`);
      const outcome = fake.execute(line);
      return typeof outcome === "string" ? { text: outcome } : outcome;
    },
    signal: options.signal ?? new AbortController().signal,
    ...(afterFailure ? { afterFailure } : {}),
  });
}

/** The last step's result. */
export const last = ({ steps }: ScenarioResult): StepResult => {
  const step = steps.at(-1);
  if (!step) throw new Error("no steps");
  return step;
};

export const session = (change: Partial<SessionRecord> = {}): SessionRecord => ({
  kind: "session",
  side: "send",
  server: "Ex2007SE",
  connectorId: "Intra-Organization SMTP Send Connector",
  sessionId: "08CA822E1320D000",
  startedAt: new Date(0),
  endedAt: new Date(0),
  local: undefined,
  remote: { address: "127.1.1.1", port: 25 },
  peerName: "Ex2007EE.proexchange.local",
  tls: {
    verb: "STARTTLS",
    protocol: "TLSv1.3",
    cipher: "TLS_AES_256_GCM_SHA384",
    presented: undefined,
    received: { thumbprint, subject: "CN=Ex2007EE", selfSigned: true, notAfter: new Date(0) },
  },
  authentication: { by: "x-exps", identity: "" },
  messages: ["<1@x>"],
  failure: undefined,
  ...change,
});

export const refusal = new LabError("QUEUE_UNKNOWN", 'Cannot find the queue "9"', { remedy: "Run Get-Queue" });
