import { expect } from "chai";
import { LabError } from "../../../../src/base/index.ts";
import { repl } from "../../../../src/cli/terminal/repl.ts";
import type { Typed } from "../../../../src/cli/terminal/window.ts";
import type { ShellSession } from "../../../../src/shell/index.ts";

/** Has these things typed, one after the other; then the input ends. */
async function typing(typed: readonly (string | Typed)[], stopAtFailure = false, run?: ShellSession["run"]) {
  const prompts: string[] = [];
  const ran: string[] = [];
  const written = { out: "", err: "" };
  const coming = [...typed];
  let interrupt: (() => void) | undefined;
  const session: ShellSession = {
    prompt: "PS> ",
    async run(source, columns) {
      ran.push(source);
      if (source === "fail") throw new LabError("X_FAILED", "It failed", { remedy: "Do it right" });
      return run ? await run(source, columns) : { objects: [], text: source === "silent" ? "" : `ran ${source}` };
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
    io: { out: (text) => (written.out += text), err: (text) => (written.err += text) },
    stopAtFailure,
    abandon: () => ran.push("abandoned"),
  });
  return { outcome, prompts, ran, written, interrupt: () => interrupt };
}

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

  it("are given up together at Ctrl-C; with nothing typed that ends them", async () => {
    const interrupt = { kind: "interrupt" } as const;
    const { prompts, ran, outcome } = await typing(["Get-Queue |", interrupt, "one", interrupt, "two"]);
    expect(prompts).to.deep.equal(["PS> ", ">> ", "PS> ", "PS> "]);
    expect(ran).to.deep.equal(["one"]);
    expect(outcome.by).to.equal("interrupt");
  });

  it("are told how wide what they show may be", async () => {
    const widths: unknown[] = [];
    await typing(["one"], false, async (_, columns) => ({ objects: [{ at: widths.push(columns) }], text: "" }));
    expect(widths).to.deep.equal([80]);
  });
});
