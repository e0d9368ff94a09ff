import { expect } from "chai";
import { findScenarioFiles } from "../../../src/cli/find-scenarios.ts";
import { usePlace } from "../../helpers/lab.ts";

describe("findScenarioFiles", () => {
  const place = usePlace();
  const find = (...paths: string[]) => findScenarioFiles(paths, place.path);
  before(async () => {
    for (const folder of ["a", "a/deep", "a/.hidden", "a/node_modules"]) await place.folder(folder);
    for (const file of [
      "a/01.yaml",
      "a/02.yml",
      "a/10.yaml",
      "a/notes.md",
      "a/deep/03.yaml",
      "a/.hidden/04.yaml",
      "a/node_modules/05.yaml",
      "a/[x].yaml",
    ])
      await place.write(file, "");
  });

  it("takes files as they are, also those that are not there: loading says so", async () => {
    expect(await find("a/01.yaml", "none.yaml")).to.deep.equal(["a/01.yaml", "none.yaml"]);
  });

  it("takes the YAML files of a folder, in order", async () => {
    expect(await find("a")).to.deep.equal(["a/01.yaml", "a/02.yml", "a/10.yaml", "a/[x].yaml"]);
  });

  it("takes what a glob matches, and nothing hidden or installed", async () => {
    expect(await find("a/0*")).to.deep.equal(["a/01.yaml", "a/02.yml"]);
    expect(await find("a/?0.yaml", "a/[0-1]1*")).to.deep.equal(["a/10.yaml", "a/01.yaml"]);
    expect(await find("*/01.yaml")).to.deep.equal(["a/01.yaml"]);
    expect(await find("**/0*.yaml")).to.deep.equal(["a/01.yaml", "a/deep/03.yaml"]);
  });

  it("takes a name that looks like a glob for what it is, and each file once", async () => {
    expect(await find("a/[x].yaml", "a/[x].yaml")).to.deep.equal(["a/[x].yaml"]);
  });

  it("gives a glob back that matches nothing", async () => {
    expect(await find("b/*.yaml", "a/9*")).to.deep.equal(["b/*.yaml", "a/9*"]);
  });
});
