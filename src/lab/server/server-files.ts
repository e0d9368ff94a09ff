import { copyFile, mkdir, open, stat } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, normalize, sep } from "node:path";
import { writeFileAtomically } from "../../base/index.ts";
import { fileExists, fileOutsideDisk, fileUnsuitable, fileUnwritable, unknownFile } from "../errors.ts";

/** A server as far as files go: `folder` is its own, among the lab's data. */
export interface ServerDisk {
  name: string;
  folder: string;
}

/** Where a server's `C:` lies on this machine. */
export const diskOf = ({ folder }: Pick<ServerDisk, "folder">): string => join(folder, "files");

/** So that people find where to put files. */
export const makeDisk = (server: Pick<ServerDisk, "folder">): Promise<unknown> =>
  mkdir(diskOf(server), { recursive: true });

/** Whether a file is named by its whole path on this machine. */
const isOfThisMachine = (file: string): boolean => isAbsolute(file) && !/^[A-Za-z]:/.test(file);

/**
 * Where a file that is named on a server really lies. `C:\Edge.xml` and `Edge.xml` are on the server's own disk, a folder
 * of the lab's data; an absolute path of this machine is taken as it is. Throws FILE_OUTSIDE_DISK.
 */
function pathOf(server: ServerDisk, file: string): string {
  if (isOfThisMachine(file)) return file;
  const disk = diskOf(server);
  const path = join(disk, normalize(file.replace(/^[A-Za-z]:/, "").replaceAll("\\", "/")));
  if (path !== disk && !path.startsWith(disk + sep)) throw fileOutsideDisk(file, server.name);
  return path;
}

/** As text. Rejects FILE_UNKNOWN, FILE_UNSUITABLE. */
export const readServerFile = async (server: ServerDisk, file: string): Promise<string> =>
  (await readServerBytes(server, file)).toString("utf8");

/** No file that a cmdlet reads is larger. */
const longestFile = 4 * 1024 ** 2;

/** Rejects FILE_UNKNOWN, FILE_UNSUITABLE. */
export async function readServerBytes(server: ServerDisk, file: string): Promise<Buffer> {
  const path = pathOf(server, file);
  const handle = await open(path).catch((failure: unknown) => {
    throw unknownFile(file, server.name, path, failure);
  });
  try {
    const about = await handle.stat();
    if (!about.isFile()) throw fileUnsuitable(file, server.name, "it is no regular file");
    if (about.size > longestFile)
      throw fileUnsuitable(file, server.name, `it has ${about.size} bytes, 4 MB are the most`);
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

/** Rejects FILE_UNWRITABLE where something else than a file is; FILE_EXISTS where a file is, unless it may be overwritten. */
export async function checkWritable(server: ServerDisk, file: string, overwrite: boolean): Promise<void> {
  const path = pathOf(server, file);
  const there = await stat(path).catch(() => undefined);
  if (there && !there.isFile())
    throw fileUnwritable(file, server.name, there.isDirectory() ? "it is a folder" : "it is no regular file");
  if (there && !overwrite) throw fileExists(file, server.name, path);
}

/** Readable by its owner only, whatever is in it. Rejects FILE_UNWRITABLE. */
export async function writeServerFile(server: ServerDisk, file: string, content: string | Uint8Array): Promise<string> {
  const path = pathOf(server, file);
  await checkWritable(server, file, true);
  await writeFileAtomically(path, content, { mode: 0o600 });
  return path;
}

/**
 * As an administrator with a memory stick would; a file of this machine comes to the top of the other disk. Resolves with
 * where it lies then. Rejects FILE_UNKNOWN, FILE_UNSUITABLE, FILE_OUTSIDE_DISK.
 */
export async function carryServerFile(file: string, from: ServerDisk, to: ServerDisk): Promise<string> {
  const source = pathOf(from, file);
  const about = await stat(source).catch((failure: unknown) => {
    throw unknownFile(file, from.name, source, failure);
  });
  if (!about.isFile()) throw fileUnsuitable(file, from.name, "it is no regular file");
  const target = isOfThisMachine(file) ? join(diskOf(to), basename(file)) : pathOf(to, file);
  await mkdir(dirname(target), { recursive: true });
  await copyFile(source, target);
  return target;
}
