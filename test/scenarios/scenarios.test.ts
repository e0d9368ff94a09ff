import { readdirSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { expectGolden } from "../helpers/golden.ts";
import { loadOwn, runIn, scenariosFolder } from "./run-scenario.ts";
import { withTool } from "../helpers/tools.ts";

const golden = fileURLToPath(new URL("golden/", import.meta.url));
const files = readdirSync(scenariosFolder).filter((name) => name.endsWith(".yaml"));

for (const directory of ["embedded", "redis"]) {
  describe(`the shipped scenarios, directory ${directory}`, () => {
    if (directory === "redis") before(withTool("redis-server"));

    for (const file of files) {
      const name = basename(file, ".yaml");
      it(`${name} holds, and its logs are the golden ones`, async () => {
        const { result, logs } = await runIn(await loadOwn(file), { directory });
        expect(
          result.steps.flatMap(({ failure }) => failure ?? []),
          `data in ${result.dataFolder}`,
        ).to.deep.equal([]);
        expect(result.status, result.failure?.found).to.equal("passed");
        if (process.env.UPDATE_GOLDEN !== "1") expect([...logs.keys()].sort()).to.deep.equal(keptLogs(name));
        for (const [log, text] of logs) await expectGolden(`${golden}${name}/${log}.log`, text);
      });
    }
  });
}

const keptLogs = (scenario: string): string[] =>
  readdirSync(`${golden}${scenario}`)
    .map((file) => basename(file, ".log"))
    .sort();

/** On a machine that can do less, every lesson holds all the same; only its addresses and ports are others. */
for (const probe of ["single-address", "no-low-ports", "no-unix-socket", "no-folder-sync"]) {
  describe(`the shipped scenarios, HUBEDGE_PROBE=${probe}`, () => {
    for (const file of files) {
      it(`${basename(file, ".yaml")} holds`, async () => {
        const { result } = await runIn(await loadOwn(file), { directory: "embedded", probe: [probe] });
        expect(
          result.steps.flatMap(({ failure }) => failure ?? []),
          `data in ${result.dataFolder}`,
        ).to.deep.equal([]);
        expect(result.status, result.failure?.found).to.equal("passed");
      });
    }
  });
}
