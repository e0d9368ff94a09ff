import { existsSync } from "node:fs";
import { open } from "node:fs/promises";
import { type AppendFile, openAppendFile, removeFile } from "../base/index.ts";

/** Rows on their way to one file. */
interface Batch {
  path: string;
  text: string;
  /** What the file opens with, should it not exist yet. */
  header: () => string;
}

/**
 * Writes and removes the files of one log, one thing after another, in the background. Failing is its own affair:
 * rows that cannot be written are lost, `onFailure` hears of it once, and the next batch tries the file anew.
 */
export class LogWriter {
  readonly #onFailure: (failure: unknown) => void;
  #work: Promise<void> = Promise.resolve();
  #file: AppendFile | undefined;
  #failed = false;

  constructor(onFailure: (failure: unknown) => void) {
    this.#onFailure = onFailure;
  }

  write(batch: Batch): void {
    this.#then(() => this.#append(batch));
  }

  remove(path: string): void {
    this.#then(async () => {
      if (this.#file?.path === path) await this.#release();
      await removeFile(path);
    });
  }

  /** Resolves once everything asked for so far is done. */
  idle(): Promise<void> {
    return this.#work;
  }

  async close(): Promise<void> {
    this.#then(() => this.#release());
    await this.#work;
  }

  #then(task: () => Promise<void>): void {
    this.#work = this.#work.then(task).catch(async (failure: unknown) => {
      if (!this.#failed) this.#onFailure(failure);
      this.#failed = true;
      await this.#release().catch(() => {});
    });
  }

  async #append({ path, text, header }: Batch): Promise<void> {
    // Somebody may clear the folder while we run: what is written to a file that has no name is lost.
    if (this.#file?.path !== path || !existsSync(path)) {
      await this.#release();
      this.#file = await openAppendFile(path);
      this.#file.append(this.#file.sizeBytes === 0 ? header() : await endOfTornRow(path, this.#file.sizeBytes));
    }
    this.#file.append(text);
    await this.#file.flush();
  }

  async #release(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
  }
}

/** A line end, when whoever wrote the file last was cut off in the middle of a row. */
async function endOfTornRow(path: string, sizeBytes: number): Promise<string> {
  const file = await open(path, "r");
  try {
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, sizeBytes - 1);
    return buffer.toString() === "\n" ? "" : "\n";
  } finally {
    await file.close();
  }
}
