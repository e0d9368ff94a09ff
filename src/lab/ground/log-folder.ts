import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { systemCodeOf } from "../../base/index.ts";
import { labAlreadyRunning } from "../errors.ts";

/** Who holds a folder: a process, and the means to ask whether it still runs. */
export interface Holder {
  id: number;
  isRunning(id: number): boolean;
}

/**
 * Takes `<logs>/<lab>` for this process, so that two runs never write into one folder, and moves what an earlier run
 * left there to `<lab>.previous` unless it is to be continued. Throws LAB_LOGS_IN_USE naming the process that holds it.
 *
 * @returns the folder, and what gives it back
 */
export async function claimLogFolder(
  logs: string,
  lab: string,
  holder: Holder,
  keep: boolean,
): Promise<{ folder: string; release(): Promise<void> }> {
  const folder = join(logs, lab);
  const claim = join(logs, `.${lab}.owner`);
  await mkdir(logs, { recursive: true });
  await takeClaim(claim, lab, logs, holder);
  if (!keep) {
    await rm(`${folder}.previous`, { recursive: true, force: true });
    await rename(folder, `${folder}.previous`).catch((failure: unknown) => {
      if (systemCodeOf(failure) !== "ENOENT") throw failure;
    });
  }
  await mkdir(folder, { recursive: true });
  return { folder, release: () => rm(claim, { force: true }) };
}

async function takeClaim(claim: string, lab: string, logs: string, holder: Holder): Promise<void> {
  for (;;) {
    try {
      return await writeFile(claim, String(holder.id), { flag: "wx" });
    } catch (failure) {
      if (systemCodeOf(failure) !== "EEXIST") throw failure;
    }
    const other = Number(await readFile(claim, "utf8").catch(() => ""));
    if (holder.isRunning(other)) throw labAlreadyRunning(lab, logs, `process ${other}`);
    await rm(claim, { force: true });
  }
}
