const cr = 13;
const lf = 10;
const dot = 46;

/** Where the reader stands: what the octets so far make of the next one. */
type State = "lineStart" | "inLine" | "afterCr" | "afterDot" | "afterDotCr";

/**
 * Reads the content that follows DATA: finds its end, takes the leading dots off, and notices what must not be there.
 *
 * Only CR LF . CR LF ends it, wherever the network splits the octets. A bare CR or LF makes the content malformed and
 * never counts as the end of a line, so none of the known ways to smuggle a second message past the end works:
 * what looks like an end to a laxer server is content here, and the content is refused.
 * Source: RFC 5321 §4.5.2 (transparency), §2.3.8 (no bare CR or LF).
 */
export class DataReader {
  readonly chunks: Buffer[] = [];
  sizeBytes = 0;
  malformed = false;
  readonly #limitBytes: number;
  #state: State = "lineStart";

  /** @param limitBytes octets beyond it are counted but not kept */
  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  get tooLarge(): boolean {
    return this.sizeBytes > this.#limitBytes;
  }

  /** Takes what belongs to the content. Returns how many octets of `chunk` that was, or -1 when it all was and more must come. */
  read(chunk: Buffer): number {
    let state = this.#state;
    let start = 0;
    const length = chunk.length;
    for (let i = 0; i < length; i++) {
      const octet = chunk[i];
      if (state === "lineStart") {
        if (octet === dot) {
          this.#keep(chunk, start, i);
          start = i + 1;
          state = "afterDot";
          continue;
        }
        state = "inLine";
      }
      if (state === "inLine") {
        while (i < length && chunk[i] !== cr && chunk[i] !== lf) i++;
        if (chunk[i] === cr) state = "afterCr";
        else if (i < length) this.malformed = true;
      } else if (octet === lf) {
        if (state === "afterDotCr") return i + 1;
        if (state === "afterDot") this.malformed = true;
        state = state === "afterCr" ? "lineStart" : "inLine";
      } else if (state === "afterDot") {
        state = octet === cr ? "afterDotCr" : "inLine";
      } else {
        this.malformed = true; // a CR that no LF followed
        state = octet === cr ? "afterCr" : "inLine";
      }
    }
    // The CR after a lone dot is part of the end, or of content that is refused: either way it is not kept.
    if (state !== "afterDotCr") this.#keep(chunk, start, length);
    this.#state = state;
    return -1;
  }

  #keep(chunk: Buffer, start: number, end: number): void {
    if (end <= start) return;
    this.sizeBytes += end - start;
    if (this.tooLarge || this.malformed) this.chunks.length = 0;
    else this.chunks.push(start === 0 && end === chunk.length ? chunk : chunk.subarray(start, end));
  }
}
