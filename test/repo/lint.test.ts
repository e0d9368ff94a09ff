import { Biome } from "@biomejs/js-api/nodejs";
import { expect } from "chai";
import { root, sourceFiles } from "./source-tree.ts";

/** A test may take what it has just made for there, and fill a variable of its suite in an arrow. */
const lenientInTests = ["lint/style/noNonNullAssertion", "lint/suspicious/noAssignInExpressions"];

describe("lint", () => {
  it("finds nothing in src, test and bench", function () {
    this.timeout(180_000);
    const biome = new Biome();
    const { projectKey } = biome.openProject(root);
    biome.applyConfiguration(projectKey, {
      assist: { enabled: false },
      linter: {
        enabled: true,
        rules: {
          recommended: true,
          suspicious: { noExplicitAny: "error", noControlCharactersInRegex: "off" },
          style: { noNonNullAssertion: "error", useConst: "error", noParameterAssign: "error" },
          // `env["HOME"]` says that nobody promises the key.
          complexity: { useLiteralKeys: "off" },
          correctness: { noUnusedVariables: "error", noUnusedImports: "error" },
        },
      },
    });
    const found = sourceFiles("src", "test", "bench").flatMap(({ path, text }) =>
      biome
        .lintContent(projectKey, text, { filePath: path })
        .diagnostics.filter(({ category }) => !category?.startsWith("assist/"))
        .filter(({ category }) => !(path.startsWith("test/") && lenientInTests.includes(category ?? "")))
        .map(
          (finding) => `${path}:${lineOf(text, finding.location.span?.[0])} ${finding.category} ${finding.description}`,
        ),
    );
    expect(found, found.join("\n")).to.deep.equal([]);
  });
});

/** Biome counts octets of UTF-8. */
const lineOf = (text: string, offset = 0): number =>
  Buffer.from(text).subarray(0, offset).toString().split("\n").length;
