import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import fc from "fast-check";
import { formatProblem, loadScenario, scenarioJsonSchema } from "../../../src/scenario/index.ts";
import { parseScenario } from "../../../src/scenario/load.ts";
import { stepKinds } from "../../../src/scenario/steps/index.ts";

const folder = fileURLToPath(new URL("../../../scenarios/", import.meta.url));
const first = readFileSync(`${folder}01-mail-between-sites.yaml`, "utf8");

const problemsOf = (text: string, file = "lab.yaml"): string[] => {
  const result = parseScenario(text, file);
  return "problems" in result ? result.problems.map(formatProblem) : [];
};
const scenarioOf = (text: string, file = "lab.yaml") => {
  const result = parseScenario(text, file);
  if ("problems" in result) throw new Error(result.problems.map(formatProblem).join(""));
  return result.scenario;
};

describe("loading a scenario", () => {
  it("gives its name, tags, topology, and steps with their lines", () => {
    const { name, tags, topology, steps } = scenarioOf(first, "scenarios/01-mail-between-sites.yaml");
    expect(name).to.equal("Mail between two Active Directory sites");
    expect(tags).to.deep.equal(["hub", "tls"]);
    expect(topology.id).to.equal("01-mail-between-sites");
    expect(steps[0]?.kind.name).to.equal("note");
    expect(first.split("\n")[(steps[1]?.line ?? 0) - 1]).to.include("- shell:");
  });

  it("makes the lab's id of the file's name", () => {
    expect(scenarioOf(first, "/x/My first Lab!.yaml").topology.id).to.equal("my-first-lab");
    expect(scenarioOf(first, "ÄÖ.yml").topology.id).to.equal("lab");
  });

  it("can say where a key of the lab stands", () => {
    const { placeInLab } = scenarioOf(first);
    expect(placeInLab(["servers", "Ex2007EE", "site"])).to.match(/^lab\.yaml:\d+:23 lab\.servers\.Ex2007EE\.site$/);
  });

  it("says that a file is not there, or is none", async () => {
    const result = await loadScenario("not-there.yaml", folder);
    expect("problems" in result && result.problems.map(formatProblem)).to.deep.equal([
      "not-there.yaml:1:1: found no such file, wanted a scenario file\n    remedy: Check the path\n",
    ]);
    const other = await loadScenario(".", folder);
    expect("problems" in other && other.problems[0]?.text).to.equal("found a folder, wanted a scenario file");
  });

  it("shows nothing that a terminal would obey", () => {
    const [problem = ""] = problemsOf(`name: "\\u001b[31m\\u202e\\u009b"\n"\\u001bkey": 1\nlab: {}\nsteps: []\n`);
    expect(problem).to.match(/^[\x20-\x7e\n]*$/);
  });

  it("tells mistakes in the lab and in the steps in one run, in the order of the file", () => {
    const text = first.replace("SiteB: {}", "SiteX: {}").replace("to: bob, subject", "to: rob, subject");
    expect(problemsOf(text).map((problem) => problem.split(" ")[1])).to.deep.equal([
      "lab.siteLinks[0].sites[1]:",
      "lab.servers.Ex2007SE.site:",
      "steps[3].send.to:",
    ]);
  });

  it("keeps the places of list entries behind one that is refused", () => {
    const text = first.replace("b@proexchange.local]", "nonsense, other@elsewhere.example, b@proexchange.local]");
    expect(problemsOf(text).map((problem) => problem.split(" ")[1])).to.deep.equal([
      "lab.mailboxes.bob.addresses[0]:",
      "lab.mailboxes.bob.addresses[1]:",
    ]);
  });

  it("never throws, whatever line of a good file is lost, doubled or damaged", function () {
    this.timeout(20_000);
    const lines = first.split("\n");
    const damage = fc.tuple(
      fc.nat(lines.length - 1),
      fc.nat(80),
      fc.constantFrom("drop", "double", "cut", "swap", "indent"),
    );
    fc.assert(
      fc.property(fc.array(damage, { minLength: 1, maxLength: 3 }), (damages) => {
        const copy = [...lines];
        for (const [index, column, how] of damages) {
          const line = copy[index] ?? "";
          if (how === "drop") copy.splice(index, 1);
          else if (how === "double") copy.splice(index, 0, line);
          else if (how === "cut") copy[index] = line.slice(0, column);
          else if (how === "swap") copy[index] = line.slice(column) + line.slice(0, column);
          else copy[index] = `  ${line}`;
        }
        for (const problem of problemsOf(copy.join("\n")))
          expect(problem).to.match(/^lab\.yaml:\d+:\d+.*: found .*\n {4}remedy: .+\n$/s);
      }),
      { numRuns: 150 },
    );
  });
});

describe("the JSON Schema of scenario files", () => {
  it("names every kind of step and refuses unknown keys", () => {
    const text = JSON.stringify(scenarioJsonSchema());
    for (const kind of stepKinds.map(({ name }) => name)) expect(text).to.include(`"${kind}"`);
    expect(text).to.include('"additionalProperties":false');
    expect(scenarioJsonSchema()).to.have.property("$schema");
  });
});
