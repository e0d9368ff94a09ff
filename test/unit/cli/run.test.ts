import { existsSync, readdirSync, readFileSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { usePlace } from "../../helpers/lab.ts";
import { badSteps, fakeIo, goodSteps, hubedge, oneServer } from "./fake-io.ts";

describe("hubedge run", () => {
  const place = usePlace();
  const run = (...argv: string[]) => hubedge(fakeIo(place.path), "run", "--directory", "embedded", ...argv);
  const dataIn = (text: string): string => /data (\S+)/.exec(text)?.[1] ?? "";
  before(async () => {
    await place.write("good.yaml", oneServer("Good", goodSteps));
    await place.write("other.yaml", oneServer("Other", "  - note: hello"));
    await place.folder("failing");
    await place.write("failing/bad.yaml", oneServer("Bad", badSteps));
    await place.write("broken.txt", "name: x");
  });

  it("ends with 0 when all held, says where the logs are, and leaves no data behind", async () => {
    const { out, err, code } = await run("good.yaml");
    expect({ err, code }).to.deep.equal({ err: "", code: 0 });
    expect(out).to.include("directory: embedded (LMDB)").and.to.include("✓ expect   hello is delivered to bob");
    expect(out).to.include(`logs ${join(place.path, "logs", "good")}`);
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith("hubedge-good-"))).to.deep.equal([]);
  });

  it("ends with 1 when an expectation failed, and keeps and names the data", async () => {
    const { out, code } = await run("failing");
    expect(code).to.equal(1);
    expect(out).to.include("✗ expect   never: hello is delivered to bob");
    expect(existsSync(join(dataIn(out), "mailboxes"))).to.equal(true);
    await rm(dataIn(out), { recursive: true });
  });

  it("ends with 2 and runs nothing when any file is wrong", async () => {
    const { out, err, code } = await run("good.yaml", "broken.txt");
    expect({ out, code }).to.deep.equal({ out: "", code: 2 });
    expect(err).to.match(/^broken\.txt:1:1 lab: found nothing, wanted a mapping/);
  });

  it("ends with 2 for options that make no sense", async () => {
    expect((await run("good.yaml", "--report", "html")).err).to.match(/^RUN_REPORT_UNKNOWN: .*"html"/);
    expect((await run("good.yaml", "--jobs", "none")).err).to.match(/^RUN_JOBS_MALFORMED/);
    expect(await run("good.yaml", "--only", "zork", "--tag", "x")).to.deep.include({ code: 2 });
    expect((await run("good.yaml", "--tag", "x")).err)
      .to.include('none of 1 scenarios has the tag "x"')
      .and.to.include("Choose among good");
  });

  it("ends with 3 when the environment is wrong", async () => {
    const io = fakeIo(place.path, { env: { HUBEDGE_PROBE: "no-such-probe" } });
    const { out, code } = await hubedge(io, "run", "good.yaml");
    expect(code).to.equal(3);
    expect(out).to.include("BROKEN Good").and.to.include("no-such-probe");
  });

  it("runs only what is asked for", async () => {
    expect((await run(".", "--only", "OTH")).out)
      .to.include("passed Other")
      .and.to.not.include("Good");
    expect((await run(".", "--tag", "good", "--quiet")).out).to.match(
      /^\npassed Good .*\n.*\n1 of 1 scenarios passed\n$/,
    );
  });

  it("runs several at once, and reports them in the order of the files", async () => {
    const { out, code } = await run("good.yaml", "other.yaml", "--jobs", "2");
    expect(code).to.equal(0);
    expect(out.indexOf("passed Good")).to.be.below(out.indexOf("passed Other"));
    expect(out).to.include("✓ send");
  });

  it("stops after the first failure with --bail", async () => {
    const { out } = await run("failing/bad.yaml", "good.yaml", "--bail", "--quiet");
    expect(out).to.include("0 of 1 scenarios passed");
    await rm(dataIn(out), { recursive: true });
  });

  it("writes reports to files and to standard output", async () => {
    const { out } = await run(
      "other.yaml",
      "--report",
      "json",
      "--report",
      "junit=reports/x.xml",
      "--report=pretty=plain.txt",
    );
    expect(JSON.parse(out)).to.have.nested.property("scenarios[0].status", "passed");
    expect(readFileSync(join(place.path, "reports/x.xml"), "utf8")).to.include('<testsuite name="Other"');
    expect(readFileSync(join(place.path, "plain.txt"), "utf8")).to.include("passed Other");
  });

  it("keeps a failed lab up with --keep until Ctrl-C", async () => {
    const io = fakeIo(place.path);
    const running = hubedge(io, "run", "--directory", "embedded", "failing/bad.yaml", "--keep");
    await io.shows("The lab stays up");
    expect(io.written.out).to.match(/EX1\\Default EX1 +127\.[\d.]+:\d+\n/);
    io.interrupt();
    const { code, out, err } = await running;
    expect(code).to.equal(1);
    expect(err).to.include("Stopping");
    await rm(dataIn(out), { recursive: true });
  });

  it("stops at Ctrl-C and says where the logs are", async () => {
    await place.write(
      "waits.yaml",
      oneServer("Waits", "  - send: { from: anna, to: bob, as: x }\n  - expect: { queued: x, within: 1h }"),
    );
    const io = fakeIo(place.path);
    const running = hubedge(io, "run", "--directory", "embedded", "waits.yaml", "other.yaml");
    await io.shows("✓ send");
    io.interrupt();
    const { out, code } = await running;
    expect(code).to.equal(1);
    expect(out)
      .to.include("stopped Waits")
      .and.to.include(join(place.path, "logs", "waits"));
    expect(out).to.not.include("Other");
    await rm(dataIn(out), { recursive: true });
  });

  it("runs again with --watch when a file changes", async () => {
    const file = await place.write("watched.yaml", oneServer("Watched", "  - note: first"));
    const io = fakeIo(place.path);
    const running = hubedge(io, "run", "--directory", "embedded", "watched.yaml", "--watch");
    await io.shows("Waiting for a change");
    await writeFile(file, oneServer("Watched", "  - note: second"));
    await io.shows("second");
    await io.shows("1 of 1 scenarios passed\nWaiting for a change; Ctrl-C ends\n\nWatched");
    io.interrupt();
    expect((await running).code).to.be.oneOf([0, 1]);
  });

  it("moves the logs of the run before out of the way", () => {
    expect(readdirSync(join(place.path, "logs"))).to.include.members(["good", "good.previous"]);
  });
});
