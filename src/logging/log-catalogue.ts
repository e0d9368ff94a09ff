import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "../base/index.ts";
import type { LogNames } from "./log-names.ts";

/** How large a log may become, and for how long its files are kept; an age of 0 means for ever. */
export interface LogLimits {
  maxFileSizeBytes: number;
  maxDirectorySizeBytes: number;
  maxAgeMs: number;
}

/** Ours: limits of the logs that Exchange has no setting for, and of the journal. */
export const factLimits: LogLimits = {
  maxFileSizeBytes: 10 * 1024 ** 2,
  maxDirectorySizeBytes: 250 * 1024 ** 2,
  maxAgeMs: 0,
};

export interface CatalogueOptions {
  folder: string;
  names: LogNames;
  /** What opens a new file, line ends included; may be empty. */
  header: (date: Date) => string;
  clock: Clock;
  limits: () => LogLimits;
  /** Go on in the newest file of the day; false begins another beside it. */
  append: boolean;
}

export interface LogFile {
  path: string;
  day: string;
  instance: number;
  startedAt: Date;
  /** Lab time, in milliseconds. */
  lastRowAt: number;
  sizeBytes: number;
  rows: number;
}

const dayMs = 86_400_000;

/**
 * Which files one log has, which of them a row goes to, and which have to go. Looks at the folder once, when the first
 * row or the first question comes.
 */
export class LogCatalogue {
  /** In force; whoever appends renews them. */
  limits: LogLimits;
  readonly #options: CatalogueOptions;
  readonly #remove: (path: string) => void;
  /** Oldest first. */
  #files: LogFile[] | undefined;
  #current: LogFile | undefined;
  #currentEndsAt = 0;
  #totalBytes = 0;
  #cancelDaily = (): void => {};

  /** @param remove is told each file that has to go, once */
  constructor(options: CatalogueOptions, remove: (path: string) => void) {
    this.#options = options;
    this.#remove = remove;
    this.limits = options.limits();
  }

  /** The file for a row of that time and size, which is counted in. */
  place(at: Date, bytes: number): LogFile {
    const atMs = at.getTime();
    let file = this.#current;
    if (file === undefined) file = this.#resume(at);
    if (file === undefined || atMs >= this.#currentEndsAt || this.#isFull(file, bytes)) file = this.#begin(at);
    file.lastRowAt = Math.max(file.lastRowAt, atMs);
    file.sizeBytes += bytes;
    file.rows++;
    this.#totalBytes += bytes;
    if (this.#totalBytes > this.limits.maxDirectorySizeBytes) this.#dropSurplus();
    return file;
  }

  paths(): string[] {
    return this.#look().map((file) => file.path);
  }

  close(): void {
    this.#cancelDaily();
  }

  /** A file takes at least one row, however long. */
  #isFull(file: LogFile, bytes: number): boolean {
    return file.rows > 0 && file.sizeBytes + bytes > this.limits.maxFileSizeBytes;
  }

  #resume(at: Date): LogFile | undefined {
    const newest = this.#look().at(-1);
    if (!this.#options.append || newest === undefined || newest.day !== this.#dayOf(at)) return undefined;
    this.#makeCurrent(newest, at);
    return newest;
  }

  #begin(at: Date): LogFile {
    const day = this.#dayOf(at);
    const instance =
      1 +
      Math.max(
        0,
        ...this.#look()
          .filter((file) => file.day === day)
          .map((file) => file.instance),
      );
    const path = join(this.#options.folder, this.#options.names.format(day, instance));
    const sizeBytes = Buffer.byteLength(this.#options.header(at));
    const begun = { path, day, instance, startedAt: at, lastRowAt: at.getTime(), sizeBytes, rows: 0 };
    this.#dropExpired(at);
    this.#look().push(begun);
    this.#totalBytes += sizeBytes;
    this.#makeCurrent(begun, at);
    return begun;
  }

  #makeCurrent(file: LogFile, at: Date): void {
    this.#current = file;
    this.#currentEndsAt = this.#options.names.daily ? startOfDay(at) + dayMs : Number.POSITIVE_INFINITY;
  }

  #dayOf(at: Date): string {
    return this.#options.names.daily ? at.toISOString().slice(0, 10).replaceAll("-", "") : "";
  }

  #dropSurplus(): void {
    for (const file of [...this.#look()]) {
      if (file === this.#current || this.#totalBytes <= this.limits.maxDirectorySizeBytes) return;
      this.#drop(file);
    }
  }

  #dropExpired(at: Date): void {
    const { maxAgeMs } = this.limits;
    if (maxAgeMs === 0) return;
    for (const file of this.#look().filter(({ lastRowAt }) => at.getTime() - lastRowAt >= maxAgeMs)) this.#drop(file);
  }

  #drop(file: LogFile): void {
    this.#files = this.#look().filter((other) => other !== file);
    this.#totalBytes -= file.sizeBytes;
    if (file === this.#current) this.#current = undefined;
    this.#remove(file.path);
  }

  #look(): LogFile[] {
    if (this.#files) return this.#files;
    const { clock, limits } = this.#options;
    this.#cancelDaily = clock.every(dayMs, `age of ${this.#options.folder}`, () => {
      this.limits = limits();
      this.#dropExpired(clock.now());
    });
    this.#files = this.#found();
    this.#totalBytes = this.#files.reduce((total, file) => total + file.sizeBytes, 0);
    return this.#files;
  }

  /** Files of an earlier run. How old their last row is in lab time, only their day can tell. */
  #found(): LogFile[] {
    const { folder, names, clock } = this.#options;
    const nowMs = clock.now().getTime();
    const files = namesIn(folder).flatMap((name): LogFile[] => {
      const parsed = names.parse(name);
      if (!parsed) return [];
      const path = join(folder, name);
      const sizeBytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
      const lastRowAt = names.daily ? Math.min(endOfDay(parsed.day), nowMs) : nowMs;
      return [{ path, ...parsed, startedAt: clock.now(), lastRowAt, sizeBytes, rows: 1 }];
    });
    return files.sort((a, b) => (a.day === b.day ? a.instance - b.instance : a.day < b.day ? -1 : 1));
  }
}

const startOfDay = (at: Date): number => Math.floor(at.getTime() / dayMs) * dayMs;

const endOfDay = (day: string): number => Date.UTC(+day.slice(0, 4), +day.slice(4, 6) - 1, +day.slice(6)) + dayMs;

/** A folder that is not there yet is empty; of one that may not be read, the writer will complain. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
