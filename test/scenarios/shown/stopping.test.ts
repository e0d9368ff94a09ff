import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { expect } from "chai";
import { controlFolder } from "../../../src/shell/index.ts";
import { type Program, startProgram, startUp, type UpLab } from "../../helpers/cli.ts";
import { usePlace } from "../../helpers/lab.ts";

const lab = `
name: A lab that is left
lab:
  organization: proexchange
  domains: [proexchange.local]
  clock: 2008-05-12T10:00:00Z
  keys: p256
  sites: { SiteA: {} }
  servers: { EX1: { site: SiteA, roles: [HubTransport, Mailbox] } }
steps:
  - note: never shown
`;

/** Longer than anybody waits. */
const line = "'begun'; Set-LabClock -By 3650000d; 'never'";

describe("a line that whoever typed it leaves while it moves lab time", function () {
  this.timeout(60_000);
  const place = usePlace();
  let up: UpLab;
  before(async () => {
    await place.write("left.yaml", lab);
    up = await startUp(place, ["left.yaml", "--directory", "embedded"]);
  });

  const labTime = async (): Promise<Date> =>
    new Date((await up.ask("(Get-LabClock).LabTime.ToString('o')", /^(\d+-.*Z)$/m))[1] ?? "");
  /** Starts a program that has lab time moved, and waits until it is. */
  const moving = async (...parameters: string[]): Promise<Program> => {
    const since = await labTime();
    const program = await startProgram(place, parameters);
    while ((await labTime()).getTime() < since.getTime() + 86_400_000);
    return program;
  };
  /** Waits until it is no longer moved: five times in a row it has run on, and not jumped. It never came to its end. */
  const stands = async (): Promise<void> => {
    let before = await labTime();
    for (let ran = 0; ran < 5;) {
      const now = await labTime();
      const gone = now.getTime() - before.getTime();
      if (gone > 0) ran = gone < 60_000 ? ran + 1 : 0;
      before = now;
    }
    expect(before.getUTCFullYear()).to.be.below(5000);
  };

  it("stops at SIGINT, shows what it came to, and ends with 130", async () => {
    const shell = await moving("shell", "--lab", "left", "-c", line);
    const { code, out, err } = await shell.end("SIGINT");
    await stands();
    expect(out).to.match(/^begun\nWARNING: Lab time stopped at .* of .*\.\n$/);
    expect(err).to.equal("Stopped: what the line had done by then stays done.\n");
    expect(code).to.equal(130);
  });

  it("stops when the program is killed", async () => {
    const shell = await moving("shell", "--lab", "left", "-c", line);
    await shell.end("SIGKILL");
    await stands();
  });

  it("stops with the lab that it was for, which is taken down", async () => {
    await place.write("own.yaml", lab);
    const shell = await startProgram(place, ["shell", "own.yaml", "--directory", "embedded"]);
    for (const typed of ["'begun'", line, "'never'"]) shell.type(typed);
    await shell.shows(/begun/);
    const { code, out } = await shell.end("SIGINT");
    expect(code).to.equal(130);
    expect(out).to.not.include("never");
    const running = await readdir(join(place.path, "tmp", basename(controlFolder())));
    expect(running).to.include("left.json").and.to.not.include("own.json");
  });
});
