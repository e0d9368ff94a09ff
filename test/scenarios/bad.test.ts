import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { formatProblem } from "../../src/scenario/index.ts";
import { parseScenario } from "../../src/scenario/load.ts";
import { expectGolden } from "../helpers/golden.ts";

const folder = fileURLToPath(new URL("bad/", import.meta.url));
const files = readdirSync(folder).filter((name) => name.endsWith(".yaml"));

describe("broken scenario files", () => {
  it("are at least twenty", () => {
    expect(files.length).to.be.at.least(20);
  });

  for (const file of files) {
    it(`${file} is refused with every mistake at its place, and with what to do`, async () => {
      const result = parseScenario(readFileSync(`${folder}${file}`, "utf8"), file);
      if (!("problems" in result)) throw new Error(`${file} was accepted`);
      const text = result.problems.map(formatProblem).join("");
      for (const message of text.trimEnd().split(/\n(?! )/)) {
        expect(message).to.match(
          /^[\w.-]+\.yaml:\d+:\d+(?: (?:[\w.[\]-]|"[^"]+")+)?: found .+, wanted .+\n {4}remedy: .+$|^[\w.-]+\.yaml:\d+:\d+: found no YAML: .+\n {4}remedy: .+$/,
        );
      }
      await expectGolden(`${folder}${file.replace(/yaml$/, "expected")}`, text);
    });
  }
});
