import { expect } from "chai";
import { once } from "node:events";
import { chown, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LabError } from "../../../src/base/index.ts";
import {
  connectControl,
  FailedLine,
  openSession,
  serveControl,
  type ShellHost,
  type ShellSession,
} from "../../../src/shell/index.ts";
import { fakeServer } from "../../helpers/fake-server.ts";

type Served = Awaited<ReturnType<typeof serveControl>>;

describe("the control channel", () => {
  let parent: string;
  let folder: string;
  let served: Served[];

  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), "hubedge-control-"));
    folder = join(parent, "run");
    served = [];
  });
  afterEach(async () => {
    await Promise.all(served.map((lab) => lab.close()));
    await rm(parent, { recursive: true });
  });

  const serve = async (labId: string, options: Partial<Parameters<typeof serveControl>[0]> = {}): Promise<Served> => {
    const openEcho = (server = "first"): ShellSession =>
      sessionOf(async (line) => ({ objects: [{ labId, line, server }], text: `${labId}: ${line}` }));
    const lab = await serveControl({ folder, labId, openSession: openEcho, ...options });
    served.push(lab);
    return lab;
  };

  for (const noUnixSocket of [false, true])
    it(`runs lines in the only lab there is, over ${noUnixSocket ? "TCP" : "a Unix socket"}`, async () => {
      await serve("two-sites", { noUnixSocket });
      const lab = await connectControl({ folder });
      expect(lab.labId).to.equal("two-sites");
      expect(await lab.run("Get-Queue")).to.deep.equal({
        objects: [{ labId: "two-sites", line: "Get-Queue", server: "first" }],
        text: "two-sites: Get-Queue",
      });
      lab.close();
      const other = await connectControl({ folder, server: "Ex2007SE" });
      expect((await other.run("x")).objects).to.deep.equal([{ labId: "two-sites", line: "x", server: "Ex2007SE" }]);
      other.close();
    });

  it("carries a cmdlet's result and a LabError as they were", async () => {
    const server = fakeServer().api;
    await serve("lab", { openSession: (_, host) => openSession({ server, serverNamed: () => server, host }) });
    const lab = await connectControl({ folder });
    expect((await lab.run("Get-AdSite SiteA | fl Name")).text).to.equal("Name : SiteA");
    const failure = await failureOf(lab.run("Get-Quue"));
    expect(failure).to.include({ code: "SHELL_COMMAND_UNKNOWN", remedy: "Did you mean: Get-Queue" });
    lab.close();
  });

  it("carries what a line had come to before it failed", async () => {
    const server = fakeServer().api;
    await serve("lab", { openSession: (_, host) => openSession({ server, serverNamed: () => server, host }) });
    const lab = await connectControl({ folder });
    const failure = await failureOf(lab.run("'before'; Get-Queue 9"));
    expect(failure).to.be.instanceOf(FailedLine).and.to.include({ code: "COMMAND_QUEUE_UNKNOWN" });
    expect(failure)
      .to.have.property("before")
      .that.deep.equals({ objects: ["before"], text: "before" });
    lab.close();
  });

  it("answers lines in their order, whatever they hold", async () => {
    await serve("lab");
    const lab = await connectControl({ folder });
    const lines = ["a\nb", "\u2028é€😀", "x".repeat(200_000), ""];
    const answers = await Promise.all(lines.map((line) => lab.run(line)));
    expect(answers.map(({ text }) => text)).to.deep.equal(lines.map((line) => `lab: ${line}`));
    lab.close();
  });

  it("reports a bug in the lab as one, and goes on", async () => {
    await serve("lab", {
      openSession: () => sessionOf(() => Promise.reject(new TypeError("x is not a function"))),
    });
    const lab = await connectControl({ folder });
    for (const line of ["one", "two"]) {
      const failure = await failureOf(lab.run(line));
      expect(failure.code).to.equal("CONTROL_LINE_FAILED");
      expect(failure.message).to.include("x is not a function");
    }
    lab.close();
  });

  it("says that no lab runs, which labs run, and that one must be named", async () => {
    expect((await failureOf(connectControl({ folder }))).code).to.equal("CONTROL_NO_LAB");
    await serve("a");
    const other = await failureOf(connectControl({ folder, labId: "c" }));
    expect(other.code).to.equal("CONTROL_LAB_NOT_RUNNING");
    expect(other.remedy).to.equal("Name one of them: --lab a");
    await serve("b");
    const several = await failureOf(connectControl({ folder }));
    expect(several.code).to.equal("CONTROL_SEVERAL_LABS");
    expect(several.message).to.include("a, b");
    const lab = await connectControl({ folder, labId: "b" });
    expect(lab.labId).to.equal("b");
    lab.close();
  });

  it("passes over a lab that died, and lets another of its name register", async () => {
    const dead = { labId: "a", token: "t", address: { path: join(folder, "gone.sock") } };
    await serve("b");
    await writeFile(join(folder, "a.json"), JSON.stringify(dead));
    await writeFile(join(folder, "broken.json"), "{");
    const lab = await connectControl({ folder });
    expect(lab.labId).to.equal("b");
    lab.close();
    expect((await failureOf(connectControl({ folder, labId: "a" }))).code).to.equal("CONTROL_LAB_NOT_RUNNING");
    await serve("a");
    const reborn = await connectControl({ folder, labId: "a" });
    expect((await reborn.run("x")).text).to.equal("a: x");
    reborn.close();
  });

  it("refuses a second lab of one id, and frees the id at the end", async () => {
    const first = await serve("a");
    expect((await failureOf(serve("a"))).code).to.equal("CONTROL_LAB_SERVED");
    await first.close();
    served = [];
    expect(await readdir(folder)).to.deep.equal([]);
    await serve("a");
  });

  it("lets nobody else in: the folder, its entries and the token", async () => {
    await serve("a", { noUnixSocket: true });
    const entryFile = join(folder, "a.json");
    if (process.platform !== "win32") {
      expect((await stat(folder)).mode & 0o777).to.equal(0o700);
      expect((await stat(entryFile)).mode & 0o777).to.equal(0o600);
    }
    const { address } = JSON.parse(await readFile(entryFile, "utf8"));
    const hello = { kind: "hello", token: "guess", server: null, canBeAsked: false };
    for (const request of [
      hello,
      { ...hello, token: 1 },
      { kind: "run", source: "x" },
      { kind: "x" },
      "no JSON",
      null,
    ]) {
      const socket = connect(address).setEncoding("utf8");
      socket.write(`${JSON.stringify(request)}\n`);
      const [answer] = await once(socket, "data");
      expect(JSON.parse(answer)).to.have.nested.property("error.code", "CONTROL_REQUEST_REFUSED");
      socket.destroy();
    }
  });

  it("drops a client that sends a line without end", async () => {
    await serve("a", { noUnixSocket: true });
    const { address } = JSON.parse(await readFile(join(folder, "a.json"), "utf8"));
    const socket = connect(address).on("error", () => {});
    const closed = new Promise((resolve) => socket.once("close", resolve)); // by an error or without
    socket.write("x".repeat(3 * 1024 ** 2));
    await closed;
  });

  it("refuses a folder that is a link to somewhere else", async () => {
    await symlink(parent, folder);
    expect((await failureOf(serve("a"))).code).to.equal("CONTROL_FOLDER_FOREIGN");
  });

  it("refuses a folder that somebody else made", async function () {
    if (process.getuid?.() !== 0) return this.skip(); // only root can give a folder away
    await mkdir(folder);
    await chown(folder, 12_345, 12_345);
    expect((await failureOf(serve("a"))).code).to.equal("CONTROL_FOLDER_FOREIGN");
  });

  it("says so when the lab ends while a line is under way", async () => {
    let started = (): void => {};
    const underWay = new Promise<void>((resolve) => (started = resolve));
    const lab = await serve("a", {
      openSession: () =>
        sessionOf(() => {
          started();
          return new Promise(() => {});
        }),
    });
    const connection = await connectControl({ folder });
    const failure = failureOf(connection.run("Get-Queue"));
    await underWay;
    await lab.close();
    served = [];
    expect((await failure).code).to.equal("CONTROL_LOST");
    expect((await failureOf(connection.run("again"))).code).to.equal("CONTROL_LOST");
    connection.close();
  });

  describe("puts a question to whoever sits there", () => {
    const question = {
      caption: "Confirm",
      message: "Overwrite the existing default SMTP certificate?",
      choices: [
        { key: "Y", label: "Yes", help: "It is overwritten" },
        { key: "N", label: "No", help: "It stays" },
      ],
      default: 0,
    };
    /** Answers with what it was told; asks for the secret where the line says so. */
    const asking = (_: string | undefined, host: ShellHost | undefined): ShellSession =>
      sessionOf(async (line) => {
        if (!host) return { objects: [], text: "nobody" };
        const answer = line === "secret" ? await host.readSecret("Password") : await host.choose(question);
        return { objects: [], text: `${answer}` };
      });

    it("and brings back the choice, or the text that was not shown", async () => {
      await serve("lab", { openSession: asking });
      const heard: unknown[] = [];
      const host: ShellHost = {
        choose: async (asked) => heard.push(asked),
        readSecret: async (prompt) => `${prompt} of anna`,
      };
      const lab = await connectControl({ folder, host });
      expect((await lab.run("choice")).text).to.equal("1");
      expect(heard).to.deep.equal([question]);
      expect((await lab.run("secret")).text).to.equal("Password of anna");
      lab.close();
      const script = await connectControl({ folder });
      expect((await script.run("choice")).text).to.equal("nobody");
      script.close();
    });

    it("who may give up: then nobody answers, and the next line runs", async () => {
      await serve("lab", { openSession: asking });
      const host: ShellHost = {
        choose: () => Promise.reject(new Error("Ctrl-C")),
        readSecret: async () => "secret",
      };
      const lab = await connectControl({ folder, host });
      expect((await failureOf(lab.run("choice"))).code).to.equal("SHELL_INTERRUPTED");
      expect((await lab.run("secret")).text).to.equal("secret");
      lab.close();
    });
  });

  describe("stops a line", () => {
    /** Runs until it is stopped; says so to whoever waits for that. */
    const endless = (stops: (() => void)[] = []): ShellSession =>
      sessionOf((line, _columns, signal) => {
        if (line === "short") return Promise.resolve({ objects: [], text: "short" });
        return new Promise((resolve) =>
          signal?.addEventListener("abort", () => {
            for (const told of stops) told();
            resolve({ objects: [1], text: "so far", stopped: true });
          }),
        );
      });

    it("when whoever waits for it says so, and brings back what it came to", async () => {
      await serve("lab", { openSession: () => endless() });
      const lab = await connectControl({ folder });
      const stop = new AbortController();
      const long = lab.run("long", undefined, stop.signal);
      stop.abort();
      expect(await long).to.deep.equal({ objects: [1], text: "so far", stopped: true });
      expect(await lab.run("short")).to.deep.equal({ objects: [], text: "short" });
      lab.close();
    });

    it("that waits its turn, before it begins", async () => {
      await serve("lab", { openSession: () => endless() });
      const lab = await connectControl({ folder });
      const [first, second] = [new AbortController(), new AbortController()];
      const long = lab.run("long", undefined, first.signal);
      const next = failureOf(lab.run("short", undefined, second.signal));
      second.abort();
      first.abort();
      expect((await long).stopped).to.equal(true);
      expect((await next).code).to.equal("SHELL_INTERRUPTED");
      lab.close();
    });

    it("when whoever waits for it goes away", async () => {
      let started = (): void => {};
      const underWay = new Promise<void>((resolve) => (started = resolve));
      let end = (): void => {};
      const stopped = new Promise<void>((resolve) => (end = resolve));
      const session = endless([() => end()]);
      const openSession = (): ShellSession =>
        sessionOf((...line) => {
          started();
          return session.run(...line);
        });
      await serve("lab", { openSession });
      const lab = await connectControl({ folder });
      const lost = failureOf(lab.run("long"));
      await underWay;
      lab.close();
      await stopped;
      expect((await lost).code).to.equal("CONTROL_LOST");
    });
  });

  it("tells whoever watches how far a line is, and when nothing is under way any more", async () => {
    const progress = { activity: "Lab time", status: "half", percentComplete: 50, currentOperation: "retry" };
    await serve("lab", {
      openSession: (_, host) =>
        sessionOf(async () => {
          host?.progress?.(progress);
          return { objects: [], text: "" };
        }),
    });
    const told: unknown[] = [];
    const host: ShellHost = {
      choose: async () => 0,
      readSecret: async () => "",
      progress: (one) => void told.push(one),
    };
    const lab = await connectControl({ folder, host });
    await lab.run("x");
    expect(told).to.deep.equal([progress, undefined]);
    lab.close();
    const script = await connectControl({ folder });
    expect((await script.run("x")).text).to.equal("");
    script.close();
  });

  it("waits no longer for a line that was abandoned, which ends unheard, with nobody to ask", async () => {
    let end = (): void => {};
    const asked: Promise<unknown>[] = [];
    await serve("lab", {
      openSession: (_, host) =>
        sessionOf(async (line) => {
          if (line === "short") return { objects: [], text: "short" };
          await new Promise<void>((resolve) => (end = resolve));
          asked.push(failureOf((host as ShellHost).readSecret("late")));
          return { objects: [], text: "long" };
        }),
    });
    const lab = await connectControl({ folder, host: { choose: async () => 0, readSecret: async () => "" } });
    const long = failureOf(lab.run("long"));
    lab.abandon();
    expect((await long).code).to.equal("SHELL_INTERRUPTED");
    end();
    expect((await lab.run("short")).text).to.equal("short");
    expect(await Promise.all(asked)).to.have.nested.property("[0].code", "SHELL_INTERRUPTED");
    lab.abandon(); // nothing runs: nothing happens
    expect((await lab.run("short")).text).to.equal("short");
    lab.close();
  });

  it("tells what completes a word", async () => {
    await serve("lab");
    const lab = await connectControl({ folder });
    expect(await lab.complete("Get-Qu", 6)).to.deep.equal({ start: 0, candidates: ["Get-Queue at 6"] });
    lab.close();
  });

  it("says so where the lab has no server of that name", async () => {
    const unknown = new LabError("SERVER_UNKNOWN", "There is no EX9", { remedy: "Name another" });
    await serve("lab", {
      openSession: () => {
        throw unknown;
      },
    });
    expect((await failureOf(connectControl({ folder, server: "EX9" }))).code).to.equal("SERVER_UNKNOWN");
  });
});

const sessionOf = (run: ShellSession["run"]): ShellSession => ({
  prompt: "[PS] EX1> ",
  run,
  complete: async (source, cursor) => ({ start: 0, candidates: [`${source}eue at ${cursor}`] }),
});

async function failureOf(promise: Promise<unknown>): Promise<LabError> {
  const thrown = await promise.then(
    () => undefined,
    (failure: unknown) => failure,
  );
  if (!(thrown instanceof LabError)) throw new Error(`expected a LabError, got ${String(thrown)}`);
  return thrown;
}
