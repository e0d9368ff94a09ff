import { expect } from "chai";
import { PassThrough } from "node:stream";
import { Window } from "../../../../src/cli/terminal/window.ts";
import type { Completions } from "../../../../src/shell/index.ts";

/** A window whose keys are pressed by hand. */
function open(complete: (line: string) => Completions = () => ({ start: 0, candidates: [] }), columns = 80) {
  const input = new PassThrough();
  const output = Object.assign(new PassThrough(), { columns });
  let shown = "";
  output.on("data", (chunk: Buffer) => (shown += chunk.toString()));
  const remembered: string[] = [];
  const window = new Window({
    input,
    output,
    history: ["Get-AdSite"],
    remember: (line) => remembered.push(line),
    complete: async (line) => complete(line),
  });
  return { window, press: (keys: string) => void input.write(keys), shown: () => shown, remembered };
}

const up = "\x1b[A";
const interrupt = "\x03";

describe("a window", () => {
  it("shows the prompt and takes a line, also one that was typed before anybody read", async () => {
    const { window, press, shown, remembered } = open();
    press("Get-Queue\rGet-AdSite\r");
    expect(await window.read("> ")).to.deep.equal({ kind: "line", text: "Get-Queue" });
    expect(await window.read(">> ")).to.deep.equal({ kind: "line", text: "Get-AdSite" });
    expect(shown()).to.include(">> ");
    expect(remembered).to.deep.equal(["Get-Queue", "Get-AdSite"]);
    window.close();
    expect(await window.read("> ")).to.deep.equal({ kind: "end" });
  });

  it("brings back lines of earlier sessions", async () => {
    const { window, press } = open();
    const line = window.read("> ");
    press(`${up}\r`);
    expect(await line).to.deep.equal({ kind: "line", text: "Get-AdSite" });
    window.close();
  });

  it("answers Ctrl-C, which gives up a line that was begun", async () => {
    const { window, press, shown } = open();
    const line = window.read("> ");
    press(`Get-Que${interrupt}`);
    expect(await line).to.deep.equal({ kind: "interrupt", begun: true });
    expect(shown()).to.match(/^[^\n]*Get-Que\^C\n/);
    const next = window.read("> ");
    press(interrupt);
    expect(await next).to.deep.equal({ kind: "interrupt", begun: false });
    window.close();
  });

  for (const [pasted, rows] of [
    ["abcdefghijklmnopqrstuvwxyz", 1],
    ["abcdefghijklmnopqr", 1],
    ["abcdefghijklmnopqrstuvwxyz0123456789abcd", 2],
  ] as const)
    it(`draws a line of ${pasted.length} characters that was pasted over itself`, async () => {
      const { window, press, shown } = open(undefined, 20);
      const line = window.read("> ");
      press(pasted);
      const before = shown().length;
      press("\x1b[H"); // Home
      press("\r");
      expect(await line).to.deep.equal({ kind: "line", text: pasted });
      expect(shown().slice(before)).to.match(new RegExp(`^( \\r)?\x1b\\[${rows}A\x1b\\[1G\x1b\\[0J> abc`));
      window.close();
    });

  it("ends at Ctrl-D, also at a question, and whatever is read behind it", async () => {
    const { window, press, shown } = open();
    const question = window.ask("Sure? ");
    press("\x04");
    expect(await question).to.deep.equal({ kind: "end" });
    expect(shown()).to.match(/Sure\? [^\n]*\n$/);
    expect(await window.read("> ")).to.deep.equal({ kind: "end" });
    expect(await window.read("> ")).to.deep.equal({ kind: "end" });
  });

  it("gives up a line below its last row, wherever the cursor is in it", async () => {
    const { window, press, shown } = open(undefined, 20);
    const line = window.read("> ");
    press("abcdefghijklmnopqrstuvwxyz\x1b[H");
    press(interrupt);
    expect(await line).to.deep.equal({ kind: "interrupt", begun: true });
    expect(shown()).to.match(/> abcdefghijklmnopqrstuvwxyz\x1b\[9G\^C\n\x1b\[1G\x1b\[0J> /);
    window.close();
  });

  it("shows how far something is on one line, which is gone before anything else is shown", async () => {
    const { window, press, shown } = open();
    window.showStatus("14% Lab time");
    window.showStatus("15% Lab time");
    expect(shown()).to.equal("\r\x1b[K14% Lab time\r\x1b[K15% Lab time");
    const heard = new Promise<void>((resolve) => window.onInterrupt(resolve));
    press(interrupt);
    await heard;
    expect(shown()).to.match(/15% Lab time\r\x1b\[K\^C\n$/);
    window.showStatus("16% Lab time");
    window.showStatus(undefined);
    window.showStatus(undefined);
    expect(shown()).to.match(/16% Lab time\r\x1b\[K$/);
    window.showStatus("17% Lab time");
    press("Get-Que");
    await new Promise(setImmediate);
    expect(shown()).to.not.include("Get-Que");
    const line = window.read("> ");
    expect(shown()).to.match(/17% Lab time\r\x1b\[K[^\n]*> Get-Que[^\n]*$/);
    window.close();
    await line;
  });

  it("tells whoever runs something of Ctrl-C, until it is done; then it waits its turn", async () => {
    const { window, press } = open();
    let heard = 0;
    const first = new Promise<void>((resolve) => {
      const forget = window.onInterrupt(() => {
        heard++;
        forget();
        resolve();
      });
    });
    press(interrupt);
    await first;
    press(`${interrupt}x\r`);
    expect(await window.read("> ")).to.deep.equal({ kind: "interrupt", begun: false });
    expect(await window.read("> ")).to.deep.equal({ kind: "line", text: "x" });
    expect(heard).to.equal(1);
    window.close();
  });

  it("completes what all candidates begin with, in their case", async () => {
    const candidates = ["Get-ExchangeCertificate", "Get-ExchangeServer"];
    const { window, press } = open((line) => ({ start: line.lastIndexOf(" ") + 1, candidates }));
    const line = window.read("> ");
    press("x get-e\t");
    await new Promise(setImmediate); // the completer answers in a turn of its own
    press("C\r");
    expect(await line).to.deep.equal({ kind: "line", text: "x Get-ExchangeC" });
    window.close();
  });

  it("lists candidates where nothing more can be typed for them", async () => {
    const { window, press, shown } = open(() => ({ start: 0, candidates: ["Get-Queue", "Get-AdSite"] }));
    const line = window.read("> ");
    press("Get-\t");
    await new Promise(setImmediate);
    expect(shown()).to.match(/Get-\nGet-Queue {3}Get-AdSite\n/);
    press("x\r");
    expect(await line).to.deep.equal({ kind: "line", text: "Get-x" });
    window.close();
  });

  it("remembers no answer, shows no secret, and completes neither", async () => {
    const { window, press, shown, remembered } = open(() => ({ start: 0, candidates: ["Get-Queue"] }));
    const answer = window.ask("Yes? ");
    press("y\r");
    expect(await answer).to.deep.equal({ kind: "line", text: "y" });
    const secret = window.ask("Password: ", true);
    press("Pa55word\r");
    expect(await secret).to.deep.equal({ kind: "line", text: "Pa55word" });
    expect(shown()).to.include("Password: ").and.to.not.include("Pa55word");
    expect(remembered).to.deep.equal([]);
    const next = window.read("> ");
    press(`${up}\r`);
    expect(await next).to.deep.equal({ kind: "line", text: "Get-AdSite" });
    window.close();
  });
});
