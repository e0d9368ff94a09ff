import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { labAlreadyServed } from "../errors.ts";
import { AttachedShell, type OpenSession } from "./attached-shell.ts";
import { type ControlAddress, linesOf, longestRequest, readShellMessage } from "./protocol.ts";
import { openControlFolder, openEntry, readEntries, removeEntry, writeEntry } from "./registry.ts";

interface ControlOptions {
  /** Where running labs register: `controlFolder()`, or a test's own. */
  folder: string;
  labId: string;
  openSession: OpenSession;
  /** True where this machine has no Unix sockets: a port of 127.0.0.1 then, guarded by the token alone. */
  noUnixSocket?: boolean;
}

/** The longest path that every system takes for a Unix socket, in bytes. */
const longestSocketPath = 100;

/**
 * Opens sessions in a running lab for other processes of this user (`connectControl`), and registers it so that they
 * find it. Throws CONTROL_LAB_SERVED where a lab of that id is running already, CONTROL_FOLDER_FOREIGN.
 */
export async function serveControl(options: ControlOptions): Promise<{ close(): Promise<void> }> {
  await openControlFolder(options.folder);
  await refuseSecond(options);
  const token = randomBytes(32).toString("hex");
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.once("close", () => open.delete(socket));
    void serve(socket, token, options);
  });
  const address = await listen(server, options);
  const entry = { labId: options.labId, token, address };
  await writeEntry(options.folder, entry);
  return {
    async close() {
      const closed = once(server, "close");
      server.close();
      for (const socket of open) socket.destroy();
      await Promise.all([closed, removeEntry(options.folder, entry)]);
    },
  };
}

/** Refuses a second lab of one id, and forgets labs that died without taking their entries away. */
async function refuseSecond({ folder, labId }: ControlOptions): Promise<void> {
  for (const entry of await readEntries(folder)) {
    const socket = await openEntry(entry);
    socket?.destroy();
    if (!socket) await removeEntry(folder, entry);
    else if (entry.labId === labId) throw labAlreadyServed(labId);
  }
}

async function listen(server: Server, { folder, noUnixSocket }: ControlOptions): Promise<ControlAddress> {
  const path = join(folder, `${randomBytes(4).toString("hex")}.sock`);
  const unix = noUnixSocket !== true && Buffer.byteLength(path) <= longestSocketPath;
  server.listen(unix ? { path } : { host: "127.0.0.1", port: 0 });
  await once(server, "listening"); // rejects on "error"
  const bound = server.address();
  return typeof bound === "object" && bound !== null ? { host: bound.address, port: bound.port } : { path };
}

async function serve(socket: Socket, token: string, options: ControlOptions): Promise<void> {
  const shell = new AttachedShell(token, options, (message) => void socket.write(`${JSON.stringify(message)}\n`));
  try {
    for await (const line of linesOf(socket, longestRequest)) shell.hear(readShellMessage(line));
    socket.end();
  } catch {
    socket.destroy(); // the other side went away, or sent a line without end
  }
  shell.leave();
}
