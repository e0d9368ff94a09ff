import type { Socket } from "node:net";
import type { Progress } from "../../commands/index.ts";
import type { ShellResult } from "../run/run.ts";
import type { Completions, ShellQuestion } from "../shell-session.ts";

/*
 * What goes over a lab's control channel: one JSON object a line. A connection is a shell session: it begins with `hello`,
 * and each request is answered before the next one is made; questions and news of what runs may come before the answer. Dates in objects become
 * ISO texts.
 */

/** What a shell says. */
export type ShellMessage =
  /** `token`: from the lab's entry in the control folder; whoever can read that may command the lab. */
  | { kind: "hello"; token: string; server: string | null; canBeAsked: boolean }
  | { kind: "run"; source: string; columns: number | null }
  | { kind: "complete"; source: string; cursor: number }
  | { kind: "choice"; choice: number }
  | { kind: "secret"; text: string }
  /** What runs is to stop, and a question is answered by nobody; the answer says what it came to until then. */
  | { kind: "stop" }
  /** The same, and whoever sits there waits no longer: what cannot be stopped goes on unheard. */
  | { kind: "abandon" };

/** What a lab says. */
export type LabMessage =
  | { kind: "ready"; prompt: string }
  | ({ kind: "done"; prompt: string } & ShellResult)
  /** `before`: what a line that ran had come to before it failed. */
  | { kind: "failed"; prompt: string; error: ToldError; before?: ShellResult }
  | ({ kind: "completions" } & Completions)
  | { kind: "question"; question: ShellQuestion }
  | { kind: "secretWanted"; prompt: string }
  | { kind: "progress"; progress: Progress };

interface ToldError {
  code: string;
  message: string;
  remedy: string;
}

/** Where a lab listens: a Unix socket, or a port of the loopback address. */
export type ControlAddress = { path: string } | { host: string; port: number };

/** A request is a line that somebody typed: longer than this, it is none. */
export const longestRequest = 1024 ** 2;

/** The lines of a socket until it ends; rejects where one grows longer than `limit` characters. */
export async function* linesOf(socket: Socket, limit = Number.MAX_SAFE_INTEGER): AsyncGenerator<string, undefined> {
  socket.setEncoding("utf8");
  const waiting: string[] = [];
  let length = 0;
  for await (const chunk of socket) {
    // Not readline: it would also cut at U+2028, which JSON leaves as it is.
    const [rest = "", ...more] = String(chunk).split("\n");
    waiting.push(rest);
    length += rest.length;
    for (const next of more) {
      yield waiting.splice(0).join("");
      waiting.push(next);
      length = next.length;
    }
    if (length > limit) throw new Error(`A line of the control channel is longer than ${limit} characters`);
  }
  return undefined;
}

/** What each kind of message must hold beside its kind; numbers are whole and not below zero, `?` may be null. */
const shapes: Readonly<Record<ShellMessage["kind"], Readonly<Record<string, string>>>> = {
  hello: { token: "string", server: "string?", canBeAsked: "boolean" },
  run: { source: "string", columns: "number?" },
  complete: { source: "string", cursor: "number" },
  choice: { choice: "number" },
  secret: { text: "string" },
  stop: {},
  abandon: {},
};

/** A message as it came; undefined where it is none. */
export function readShellMessage(line: string): ShellMessage | undefined {
  const sent = jsonObject(line);
  const kind = sent?.kind;
  if (sent === undefined || typeof kind !== "string" || !Object.hasOwn(shapes, kind)) return undefined;
  const shape = shapes[kind as ShellMessage["kind"]];
  const fits = Object.entries(shape).every(([name, wanted]) => {
    const value = sent[name];
    if (value === null) return wanted.endsWith("?");
    if (typeof value === "number") return wanted.startsWith("number") && Number.isSafeInteger(value) && value >= 0;
    return typeof value === wanted.replace("?", "");
  });
  // Every field has the type that its kind demands: checked above.
  return fits ? (sent as unknown as ShellMessage) : undefined;
}

/** A line's JSON object by its keys; undefined where it is not one. */
export function jsonObject(text: string): Partial<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
