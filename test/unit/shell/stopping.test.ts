import { expect } from "chai";
import { lineInterrupted, openSession, runLine, type ShellHost, type ShellSession } from "../../../src/shell/index.ts";
import { fakeServer } from "../../helpers/fake-server.ts";

describe("a line that is told to stop", () => {
  let stop: AbortController;
  beforeEach(() => void (stop = new AbortController()));

  /** A shell on a server where somebody presses Ctrl-C when queues are listed so many times. */
  function open(
    host?: ShellHost,
    times = 1,
  ): { session: ShellSession; run(line: string): ReturnType<ShellSession["run"]> } {
    const { api } = fakeServer();
    let left = times;
    const queues: typeof api.queues = () => {
      if (--left === 0) stop.abort();
      return api.queues();
    };
    const session = openSession({ server: { ...api, queues }, serverNamed: () => api, host });
    return { session, run: (line) => session.run(line, undefined, stop.signal) };
  }

  it("ends between two objects, and shows what it came to", async () => {
    const { run } = open(undefined, 2);
    expect(await run("'before'; 1,2 | % { $queues = Get-Queue; $_ }; 'never'")).to.deep.equal({
      objects: ["before", 1],
      text: "before\n1",
      stopped: true,
    });
  });

  it("ends before its next statement when what runs has come to its end", async () => {
    const { run } = open();
    expect(await run("Retry-Queue Ex2007EE\\3; 'never'")).to.deep.equal({ objects: [], text: "", stopped: true });
  });

  it("assigns nothing that is not whole, and the next line runs, with blocks of the one that was stopped", async () => {
    const { session, run } = open();
    await session.run("$x = 1");
    await run("$block = { $_ + 1 }; $x = Get-Queue");
    expect((await session.run("$x; 5 | % $block")).objects).to.deep.equal([1, 6]);
  });

  it("hears of it while a block runs for very many objects", async () => {
    const { run } = open();
    setImmediate(() => stop.abort());
    const list = Array.from({ length: 400 }, () => "1").join(",");
    const result = await run(`${list} | % { ${list} | % { $_ } } | Measure-Object`);
    expect(result).to.deep.equal({ objects: [], text: "", stopped: true });
  });

  it("ends where nobody answers its question", async () => {
    const host: ShellHost = {
      choose: () => Promise.reject(lineInterrupted()),
      readSecret: () => Promise.reject(lineInterrupted()),
    };
    const { run } = open(host);
    const { objects, stopped } = await run(
      "'before'; Remove-ExchangeCertificate 6F029E0D20605DB1233016B787C4503FD0002C01; 'never'",
    );
    expect([objects, stopped]).to.deep.equal([["before"], true]);
  });

  it("is not run at all where it was stopped before", async () => {
    stop.abort();
    expect((await runLine("'never'", { server: fakeServer().api, signal: stop.signal })).objects).to.deep.equal([]);
  });

  it("takes away what it showed of its progress, as every line does", async () => {
    const told: unknown[] = [];
    const nobody = (): Promise<never> => Promise.reject(new Error("nothing is asked"));
    const { run } = open({ choose: nobody, readSecret: nobody, progress: (one) => void told.push(one) });
    await run("Get-Queue");
    expect(told).to.deep.equal([undefined]);
  });
});
