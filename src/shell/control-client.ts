import type { Socket } from "node:net";
import { LabError } from "../base/index.ts";
import { type ControlRequest, jsonObject, linesOf } from "./control-protocol.ts";
import { type ControlEntry, openEntry, readEntries } from "./control-registry.ts";
import { connectionLost, labNotRunning, noLabRunning, severalLabsRunning } from "./errors.ts";
import type { ShellResult } from "./run.ts";

/** A way to another process's lab. */
export interface ControlConnection {
  readonly labId: string;
  /**
   * Runs a line there, on that server or on the lab's first Hub; lines are run one after another. Dates in the objects
   * come as ISO texts. Rejects with the lab's own LabError, or CONTROL_LOST.
   */
  execute(line: string, server?: string): Promise<ShellResult>;
  close(): void;
}

/**
 * Finds a running lab of this user, the only one or the one named, and connects to it. Labs that have died are passed
 * over. Throws CONTROL_NO_LAB, CONTROL_LAB_NOT_RUNNING, CONTROL_SEVERAL_LABS.
 *
 * @param where the folder that labs register in, and the lab's id where it is known
 */
export async function connectControl(where: { folder: string; labId?: string }): Promise<ControlConnection> {
  const entries = await readEntries(where.folder);
  const running = (await Promise.all(entries.map(openRunning))).filter((found) => found !== undefined);
  const wanted = running.filter(({ entry }) => where.labId === undefined || entry.labId === where.labId);
  const [chosen, ...others] = wanted;
  for (const { socket } of running) if (socket !== chosen?.socket || others.length > 0) socket.destroy();

  const ids = running.map(({ entry }) => entry.labId);
  if (others.length > 0) throw severalLabsRunning(ids);
  if (chosen) return connectionOf(chosen.socket, chosen.entry);
  throw where.labId === undefined || ids.length === 0 ? noLabRunning(where.labId) : labNotRunning(where.labId, ids);
}

async function openRunning(entry: ControlEntry): Promise<{ entry: ControlEntry; socket: Socket } | undefined> {
  const socket = await openEntry(entry);
  return socket && { entry, socket };
}

function connectionOf(socket: Socket, { labId, token }: ControlEntry): ControlConnection {
  const answers = linesOf(socket);
  let turn: Promise<unknown> = Promise.resolve();
  const exchange = async (request: ControlRequest): Promise<ShellResult> => {
    socket.write(`${JSON.stringify(request)}\n`);
    const answer = await answers.next().catch(() => ({ done: true, value: undefined }) as const);
    if (answer.value === undefined) throw connectionLost(labId);
    return readResponse(answer.value, labId);
  };
  socket.on("error", () => socket.destroy()); // a line under way hears of it by the end of the answers
  return {
    labId,
    execute(line, server) {
      const answer = turn.then(() => exchange({ token, line, ...(server === undefined ? {} : { server }) }));
      turn = answer.catch(() => undefined);
      return answer;
    },
    close: () => void socket.destroy(),
  };
}

function readResponse(line: string, labId: string): ShellResult {
  const { ok, text, objects, error } = jsonObject(line) ?? {};
  if (ok === true && typeof text === "string" && Array.isArray(objects)) return { text, objects };
  if (typeof error !== "object" || error === null) throw connectionLost(labId);
  const { code, message, remedy } = { code: "", message: "", remedy: "", ...error };
  throw new LabError(code, message, { remedy });
}
