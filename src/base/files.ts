import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { chmod, mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { systemCodeOf } from "./errors.ts";

export interface WriteOptions {
  /** Permission bits; 0o600 for anything secret. Default 0o644. */
  mode?: number;
  /** Flush to disk before returning. Default true. */
  durable?: boolean;
}

/**
 * Writes a whole file so that a reader, or a crash, sees the old content or the new and nothing between.
 * Makes the folders on the way.
 */
export async function writeFileAtomically(
  path: string,
  content: string | Uint8Array,
  options: WriteOptions = {},
): Promise<void> {
  const draft = `${path}.${randomBytes(6).toString("hex")}.tmp`;
  const file = await openDraft(draft, options.mode ?? 0o644);
  try {
    await file.writeFile(content);
    if (options.durable ?? true) await file.sync();
  } catch (failure) {
    await file.close();
    await rm(draft, { force: true });
    throw failure;
  }
  await file.close();
  await rename(draft, path);
  if (options.durable ?? true) await syncFolder(dirname(path));
}

/**
 * `writeFileAtomically` for a hot path: done when it returns, and not flushed. The few calls, each of which ends in the
 * system's cache, cost less than handing them to the thread pool and back.
 */
export function writeFileAtOnce(path: string, content: Uint8Array): void {
  const draft = `${path}.tmp`;
  try {
    writeDraft(draft, content);
    renameSync(draft, path);
  } catch (failure) {
    rmSync(draft, { force: true });
    throw failure;
  }
}

function writeDraft(draft: string, content: Uint8Array): void {
  try {
    writeFileSync(draft, content);
  } catch (failure) {
    if (systemCodeOf(failure) !== "ENOENT") throw failure;
    mkdirSync(dirname(draft), { recursive: true });
    writeFileSync(draft, content);
  }
}

async function openDraft(draft: string, mode: number): ReturnType<typeof open> {
  try {
    return await open(draft, "wx", mode);
  } catch (failure) {
    if (systemCodeOf(failure) !== "ENOENT") throw failure;
    await mkdir(dirname(draft), { recursive: true });
    return await open(draft, "wx", mode);
  }
}

/** Makes a rename in `folder` durable, where the system can flush folders (some cannot, and say so). */
async function syncFolder(folder: string): Promise<void> {
  let handle: Awaited<ReturnType<typeof open>> | undefined;
  try {
    handle = await open(folder, "r");
    await handle.sync();
  } catch (failure) {
    if (!["EPERM", "EISDIR", "EINVAL", "EACCES", "ENOTSUP"].includes(systemCodeOf(failure) ?? "")) throw failure;
  } finally {
    await handle?.close();
  }
}

/**
 * A file that only grows: `append` is immediate and ordered, bytes go to the system in the background,
 * `flush` resolves once everything appended so far is in the file.
 */
export interface AppendFile {
  readonly path: string;
  /** Bytes written and waiting, with what the file held when it was opened. */
  readonly sizeBytes: number;
  append(text: string): void;
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** Opens `path` for appending, making it and its folders where they are missing. */
export async function openAppendFile(path: string, mode = 0o644): Promise<AppendFile> {
  await mkdir(dirname(path), { recursive: true });
  const file = await open(path, "a", mode);
  let sizeBytes = (await file.stat()).size;
  let waiting: string[] = [];
  let writing: Promise<void> = Promise.resolve();
  let scheduled = false;
  let failure: unknown;

  const drain = async (): Promise<void> => {
    scheduled = false;
    const text = waiting.join("");
    waiting = [];
    if (text === "" || failure !== undefined) return;
    try {
      await file.appendFile(text);
    } catch (error) {
      failure = error;
    }
  };
  return {
    path,
    get sizeBytes() {
      return sizeBytes;
    },
    append(text) {
      waiting.push(text);
      sizeBytes += Buffer.byteLength(text);
      if (scheduled) return;
      scheduled = true;
      writing = writing.then(drain);
    },
    async flush() {
      await writing;
      if (failure !== undefined) throw failure;
    },
    async close() {
      await writing;
      await file.close();
    },
  };
}

/** Makes a folder that only its owner can enter, or makes an existing one so. Rejects where that cannot be had. */
export async function makePrivateFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  await chmod(path, 0o700);
}

/** Removes a file; one that is not there is gone already. */
export const removeFile = (path: string): Promise<void> => rm(path, { force: true });

/** Removes a folder with all that is in it; nothing there is fine. */
export const removeFolder = (path: string): Promise<void> => rm(path, { recursive: true, force: true });
