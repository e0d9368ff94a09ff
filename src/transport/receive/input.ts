import { DataReader } from "./data-reader.ts";

/** One thing that a client sent, whole. */
export type Received =
  /** A command line without its CR LF. */
  | { kind: "line"; text: string }
  /** A line that no command may look like: ended by a bare LF, or with a NUL or a bare CR in it. */
  | { kind: "malformedLine"; text: string }
  /** The beginning of a line that is too long; the rest is thrown away as it comes. */
  | { kind: "lineTooLong"; text: string }
  /** What followed DATA. */
  | { kind: "data"; content: DataReader }
  /** What followed BDAT; no chunks when they were not to be kept. */
  | { kind: "octets"; chunks: Buffer[] };

/** Source: RFC 4954 §4, item 6: lines of an authentication exchange. */
const maxAuthenticationLine = 12_288;
/** Ours: above the sum of RFC 5321 §4.5.3.1.4 (512) and what SIZE, 8BITMIME, DSN and AUTH= add to MAIL and RCPT. */
const maxCommandLine = 2048;

/**
 * Turns the octets of a connection into lines and contents, however the network split them. `push` what came, then
 * `take` until it returns undefined. Never holds more than one line's limit beyond what was pushed.
 */
export class Input {
  /** True while the next line answers an authentication challenge. */
  authenticating = false;
  #pending: Buffer | undefined;
  #discarding = false;
  #data: DataReader | undefined;
  #octets: { left: number; keep: boolean; chunks: Buffer[] } | undefined;

  push(chunk: Buffer): void {
    this.#pending = this.#pending ? Buffer.concat([this.#pending, chunk]) : chunk;
  }

  /** What comes next is the content of a DATA command. */
  readData(limitBytes: number): void {
    this.#data = new DataReader(limitBytes);
  }

  /** What comes next is `count` octets of content, one at least. */
  readOctets(count: number, keep: boolean): void {
    this.#octets = { left: count, keep, chunks: [] };
  }

  take(): Received | undefined {
    if (this.#pending === undefined) return undefined;
    if (this.#octets) return this.#takeOctets(this.#pending, this.#octets);
    if (this.#data) return this.#takeData(this.#pending, this.#data);
    return this.#takeLine(this.#pending);
  }

  #takeOctets(pending: Buffer, wanted: { left: number; keep: boolean; chunks: Buffer[] }): Received | undefined {
    const here = pending.length > wanted.left ? pending.subarray(0, wanted.left) : pending;
    wanted.left -= here.length;
    if (wanted.keep) wanted.chunks.push(here);
    this.#consume(pending, here.length);
    if (wanted.left > 0) return undefined;
    this.#octets = undefined;
    return { kind: "octets", chunks: wanted.chunks };
  }

  #takeData(pending: Buffer, data: DataReader): Received | undefined {
    const used = data.read(pending);
    this.#consume(pending, used < 0 ? pending.length : used);
    if (used < 0) return undefined;
    this.#data = undefined;
    return { kind: "data", content: data };
  }

  #takeLine(pending: Buffer): Received | undefined {
    const end = pending.indexOf(10);
    if (this.#discarding) {
      this.#discarding = end < 0;
      this.#consume(pending, end < 0 ? pending.length : end + 1);
      return this.take();
    }
    const length = end < 0 ? pending.length : end + 1;
    if (length > maxCommandLine && length > this.#lineLimit(pending)) {
      this.#discarding = true;
      return { kind: "lineTooLong", text: pending.toString("latin1", 0, 512) };
    }
    if (end < 0) return undefined;
    this.#consume(pending, end + 1);
    const whole = end > 0 && pending[end - 1] === 13;
    const text = pending.toString("latin1", 0, whole ? end - 1 : end);
    return { kind: whole && !text.includes("\0") && !text.includes("\r") ? "line" : "malformedLine", text };
  }

  #lineLimit(pending: Buffer): number {
    if (this.authenticating) return maxAuthenticationLine;
    return /^(AUTH|X-EXPS) /i.test(pending.toString("latin1", 0, 7)) ? maxAuthenticationLine : maxCommandLine;
  }

  #consume(pending: Buffer, count: number): void {
    this.#pending = count === pending.length ? undefined : pending.subarray(count);
  }
}
