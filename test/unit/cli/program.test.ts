import { spawnSync } from "node:child_process";
import { expect } from "chai";
import { root } from "../../repo/source-tree.ts";
import { usePlace } from "../../helpers/lab.ts";
import { fakeIo, goodSteps, hubedge, oneServer } from "./fake-io.ts";

describe("the command line", () => {
  const place = usePlace();
  const run = (...argv: string[]) => hubedge(fakeIo(place.path), ...argv);

  it("prints its version and its help, and ends with 0", async () => {
    expect(await run("--version")).to.deep.equal({ out: "1.2.3\n", err: "", code: 0 });
    const { out, code } = await run("--help");
    for (const command of ["run", "check", "up", "shell", "log", "doctor", "schema"])
      expect(out).to.match(new RegExp(`^  ${command} `, "m"));
    expect(code).to.equal(0);
  });

  it("names the command and the option that were meant, and ends with 2", async () => {
    expect(await run("rnu"))
      .to.deep.include({ code: 2 })
      .and.property("err")
      .to.include("(Did you mean run?)");
    expect(await run("run", "--olny", "x", "y"))
      .to.deep.include({ code: 2 })
      .and.property("err")
      .to.include("(Did you mean --only?)");
    expect(await run("run"))
      .to.deep.include({ code: 2 })
      .and.property("err")
      .to.include("missing required argument 'path'");
    expect(await run())
      .to.deep.include({ code: 2 })
      .and.property("err")
      .to.include("Usage: hubedge");
  });

  it("prints the JSON Schema of scenario files", async () => {
    const { out, code } = await run("schema");
    expect(JSON.parse(out)).to.have.nested.property("properties.lab.properties.servers");
    expect(code).to.equal(0);
  });

  it("checks files, tells every mistake, and ends with 2", async () => {
    await place.write("good.yaml", oneServer("Good", goodSteps));
    await place.write("bad.yaml", oneServer("Bad", "  - sned: 1\n  - shell: { on: EX2, run: x }"));
    expect(await run("check", "good.yaml")).to.deep.equal({
      out: "good.yaml: Good: 1 servers, 2 steps, all in order\n",
      err: "",
      code: 0,
    });
    const { err, out, code } = await run("check", ".");
    expect(err).to.match(/^bad\.yaml:12:5 steps\[0\]\.sned: .*\n.*\nbad\.yaml:13:18 steps\[1\]\.shell\.on: .*\n.*\n$/);
    expect({ out, code }).to.deep.equal({ out: "", code: 2 });
  });

  it("says what this machine has and lacks", async () => {
    const { out, code } = await run("doctor");
    for (const what of [
      "Node",
      "second loopback address",
      "ports 25 and 587",
      "Unix sockets",
      "flushing folders",
      "Redis",
      "openssl",
      "swaks",
      "key cache",
    ])
      expect(out).to.match(new RegExp(`^(ok|absent) +${what} `, "m"));
    expect(code).to.equal(0);
  });

  it("says how to get what this machine lacks", async () => {
    const bare = fakeIo(place.path, {
      env: {
        PATH: place.path,
        XDG_CACHE_HOME: place.path,
        HUBEDGE_PROBE: "single-address,no-low-ports,no-unix-socket,no-folder-sync",
      },
    });
    const { out, code } = await hubedge(bare, "doctor");
    expect(out).to.match(/^absent {2}Redis +neither redis-server nor valkey-server.*\n +apt-get install redis-server/m);
    expect(out).to.match(/^absent {2}ports 25 and 587 +cannot be bound/m);
    expect(out).to.match(/^ok +key cache +empty/m);
    expect(code).to.equal(0);
    const remote = fakeIo(place.path, { env: { HUBEDGE_REDIS: "redis://x" } });
    expect((await hubedge(remote, "doctor")).out).to.include("HUBEDGE_REDIS");
  });

  it("calls a bug a bug", async () => {
    const io = fakeIo(place.path);
    const broken = Object.assign(io, { env: undefined as unknown as typeof io.env });
    const { err, code } = await hubedge(broken, "doctor");
    expect(err).to.match(/^This is a bug in hubedge:\nTypeError/);
    expect(code).to.equal(3);
  });

  it("is a program: its name, its version, its exit code", () => {
    const hubedgeProgram = (...argv: string[]) =>
      spawnSync(process.execPath, ["--import", "tsx", "src/main.ts", ...argv], { cwd: root, encoding: "utf8" });
    expect(hubedgeProgram("--version")).to.include({ stdout: "0.1.0\n", status: 0 });
    expect(hubedgeProgram("check", "nothing.yaml"))
      .to.include({ status: 2 })
      .and.property("stderr")
      .to.include("no such file");
  });
});
