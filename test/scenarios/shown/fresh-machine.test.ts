import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { leftovers, runProgram } from "../../helpers/cli.ts";
import { usePlace } from "../../helpers/lab.ts";
import { root } from "../../repo/source-tree.ts";

const scenario = join(root, "scenarios/01-mail-between-sites.yaml");

describe("`hubedge run` on a machine that has Node and nothing else", () => {
  const place = usePlace();

  it("makes its keys, uses the embedded directory, says so, and passes", async () => {
    const environment = { PATH: await place.folder("empty-path"), XDG_CACHE_HOME: await place.folder("cache") };
    const { code, out, err } = await runProgram(place, ["run", scenario], environment);
    expect({ code, err }, out).to.deep.equal({ code: 0, err: "" });
    expect(out).to.match(/^ *directory: embedded \(LMDB\)$/m);
    expect(out).to.match(/1 of 1 scenarios passed/);
  });

  it("keeps the keys for the next run, for nobody else's eyes, and leaves nothing else behind", async () => {
    expect(await readdir(join(place.path, "cache/hubedge/keys"))).to.have.length(2);
    expect(await leftovers(place)).to.deep.equal([]);
    expect((await readdir(place.path)).sort()).to.deep.equal(["cache", "empty-path", "logs", "tmp"]);
  });
});
