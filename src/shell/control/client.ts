import type { Socket } from "node:net";
import { LabError } from "../../base/index.ts";
import { connectionLost, labNotRunning, lineInterrupted, noLabRunning, severalLabsRunning } from "../errors.ts";
import type { Progress } from "../../commands/index.ts";
import { FailedLine } from "../run/failed-line.ts";
import type { ShellResult } from "../run/run.ts";
import type { Completions, ShellHost, ShellQuestion, ShellSession } from "../shell-session.ts";
import { jsonObject, linesOf, type ShellMessage } from "./protocol.ts";
import { type ControlEntry, openEntry, readEntries } from "./registry.ts";

/**
 * A session in another process's lab. One thing at a time: what is asked while something runs waits for it. Dates in
 * objects come as ISO texts. `run` and `complete` reject with the lab's own LabError, or CONTROL_LOST.
 */
export interface ControlConnection extends ShellSession {
  readonly labId: string;
  /** Aborted when there is no connection any more, mostly since the lab has ended. */
  readonly ended: AbortSignal;
  /** Stops what runs and waits no longer for it: it rejects SHELL_INTERRUPTED, and what cannot be stopped goes on over there. */
  abandon(): void;
  close(): void;
}

interface ConnectOptions {
  /** Where running labs register. */
  folder: string;
  /** Default: the only lab that runs. */
  labId?: string | undefined;
  /** Default: the lab's first Hub. */
  server?: string | undefined;
  /** Who can be asked; default: nobody. */
  host?: ShellHost | undefined;
}

/**
 * Finds a running lab of this user, the only one or the one named, and opens a session there. Labs that have died are
 * passed over. Rejects CONTROL_NO_LAB, CONTROL_LAB_NOT_RUNNING, CONTROL_SEVERAL_LABS, SERVER_UNKNOWN.
 */
export async function connectControl({ folder, labId, server, host }: ConnectOptions): Promise<ControlConnection> {
  const entries = await readEntries(folder);
  const running = (await Promise.all(entries.map(openRunning))).filter((found) => found !== undefined);
  const wanted = running.filter(({ entry }) => labId === undefined || entry.labId === labId);
  const [chosen, ...others] = wanted;
  for (const { socket } of running) if (socket !== chosen?.socket || others.length > 0) socket.destroy();

  const ids = running.map(({ entry }) => entry.labId);
  if (others.length > 0) throw severalLabsRunning(ids);
  if (!chosen) throw labId === undefined || ids.length === 0 ? noLabRunning(labId) : labNotRunning(labId, ids);
  const connection = new Connection(chosen.socket, chosen.entry.labId, host);
  await connection.greet(chosen.entry.token, server);
  return connection;
}

async function openRunning(entry: ControlEntry): Promise<{ entry: ControlEntry; socket: Socket } | undefined> {
  const socket = await openEntry(entry);
  return socket && { entry, socket };
}

type Heard = Partial<Record<string, unknown>>;

class Connection implements ControlConnection {
  readonly labId: string;
  prompt = "";
  readonly ended: AbortSignal;
  readonly #socket: Socket;
  readonly #host: ShellHost | undefined;
  readonly #heard: AsyncGenerator<string, undefined>;
  /** What is under way, with all that waits behind it. */
  #turn: Promise<unknown> | undefined;

  constructor(socket: Socket, labId: string, host: ShellHost | undefined) {
    this.labId = labId;
    this.#socket = socket;
    this.#host = host;
    this.#heard = linesOf(socket);
    socket.on("error", () => socket.destroy()); // what is under way hears of it by the end of what is heard
    const ending = new AbortController();
    this.ended = ending.signal;
    socket.once("close", () => ending.abort());
  }

  async greet(token: string, server: string | undefined): Promise<void> {
    const hello = { kind: "hello", token, server: server ?? null, canBeAsked: this.#host !== undefined } as const;
    await this.#exchange(hello).catch((failure: unknown) => {
      this.close();
      throw failure;
    });
  }

  async run(source: string, columns?: number, signal?: AbortSignal): Promise<ShellResult> {
    try {
      const request = { kind: "run", source, columns: columns ?? null } as const;
      return this.#result(await this.#exchange(request, signal));
    } finally {
      this.#host?.progress?.(undefined);
    }
  }

  async complete(source: string, cursor: number): Promise<Completions> {
    const { start, candidates } = await this.#exchange({ kind: "complete", source, cursor });
    if (typeof start !== "number" || !Array.isArray(candidates)) throw connectionLost(this.labId);
    return { start, candidates: candidates.map(String) };
  }

  abandon(): void {
    this.#say({ kind: "abandon" });
  }

  close(): void {
    this.#socket.destroy();
  }

  #exchange(request: ShellMessage, signal?: AbortSignal): Promise<Heard> {
    const ask = async (): Promise<Heard> => {
      if (signal?.aborted) throw lineInterrupted(); // before its turn came
      const stop = (): void => this.#say({ kind: "stop" });
      this.#say(request);
      signal?.addEventListener("abort", stop);
      return await this.#answer().finally(() => signal?.removeEventListener("abort", stop));
    };
    const answer = this.#turn ? this.#turn.then(ask) : ask();
    const turn = answer
      .catch(() => undefined)
      .then(() => {
        if (this.#turn === turn) this.#turn = undefined;
      });
    this.#turn = turn;
    return answer;
  }

  /** The next thing that is an answer; questions are put to the host on the way, and it hears how far things are. */
  async #answer(): Promise<Heard> {
    for (;;) {
      const next = await this.#heard.next().catch(() => ({ value: undefined }));
      const heard = next.value === undefined ? undefined : jsonObject(next.value);
      if (!heard) throw connectionLost(this.labId);
      if (heard.kind === "question" || heard.kind === "secretWanted") {
        this.#put(heard);
        continue;
      }
      if (heard.kind === "progress") {
        this.#host?.progress?.(heard.progress as Progress);
        continue;
      }
      if (typeof heard.prompt === "string") this.prompt = heard.prompt;
      if (heard.kind === "failed") throw this.#failure(heard);
      return heard;
    }
  }

  #result({ text, objects, stopped }: Heard): ShellResult {
    if (typeof text !== "string" || !Array.isArray(objects)) throw connectionLost(this.labId);
    return { text, objects, ...(stopped === true && { stopped }) };
  }

  #failure({ error, before }: Heard): LabError {
    const told = toldError(error, this.labId);
    return typeof before === "object" && before !== null ? new FailedLine(told, this.#result(before)) : told;
  }

  /** Not waited for: where nobody answers, the line stops. */
  #put({ kind, question, prompt }: Heard): void {
    const host = this.#host;
    if (!host) return;
    const asked =
      kind === "question"
        ? host.choose(question as ShellQuestion).then((choice) => ({ kind: "choice", choice }) as const)
        : host.readSecret(String(prompt)).then((text) => ({ kind: "secret", text }) as const);
    void asked.then(
      (answer) => this.#say(answer),
      () => this.#say({ kind: "stop" }),
    );
  }

  #say(message: ShellMessage): void {
    this.#socket.write(`${JSON.stringify(message)}\n`);
  }
}

function toldError(error: unknown, labId: string): LabError {
  if (typeof error !== "object" || error === null) return connectionLost(labId);
  const { code, message, remedy } = { code: "", message: "", remedy: "", ...error };
  return new LabError(code, message, { remedy });
}
