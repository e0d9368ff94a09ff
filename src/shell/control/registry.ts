import { lstat, readdir, readFile } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { makePrivateFolder, removeFile, systemCodeOf, writeFileAtomically } from "../../base/index.ts";
import { type ControlAddress, jsonObject } from "./protocol.ts";
import { controlFolderForeign } from "../errors.ts";

/** A running lab's entry in the control folder. */
export interface ControlEntry {
  labId: string;
  token: string;
  address: ControlAddress;
}

/** This user's control folder: `hubedge-<uid>` under the temporary directory. */
export const controlFolder = (): string => {
  const { uid, username } = userInfo();
  return join(tmpdir(), `hubedge-${uid < 0 ? username : uid}`);
};

/**
 * Makes the control folder, for nobody but us. Throws CONTROL_FOLDER_FOREIGN where somebody else made it first: under
 * a shared temporary directory anyone could wait there for our tokens.
 */
export async function openControlFolder(folder: string): Promise<void> {
  const { uid } = userInfo();
  const held = await lstat(folder).catch(() => undefined);
  if (held && (!held.isDirectory() || (uid >= 0 && held.uid !== uid))) throw controlFolderForeign(folder);
  await makePrivateFolder(folder);
}

const entryFile = (folder: string, labId: string): string => join(folder, `${encodeURIComponent(labId)}.json`);

export const writeEntry = (folder: string, entry: ControlEntry): Promise<void> =>
  writeFileAtomically(entryFile(folder, entry.labId), `${JSON.stringify(entry)}\n`, { mode: 0o600, durable: false });

/** Takes an entry away, and the socket that a dead process left. */
export async function removeEntry(folder: string, { labId, address }: ControlEntry): Promise<void> {
  await removeFile(entryFile(folder, labId));
  if ("path" in address) await removeFile(address.path);
}

/** The entries of the folder, by lab id; what cannot be read as one is passed over. */
export async function readEntries(folder: string): Promise<ControlEntry[]> {
  const names = await readdir(folder).catch((failure: unknown) => {
    if (systemCodeOf(failure) === "ENOENT") return [];
    throw failure;
  });
  const texts = names
    .filter((name) => name.endsWith(".json"))
    .sort()
    .map((name) => readFile(join(folder, name), "utf8").catch(() => "")); // a lab that ends takes its entry away
  return (await Promise.all(texts)).flatMap((text) => readEntry(text) ?? []);
}

function readEntry(text: string): ControlEntry | undefined {
  const { labId, token, address } = jsonObject(text) ?? {};
  if (typeof labId !== "string" || typeof token !== "string") return undefined;
  if (typeof address !== "object" || address === null) return undefined;
  if ("path" in address && typeof address.path === "string") return { labId, token, address: { path: address.path } };
  if (!("host" in address && typeof address.host === "string")) return undefined;
  if (!("port" in address && typeof address.port === "number")) return undefined;
  return { labId, token, address: { host: address.host, port: address.port } };
}

/**
 * Connects to a lab; undefined where nobody listens any more. That, and no process id, tells a stale entry: ids are
 * given out again, a socket of a dead process refuses.
 */
export function openEntry({ address }: ControlEntry): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect(address);
    socket.once("connect", () => resolve(socket));
    socket.once("error", () => resolve(undefined));
  });
}
