import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { usePlace } from "../../helpers/lab.ts";
import { fakeIo, hubedge, oneServer } from "./fake-io.ts";

describe("hubedge up", () => {
  const place = usePlace();
  // Labs that are up are found by their id: each test has its own.
  const up = async (stem: string, change = {}, ...options: string[]) => {
    const id = `${stem}-${process.pid}`;
    await place.write(`${id}.yaml`, oneServer("Up", "  - note: never shown"));
    const io = fakeIo(place.path, change);
    const running = hubedge(io, "up", `${id}.yaml`, "--directory", "embedded", ...options);
    await Promise.race([io.shows("One cmdlet per line"), running]);
    return { io, running, id };
  };

  it("prints addresses, accounts and a line to try, takes cmdlets in order, and ends with quit", async () => {
    const { io, running, id } = await up("takes");
    io.input.write("Get-ExchangeCertificate\nGet-Foo\n\nEnter-PSSession EX1\nEnter-PSSession EX9\nquit\n");
    const { out, err, code } = await running;
    expect(out).to.match(/EX1\\Default EX1 +127\.[\d.]+:\d+\nEX1\\Client EX1 +127\.[\d.]+:\d+\n/);
    expect(out).to.match(/anna@proexchange\.local {2}on EX1, password \S+\n/);
    expect(out).to.match(
      /swaks --server 127\.[\d.]+:\d+ --tls --auth LOGIN --auth-user anna@proexchange\.local --auth-password \S+ --from .* --to bob@/,
    );
    expect(out).to.include("CN=EX1").and.to.not.include("never shown");
    expect(err).to.match(/^SHELL_COMMAND_UNKNOWN: .*"Get-Foo".*\n {4}remedy: .*\nSERVER_UNKNOWN: .*"EX9"/);
    expect(code).to.equal(0);
    expect(existsSync(join(place.path, ".hubedge", id, "queue"))).to.equal(true);
    expect(out).to.include(`The logs are in ${join(place.path, "logs", id)}\n`);
  });

  it("prints who else is there: an Edge server's door for EdgeSync, outside hosts and attackers", async () => {
    const stem = `perimeter-${process.pid}`;
    const edge = "  servers: { EDGE1: { roles: [EdgeTransport] },";
    const lab = oneServer("Up", "  - note: never shown").replace("  servers: {", edge);
    const world = [
      "world:",
      "  hosts: { mail.fabrikam.example: { domains: [fabrikam.example, old.example] } }",
      "  attackers: { mallory: { before: mail.fabrikam.example, does: listen, present: false } }",
    ];
    await place.write(`${stem}.yaml`, lab.replace("steps:", `${world.join("\n")}\nsteps:`));
    const io = fakeIo(place.path);
    const running = hubedge(io, "up", `${stem}.yaml`, "--directory", "embedded");
    await Promise.race([io.shows("One cmdlet per line"), running]);
    io.input.write("quit\n");
    const { out } = await running;
    expect(out).to.match(/\nEDGE1 EdgeSync +127\.[\d.]+:\d+\n/);
    expect(out).to.match(
      /\n\nmail\.fabrikam\.example {2}127\.[\d.]+:\d+ +takes mail for fabrikam\.example, old\.example\n/,
    );
    expect(out).to.match(/\nmallory +127\.[\d.]+:\d+ +will stand before mail\.fabrikam\.example\n/);
  });

  it("goes on after the end of a script, until Ctrl-C", async () => {
    const { io, running, id } = await up("stays");
    io.input.end("Get-AdSite\n");
    await io.shows("SiteA");
    const shell = await hubedge(fakeIo(place.path), "shell", "--lab", id, "-c", "Get-ExchangeCertificate");
    expect(shell.out).to.include("CN=EX1");
    io.interrupt();
    expect((await running).code).to.equal(0);
  });

  it("prompts a person, and ends with the end of input", async () => {
    const { io, running } = await up("prompts", { interactive: true });
    await io.shows("[PS] EX1> ");
    io.input.end();
    expect((await running).code).to.equal(0);
  });

  it("goes on from its data folder, and begins anew with --fresh", async () => {
    const data = join(place.path, "kept");
    const thumbprintOf = async (...options: string[]): Promise<string> => {
      const { io, running } = await up("again", {}, "--data", data, ...options);
      io.input.write("Get-ExchangeCertificate\nquit\n");
      return /[0-9A-F]{40}/.exec((await running).out)?.[0] ?? "";
    };
    const first = await thumbprintOf();
    expect(first).to.match(/^[0-9A-F]{40}$/);
    expect(await thumbprintOf()).to.equal(first);
    expect(await thumbprintOf("--fresh")).to.not.equal(first);
  });

  it("ends with 2 when the file is wrong", async () => {
    const { err, code } = await hubedge(fakeIo(place.path), "up", "none.yaml");
    expect(err).to.include("no such file");
    expect(code).to.equal(2);
  });
});
