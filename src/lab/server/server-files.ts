import { access, copyFile, mkdir, open } from "node:fs/promises";
import { dirname, isAbsolute, join, normalize, sep } from "node:path";
import { writeFileAtomically } from "../../base/index.ts";
import { fileExists, fileOutsideDisk, fileUnsuitable, unknownFile } from "../errors.ts";

/**
 * Where a file that is named on a server really lies. `C:\Edge.xml` and `Edge.xml` are on the server's own disk, a folder
 * of the lab's data; an absolute path of this machine is taken as it is. Throws FILE_OUTSIDE_DISK.
 */
function pathOf(server: { name: string; folder: string }, file: string): string {
  if (isAbsolute(file) && !/^[A-Za-z]:/.test(file)) return file;
  const disk = join(server.folder, "files");
  const path = join(disk, normalize(file.replace(/^[A-Za-z]:/, "").replaceAll("\\", "/")));
  if (!path.startsWith(disk + sep)) throw fileOutsideDisk(file, server.name);
  return path;
}

/** As text. Rejects FILE_UNKNOWN, FILE_UNSUITABLE. */
export const readServerFile = async (server: { name: string; folder: string }, file: string): Promise<string> =>
  (await readServerBytes(server, file)).toString("utf8");

/** No file that a cmdlet reads is larger. */
const longestFile = 4 * 1024 ** 2;

/** Rejects FILE_UNKNOWN, FILE_UNSUITABLE. */
export async function readServerBytes(server: { name: string; folder: string }, file: string): Promise<Buffer> {
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

/** Rejects FILE_EXISTS. */
export async function assertNoSuchFile(server: { name: string; folder: string }, file: string): Promise<void> {
  const path = pathOf(server, file);
  const there = await access(path).then(
    () => true,
    () => false,
  );
  if (there) throw fileExists(file, server.name, path);
}

/** Readable by its owner only, whatever is in it. */
export async function writeServerFile(
  server: { name: string; folder: string },
  file: string,
  content: string | Uint8Array,
): Promise<string> {
  const path = pathOf(server, file);
  await writeFileAtomically(path, content, { mode: 0o600 });
  return path;
}

/** As an administrator with a memory stick would. Rejects FILE_UNKNOWN. */
export async function carryServerFile(
  file: string,
  from: { name: string; folder: string },
  to: { name: string; folder: string },
): Promise<void> {
  const [source, target] = [pathOf(from, file), pathOf(to, file)];
  await mkdir(dirname(target), { recursive: true });
  await copyFile(source, target).catch((failure: unknown) => {
    throw unknownFile(file, from.name, source, failure);
  });
}
