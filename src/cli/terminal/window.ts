import { EventEmitter } from "node:events";
import { createInterface, type Interface } from "node:readline";
import { Writable } from "node:stream";
import type { Completions } from "../../shell/index.ts";
import { commonStart, inColumns } from "./candidates.ts";

/** What came of asking for a line; `begun`: whether Ctrl-C gave up what was typed of one. */
export type Typed = { kind: "line"; text: string } | { kind: "interrupt"; begun: boolean } | { kind: "end" };

/** A terminal, both ways. */
export interface TerminalStreams {
  input: NodeJS.ReadableStream;
  output: NodeJS.WritableStream & { columns?: number };
}

interface WindowOptions extends TerminalStreams {
  /** Lines of earlier sessions, the latest first. */
  history: readonly string[];
  /** A line was typed that is worth remembering. */
  remember(line: string): void;
  complete(line: string): Promise<Completions>;
}

/**
 * A person's window: lines with editing, history (arrow keys) and completion (Tab). What is typed while nobody reads
 * waits its turn. Ctrl-C is an answer of its own, and gives up a line that was begun.
 */
export class Window {
  /** `prevRows`: how far below its first row readline takes the cursor to be; in no documentation, but its own property. */
  readonly #lines: Interface & { prevRows?: number };
  readonly #screen: Screen;
  readonly #early: Typed[] = [];
  readonly #interruptions = new EventEmitter();
  #waiting: ((typed: Typed) => void) | undefined;
  #asking = false;
  #ended = false;
  #status = false;

  constructor({ input, output, history, remember, complete }: WindowOptions) {
    this.#screen = new Screen(output);
    this.#lines = createInterface({
      input,
      output: this.#screen,
      terminal: true,
      history: [...history],
      historySize: 1000,
      removeHistoryDuplicates: true,
      completer: (line: string, done: (failure: null, found: [string[], string]) => void) => {
        void this.#complete(line, complete).then((found) => done(null, found));
      },
    });
    // Readline would show its prompt again, in the middle of what is shown by others.
    output.on("resize", () => void (this.#waiting && this.#screen.emit("resize")));
    // An answer, or a secret, is nothing to come back to.
    this.#lines.on("history", (kept: string[]) => {
      if (this.#asking) kept.shift();
      else if (kept[0] !== undefined) remember(kept[0]);
    });
    this.#lines.on("line", (text) => this.#pass({ kind: "line", text }));
    this.#lines.on("close", () => this.#end());
    this.#lines.on("SIGINT", () => this.#interrupt());
    const settle = (): void => this.#settle();
    input.on("data", settle); // behind readline's own listener
    this.#lines.once("close", () => input.off("data", settle));
  }

  get columns(): number {
    return this.#screen.columns;
  }

  read(prompt: string): Promise<Typed> {
    this.showStatus(undefined);
    const early = this.#early.shift();
    if (this.#ended) return Promise.resolve(early ?? { kind: "end" });
    this.#lines.setPrompt(prompt);
    this.#lines.prevRows = 0; // whatever was typed early, this row is its first
    this.#lines.prompt(true);
    if (early) return Promise.resolve(early);
    return new Promise((resolve) => (this.#waiting = resolve));
  }

  /** A line that is no command: neither remembered nor completed; `hidden` shows nothing of it. */
  async ask(prompt: string, hidden = false): Promise<Typed> {
    this.#asking = true;
    const typed = this.read(prompt);
    this.#screen.muted = hidden;
    try {
      return await typed;
    } finally {
      this.#asking = false;
      this.#screen.muted = false;
      if (hidden) this.#screen.write("\n");
    }
  }

  /** Calls back at Ctrl-C while something runs; returns a function that ends it. */
  onInterrupt(listener: () => void): () => void {
    this.#interruptions.on("interrupt", listener);
    return () => void this.#interruptions.off("interrupt", listener);
  }

  /** A line below all others that takes the place of the one before it; undefined takes it away. */
  showStatus(text: string | undefined): void {
    if (text === undefined && !this.#status) return;
    this.#status = text !== undefined;
    this.#screen.muted = false;
    this.#screen.write(`\r\x1b[K${text ?? ""}`);
    this.#screen.muted = this.#status; // what is typed meanwhile stands at the next prompt
  }

  close(): void {
    this.#lines.close();
  }

  /** Readline does not notice where what is pasted goes on in another row, and would draw the line anew below itself. */
  #settle(): void {
    if (!this.#waiting) return;
    const { rows, cols } = this.#lines.getCursorPos();
    const full = rows > 0 && cols === 0 && this.#lines.cursor === this.#lines.line.length;
    if (full) this.#screen.write(" \r"); // as readline does: else the terminal is still in the row before
    this.#lines.prevRows = rows;
  }

  /** Ctrl-D ends a question and all that would be read behind it. */
  #end(): void {
    this.#ended = true;
    if (this.#waiting) this.#screen.write("\n");
    this.#waiting?.({ kind: "end" });
    this.#waiting = undefined;
  }

  #pass(typed: Typed): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting) waiting(typed);
    else this.#early.push(typed);
  }

  #interrupt(): void {
    this.showStatus(undefined);
    if (this.#waiting) this.#lines.write(null, { ctrl: true, name: "e" }); // below the last row of what was typed
    this.#screen.write("^C\n");
    this.#lines.prevRows = 0;
    // Whatever runs is what was meant; where nothing does, it waits its turn as a line would.
    if (!this.#waiting && this.#interruptions.emit("interrupt")) return;
    const begun = this.#lines.line !== "";
    if (begun) this.#erase();
    this.#pass({ kind: "interrupt", begun });
  }

  #erase(): void {
    this.#lines.write(null, { ctrl: true, name: "e" });
    this.#lines.write(null, { ctrl: true, name: "u" });
  }

  /** Types what all candidates begin with; where that is nothing new, lists them. Always leaves readline nothing to do. */
  async #complete(line: string, complete: WindowOptions["complete"]): Promise<[string[], string]> {
    if (this.#asking) return [[], line];
    const { start, candidates } = await complete(line).catch(() => ({ start: line.length, candidates: [] }));
    const word = line.slice(start);
    const common = commonStart(candidates);
    if (common.length < word.length) return [[], line];
    if (common === word && candidates.length > 1) {
      this.#screen.write(`\n${inColumns(candidates, this.columns)}\n`);
      this.#lines.prompt(true);
      return [[], line];
    }
    for (let left = word.length; left > 0; left--) this.#lines.write(null, { name: "backspace" });
    this.#lines.write(common);
    return [[], line];
  }
}

/** The terminal as readline writes to it: what is typed can be kept from showing. */
class Screen extends Writable {
  muted = false;
  readonly #output: TerminalStreams["output"];

  constructor(output: TerminalStreams["output"]) {
    super({ decodeStrings: false });
    this.#output = output;
  }

  get columns(): number {
    return this.#output.columns ?? 80;
  }

  override _write(text: string, _encoding: BufferEncoding, done: () => void): void {
    if (!this.muted) this.#output.write(text);
    done();
  }
}
