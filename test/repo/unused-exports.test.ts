import { expect } from "chai";
import { declaredExports, sourceFiles } from "./source-tree.ts";

describe("exports", () => {
  const files = sourceFiles("src", "test", "bench");

  /** Who imports `name` from `path`; a re-export by the folder's own face is passed on to whoever uses the face. */
  const usersOf = (path: string, name: string): string[] =>
    files.flatMap((file) =>
      file.imports.some(({ target, names }) => target === path && (names.includes(name) || names.includes("*")))
        ? [file.path]
        : [],
    );

  it("of a file are used by another file", () => {
    const unused = files
      .filter(({ path }) => path.startsWith("src/"))
      .flatMap(({ path, text }) =>
        declaredExports(text)
          .filter((name) => usersOf(path, name).length === 0)
          .map((name) => `${path}: ${name}`),
      );
    expect(unused).to.deep.equal([]);
  });

  it("of a folder's face are used outside the folder, where they are values", () => {
    const unused = files
      .filter(({ path }) => path.startsWith("src/") && path.endsWith("/index.ts"))
      .flatMap(({ path, imports }) =>
        imports
          .filter(({ relative, reExport }) => relative && reExport)
          .flatMap(({ names, types }) => names.filter((name) => !types.includes(name)))
          .filter((name) => usersOf(path, name).length === 0)
          .map((name) => `${path}: ${name}`),
      );
    expect(unused).to.deep.equal([]);
  });
});
