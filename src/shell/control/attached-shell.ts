import { timingSafeEqual } from "node:crypto";
import { LabError } from "../../base/index.ts";
import { lineFailed, lineInterrupted, requestRefused } from "../errors.ts";
import { FailedLine } from "../run/failed-line.ts";
import type { ShellHost, ShellSession } from "../shell-session.ts";
import type { LabMessage, ShellMessage } from "./protocol.ts";

/** Opens a session on a server of the lab, or on its first Hub. Throws SERVER_UNKNOWN. */
export type OpenSession = (server: string | undefined, host: ShellHost | undefined) => ShellSession;

interface ControlOptions {
  openSession: OpenSession;
}

/** What somebody was asked, until there is an answer. */
interface Pending {
  kind: "choice" | "secret";
  answer(value: number | string): void;
  abandon(): void;
}

/** One end of a connection: what a shell in another process says becomes a session's, and back. */
export class AttachedShell {
  readonly #token: string;
  readonly #options: ControlOptions;
  readonly #say: (message: LabMessage) => void;
  #session: ShellSession | undefined;
  #pending: Pending | undefined;
  /** What runs and is still waited for. */
  #current: symbol | undefined;
  /** Stops what runs. */
  #stop = new AbortController();

  constructor(token: string, options: ControlOptions, say: (message: LabMessage) => void) {
    this.#token = token;
    this.#options = options;
    this.#say = say;
  }

  /** @param message undefined for what is none */
  hear(message: ShellMessage | undefined): void {
    if (message?.kind === "hello") this.#greet(message);
    else if (message && this.#session) this.#obey(this.#session, message);
    else this.#fail(requestRefused());
  }

  /** Nobody waits for an answer any more, and nobody gives one: what runs stops. */
  leave(): void {
    this.#current = undefined;
    this.#end();
  }

  #end(): void {
    this.#stop.abort();
    this.#pending?.abandon();
  }

  #obey(session: ShellSession, message: Exclude<ShellMessage, { kind: "hello" }>): void {
    switch (message.kind) {
      case "run": {
        this.#stop = new AbortController();
        const { signal } = this.#stop;
        void this.#answer(async () => {
          const result = await session.run(message.source, message.columns ?? undefined, signal);
          return { kind: "done", prompt: session.prompt, ...result };
        });
        break;
      }
      case "complete":
        void this.#answer(async () => {
          const completions = await session.complete(message.source, message.cursor);
          return { kind: "completions", ...completions };
        });
        break;
      case "choice":
        this.#pass("choice", message.choice);
        break;
      case "secret":
        this.#pass("secret", message.text);
        break;
      case "stop":
        this.#end();
        break;
      case "abandon":
        if (this.#current) this.#fail(lineInterrupted());
        this.leave();
    }
  }

  #greet({ token, server, canBeAsked }: Extract<ShellMessage, { kind: "hello" }>): void {
    if (this.#session || !sameToken(token, this.#token)) {
      this.#fail(requestRefused());
      return;
    }
    const host: ShellHost = {
      choose: (question) => this.#ask("choice", { kind: "question", question }) as Promise<number>,
      readSecret: (prompt) => this.#ask("secret", { kind: "secretWanted", prompt }) as Promise<string>,
      progress: (progress) => {
        if (progress && this.#current) this.#say({ kind: "progress", progress });
      },
    };
    try {
      this.#session = this.#options.openSession(server ?? undefined, canBeAsked ? host : undefined);
      this.#say({ kind: "ready", prompt: this.#session.prompt });
    } catch (failure) {
      this.#fail(failure);
    }
  }

  async #answer(work: () => Promise<LabMessage>): Promise<void> {
    const turn = Symbol("turn");
    this.#current = turn;
    const answer = await work().catch((failure: unknown) => this.#failed(failure));
    if (this.#current !== turn) return; // nobody waits for it
    this.#current = undefined;
    this.#say(answer);
  }

  #ask(kind: Pending["kind"], message: LabMessage): Promise<number | string> {
    // What runs on unheard has nobody to ask.
    if (!this.#current) return Promise.reject(lineInterrupted());
    return new Promise((resolve, reject) => {
      const done = (then: () => void) => (): void => {
        this.#pending = undefined;
        then();
      };
      this.#pending = {
        kind,
        answer: (value) => done(() => resolve(value))(),
        abandon: done(() => reject(lineInterrupted())),
      };
      this.#say(message);
    });
  }

  #pass(kind: Pending["kind"], value: number | string): void {
    if (this.#pending?.kind === kind) this.#pending.answer(value);
  }

  #fail(failure: unknown): void {
    this.#say(this.#failed(failure));
  }

  #failed(failure: unknown): LabMessage {
    const { code, message, remedy } = failure instanceof LabError ? failure : lineFailed(failure);
    const before = failure instanceof FailedLine && { before: failure.before };
    return { kind: "failed", prompt: this.#session?.prompt ?? "", error: { code, message, remedy }, ...before };
  }
}

function sameToken(sent: string, held: string): boolean {
  const [one, other] = [Buffer.from(sent), Buffer.from(held)];
  return one.length === other.length && timingSafeEqual(one, other);
}
