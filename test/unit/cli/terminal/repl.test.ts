import { expect } from "chai";
import { LabError } from "../../../../src/base/index.ts";
import { repl } from "../../../../src/cli/terminal/repl.ts";
import type { Typed } from "../../../../src/cli/terminal/window.ts";
import type { ShellSession } from "../../../../src/shell/index.ts";

/** Has these things typed, one after the other; then the input ends. */
async function typing(
  typed: readonly (string | Typed)[],
  stopAtFailure = false,
  run?: ShellSession["run"],
  {
    told,
    ...more
  }: { warning?: string; until?: AbortSignal; abandon?: () => void; patienceMs?: number; told?: () => void } = {},
) {
  const prompts: string[] = [];
  const ran: string[] = [];
  const written = { out: "", err: "" };
  const coming = [...typed];
  let interrupt: (() => void) | undefined;
  pressed = undefined;
  const session: ShellSession = {
    prompt: "PS> ",
    async run(source, columns, signal) {
      pressed = interrupt;
      ran.push(source);
      if (source === "fail") throw new LabError("X_FAILED", "It failed", { remedy: "Do it right" });
      return run
        ? await run(source, columns, signal)
        : { objects: [], text: source === "silent" ? "" : `ran ${source}` };
    },
    complete: async () => ({ start: 0, candidates: [] }),
  };
  const outcome = await repl({
    session,
    source: {
      columns: 80,
      async read(prompt) {
        prompts.push(prompt);
        const next = coming.shift();
        return next === undefined ? { kind: "end" } : typeof next === "string" ? { kind: "line", text: next } : next;
      },
      onInterrupt(listener) {
        interrupt = listener;
        return () => (interrupt = undefined);
      },
    },
    io: {
      out: (text) => (written.out += text),
      err: (text) => {
        written.err += text;
        told?.();
      },
    },
    stopAtFailure,
    until: new AbortController().signal,
    ...more,
  });
  return { outcome, prompts, ran, written };
}

/** Ctrl-C, while a line runs. */
let pressed: (() => void) | undefined;
const ctrlC = (): void => pressed?.();

describe("the lines of a shell", () => {
  it("are run one after the other, and what they show is shown", async () => {
    const { outcome, ran, written } = await typing(["one", "", "  ", "silent", "two"]);
    expect(ran).to.deep.equal(["one", "silent", "two"]);
    expect(written).to.deep.equal({ out: "ran one\nran two\n", err: "" });
    expect(outcome).to.deep.equal({ code: 0, by: "end" });
  });

  for (const word of ["quit", " EXIT "])
    it(`end at ${word.trim()}`, async () => {
      const { outcome, ran } = await typing(["one", word, "two"]);
      expect(ran).to.deep.equal(["one"]);
      expect(outcome).to.deep.equal({ code: 0, by: "quit" });
    });

  it("go on after a failure, which is told, or end there", async () => {
    const on = await typing(["fail", "two"]);
    expect(on.written.err).to.equal("X_FAILED: It failed\n    remedy: Do it right\n");
    expect(on.outcome.code).to.equal(1);
    expect(on.ran).to.deep.equal(["fail", "two"]);
    const script = await typing(["fail", "two"], true);
    expect(script.ran).to.deep.equal(["fail"]);
    expect(script.outcome).to.deep.equal({ code: 1, by: "line" });
  });

  it("are joined where a command wants more, until an empty one", async () => {
    const { prompts, ran } = await typing(["Get-Queue |", "fl |", "", "Get-AdSite"]);
    expect(prompts.slice(0, 4)).to.deep.equal(["PS> ", ">> ", ">> ", "PS> "]);
    expect(ran).to.deep.equal(["Get-Queue |\nfl |", "Get-AdSite"]);
  });

  const empty = { kind: "interrupt", begun: false } as const;
  const begun = { kind: "interrupt", begun: true } as const;

  it("are given up together at Ctrl-C, which with nothing typed does nothing", async () => {
    const { prompts, ran, outcome, written } = await typing(["Get-Queue |", empty, empty, empty, "one"]);
    expect(prompts).to.deep.equal(["PS> ", ">> ", "PS> ", "PS> ", "PS> ", "PS> "]);
    expect(ran).to.deep.equal(["one"]);
    expect([outcome.by, written.out]).to.deep.equal(["end", "ran one\n"]);
  });

  it("end at the second Ctrl-C with nothing typed, of which the first warns", async () => {
    const { outcome, written } = await typing([empty, empty, "one"], false, undefined, {
      warning: "Once more ends it.",
    });
    expect(outcome).to.deep.equal({ code: 0, by: "interrupt" });
    expect(written.out).to.equal("Once more ends it.\n");
  });

  for (const [what, between] of [
    ["a line", "one"],
    ["an empty line", ""],
    ["a line that was given up", begun],
  ] as const)
    it(`forget the first Ctrl-C over ${what}`, async () => {
      const typed = [empty, between, empty, "two", begun, empty];
      const { outcome, ran, written } = await typing(typed, false, undefined, { warning: "Once more." });
      expect(outcome.by).to.equal("end");
      expect(ran).to.include("two");
      expect(written.out.match(/Once more/g)).to.have.length(3);
    });

  /** A line that takes until it is stopped. */
  const long: ShellSession["run"] = (_source, _columns, signal) =>
    new Promise((resolve) => {
      signal?.addEventListener("abort", () => resolve({ objects: [], text: "so far", stopped: true }));
      ctrlC();
    });

  it("are stopped by Ctrl-C while they run, show what they came to, and the next one is asked for", async () => {
    const { outcome, prompts, written } = await typing(["one", empty], false, long);
    expect(written).to.deep.equal({ out: "so far\n", err: "Stopped: what the line had done by then stays done.\n" });
    expect(prompts).to.have.length(3);
    expect(outcome).to.deep.equal({ code: 1, by: "end" });
  });

  it("are said to go on where Ctrl-C does not stop them at once, and what a second one does", async () => {
    let told = (): void => undefined;
    const slow: ShellSession["run"] = (_source, _columns, signal) =>
      new Promise((resolve) => {
        told = () => resolve({ objects: [], text: "done", ...(signal?.aborted && { stopped: true }) });
        ctrlC();
      });
    const { written } = await typing(["one"], false, slow, { patienceMs: 0, told: () => told() });
    expect(written.err.split("\n")).to.deep.equal([
      "Stopping, as soon as what has begun comes to its end. Press Ctrl-C again to wait no longer.",
      "Stopped: what the line had done by then stays done.",
      "",
    ]);
  });

  it("are not waited for any longer at a second Ctrl-C", async () => {
    let stops = 0;
    const stubborn: ShellSession["run"] = (_source, _columns, signal) =>
      new Promise(() => {
        signal?.addEventListener("abort", () => stops++);
        ctrlC();
        ctrlC();
      });
    const { outcome, written } = await typing(["one"], false, stubborn);
    expect([outcome.code, stops]).to.deep.equal([1, 1]);
    expect(written.err).to.match(/^SHELL_INTERRUPTED: /);
  });

  it("have the second Ctrl-C passed on, where another process runs them", async () => {
    let abandon = (): void => undefined;
    const elsewhere: ShellSession["run"] = () =>
      new Promise((_, reject) => {
        abandon = () => reject(new LabError("X_LEFT", "Left", { remedy: "Go on" }));
        ctrlC();
        ctrlC();
      });
    const { written } = await typing(["one"], false, elsewhere, { abandon: () => abandon() });
    expect(written.err).to.match(/^X_LEFT: /);
  });

  it("end when they are told to, also the one that runs", async () => {
    const ending = new AbortController();
    const { outcome, ran, written } = await typing(
      ["one", "two"],
      false,
      (source, columns, signal) => {
        queueMicrotask(() => ending.abort());
        return long(source, columns, signal);
      },
      { until: ending.signal },
    );
    expect(ran).to.deep.equal(["one"]);
    expect(written.out).to.equal("so far\n");
    expect(outcome.by).to.equal("end");
  });

  it("are told how wide what they show may be", async () => {
    const widths: unknown[] = [];
    await typing(["one"], false, async (_, columns) => ({ objects: [{ at: widths.push(columns) }], text: "" }));
    expect(widths).to.deep.equal([80]);
  });
});
