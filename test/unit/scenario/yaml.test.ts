import { expect } from "chai";
import fc from "fast-check";
import { readYaml } from "../../../src/scenario/yaml.ts";

const text = `# comment
name: x
lab:
  sites: { SiteA: {}, SiteB: }
  list:
    - one
    - two: 2
`;

describe("readYaml", () => {
  it("gives the place of values and of keys, both counted from 1", () => {
    const { value, faults, positionOf } = readYaml(text);
    expect(faults).to.deep.equal([]);
    expect(value).to.deep.include({ name: "x" });
    expect(positionOf(["name"], "value")).to.deep.equal({ line: 2, column: 7 });
    expect(positionOf(["name"], "key")).to.deep.equal({ line: 2, column: 1 });
    expect(positionOf(["lab", "sites", "SiteA"], "key")).to.deep.equal({ line: 4, column: 12 });
    expect(positionOf(["lab", "list", 1, "two"], "value")).to.deep.equal({ line: 7, column: 12 });
  });

  it("gives the nearest place around what is not there", () => {
    const { positionOf } = readYaml(text);
    expect(positionOf(["lab", "list", 1, "three"], "value")).to.deep.equal({ line: 7, column: 7 });
    expect(positionOf(["lab", "servers", "EX1", "site"], "value")).to.deep.equal({ line: 4, column: 3 });
    expect(positionOf([], "value")).to.deep.equal({ line: 2, column: 1 });
  });

  it("gives the place of a key that has no value", () => {
    expect(readYaml("a:\nb: 1\n").positionOf(["a"], "value").line).to.equal(1);
  });

  it("refuses an alias bomb quickly, and takes a few aliases", () => {
    const levels = Array.from(
      { length: 30 },
      (_, level) => `a${level}: &a${level} [*a${level - 1}, *a${level - 1}]`,
    ).slice(1);
    expect(readYaml(["a0: &a0 [x]", ...levels].join("\n")).faults[0]?.text).to.include("found aliases");
    expect(readYaml("a: &a [x]\nb: *a\n").value).to.deep.equal({ a: ["x"], b: ["x"] });
  });

  it("never throws, and gives a place in the text for every fault", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(fc.constantFrom(..."a:- \n\t{}[]&*!|>'\"#?,%@`<".split(""))).map((parts) => parts.join("")),
        ),
        (any) => {
          const lines = any.split("\n").length;
          for (const { position, text: words } of readYaml(any).faults) {
            expect(position.line).to.be.within(1, lines + 1);
            expect(words).to.match(/^found /);
          }
        },
      ),
    );
  });
});
