import type { Socket } from "node:net";
import type { ShellResult } from "./run.ts";

/*
 * What goes over a lab's control channel: one JSON object a line, each request answered in its turn. Dates in objects
 * become ISO texts.
 */

export interface ControlRequest {
  /** From the lab's entry in the control folder; whoever can read that may command the lab. */
  token: string;
  /** The server to run on; left out: the lab's first Hub. */
  server?: string;
  line: string;
}

export type ControlResponse =
  ({ ok: true } & ShellResult) | { ok: false; error: { code: string; message: string; remedy: string } };

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

/** A request as it came; undefined where it is none. */
export function readRequest(line: string): ControlRequest | undefined {
  const sent = jsonObject(line);
  if (sent === undefined || typeof sent.token !== "string" || typeof sent.line !== "string") return undefined;
  if (sent.server === undefined) return { token: sent.token, line: sent.line };
  return typeof sent.server === "string" ? { token: sent.token, line: sent.line, server: sent.server } : undefined;
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
