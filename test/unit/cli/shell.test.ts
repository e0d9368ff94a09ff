import { expect } from "chai";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import type { Io } from "../../../src/cli/io.ts";
import { runShell } from "../../../src/cli/shell.ts";
import { openSession, serveControl } from "../../../src/shell/index.ts";
import { fakeServer } from "../../helpers/fake-server.ts";

const choices = { logs: "logs", directory: "embedded" };

describe("hubedge shell", () => {
  let folder: string;
  let lab: Awaited<ReturnType<typeof serveControl>> | undefined;
  let asked: [line: string, server: string | undefined][];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "hubedge-shell-"));
    asked = [];
  });
  afterEach(async () => {
    await lab?.close();
    lab = undefined;
    await rm(folder, { recursive: true });
  });

  async function startLab(): Promise<void> {
    const { api } = fakeServer();
    lab = await serveControl({
      folder,
      labId: "two-sites",
      openSession(server, host) {
        const session = openSession({ server: api, serverNamed: () => api, host });
        return {
          prompt: session.prompt,
          complete: (source, cursor) => session.complete(source, cursor),
          run(source) {
            asked.push([source, server]);
            return session.run(source);
          },
        };
      },
    });
  }

  it("runs one command and prints what it shows", async () => {
    await startLab();
    const { io, out } = ioOf();
    expect(await runShell(undefined, { ...choices, folder, command: "Get-AdSite SiteA | fl Name" }, io)).to.equal(0);
    expect(out.join("")).to.equal("Name : SiteA\n");
    expect(asked).to.deep.equal([["Get-AdSite SiteA | fl Name", undefined]]);
  });

  it("runs it on the server that is named", async () => {
    await startLab();
    expect(await runShell(undefined, { ...choices, folder, command: "Get-Queue", on: "Ex2007SE" }, ioOf().io)).to.equal(
      0,
    );
    expect(asked).to.deep.equal([["Get-Queue", "Ex2007SE"]]);
  });

  it("ends with 1 when the command fails, and says what to do", async () => {
    await startLab();
    const { io, out, err } = ioOf();
    expect(await runShell(undefined, { ...choices, folder, command: "Get-Quue" }, io)).to.equal(1);
    expect(out).to.deep.equal([]);
    expect(err.join("")).to.equal(
      'SHELL_COMMAND_UNKNOWN: Cannot run the line: "Get-Quue" is no cmdlet, at column 1\n' +
        "    remedy: Did you mean: Get-Queue\n",
    );
  });

  it("prints what came before a failure, then the failure", async () => {
    await startLab();
    const { io, out, err } = ioOf();
    expect(await runShell(undefined, { ...choices, folder, command: "'before'; Get-Queue 9; 'never'" }, io)).to.equal(
      1,
    );
    expect(out.join("")).to.equal("before\n");
    expect(err.join("")).to.match(/^COMMAND_QUEUE_UNKNOWN: /);
  });

  it("runs a script from standard input up to the first line that fails", async () => {
    await startLab();
    const { io, out } = ioOf("# sites\nGet-AdSite SiteA | fl Name\nGet-Quue\nGet-AdSite SiteB | fl Name\n");
    expect(await runShell(undefined, { ...choices, folder }, io)).to.equal(1);
    expect(out.join("")).to.equal("Name : SiteA\n");
  });

  it("lets a person at the keyboard go on after a mistake", async () => {
    await startLab();
    const { io, out } = ioOf("Get-Quue\nGet-AdSite SiteB | fl Name\n", true);
    expect(await runShell(undefined, { ...choices, folder }, io)).to.equal(1);
    expect(out.join("")).to.equal("[PS] Ex2007EE> [PS] Ex2007EE> Name : SiteB\n[PS] Ex2007EE> ");
  });

  it("ends with its lab, also while nobody types", async () => {
    await startLab();
    const { io, err } = ioOf();
    const input = new PassThrough();
    const ended = runShell(
      undefined,
      { ...choices, folder },
      { ...io, input, interactive: true, out: () => void lab?.close() },
    );
    expect(await ended).to.equal(3);
    expect(err.join("")).to.equal('\nLab "two-sites" has ended.\n');
    input.end();
  });

  it("says so where there is no lab to attach to", async () => {
    const failure = await runShell(
      undefined,
      { ...choices, folder, command: "Get-Queue", lab: "other" },
      ioOf().io,
    ).then(String, String);
    expect(failure).to.include('Cannot attach to lab "other": none is running');
  });
});

function ioOf(input = "", interactive = false): { io: Io; out: string[]; err: string[] } {
  const [out, err]: [string[], string[]] = [[], []];
  const io: Io = {
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
    colour: false,
    interactive,
    input: Readable.from([input]),
    terminal: undefined,
    env: {},
    cwd: ".",
    exit: () => {},
    onInterrupt: () => () => {},
  };
  return { io, out, err };
}
