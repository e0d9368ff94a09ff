import { expect } from "chai";
import { type Import, type SourceFile, sourceFiles } from "./source-tree.ts";

/**
 * Who may import whom, by folder; a folder may always import itself. `types` are allowed as types only.
 * Source: ARCHITECTURE.md, the table of layers.
 */
interface Rule {
  may: readonly string[];
  types?: readonly string[];
}
const ground = ["base", "smtp"];
const organization = [...ground, "directory"];
const stage: Rule = { may: [...organization, "dns", "certificates", "transport/mail-item.ts"] };
const stages = ["receive", "categorize", "queue", "send", "deliver", "dsn"].map((name) => `transport/${name}`);
const belowLab = [
  ...organization,
  "dns",
  "certificates",
  "edgesync",
  "world",
  "logging",
  "transport/pipeline.ts",
  "transport/mail-item.ts",
  ...stages,
];

const rules: Readonly<Record<string, Rule>> = {
  base: { may: [] },
  smtp: { may: ["base"] },
  directory: { may: ground },
  dns: { may: ground },
  edgesync: { may: [...organization, "dns", "certificates"] },
  certificates: { may: ground, types: ["directory"] },
  ...Object.fromEntries(stages.map((name) => [name, stage])),
  "transport/mail-item.ts": { may: ["smtp"] },
  "transport/pipeline.ts": { may: [...organization, "certificates", "transport/mail-item.ts", ...stages] },
  world: {
    may: [...ground, "dns", "certificates", "transport/receive/listener.ts", "transport/send/connection.ts"],
    types: ["directory", "transport/receive"],
  },
  // The codec of its own files is a pure function of `smtp`; everything else it sees as types.
  logging: { may: ground, types: [...belowLab] },
  lab: { may: belowLab },
  // `directory` for its lists of values: what a parameter may be set to.
  commands: { may: ["base", "lab", "directory"], types: belowLab },
  shell: { may: ["base", "commands", "lab"] },
  scenario: { may: ["base", "commands", "lab"] },
  cli: { may: ["base", "lab", "commands", "shell", "scenario"] },
  "main.ts": { may: ["cli"] },
};

/** The row that speaks for a file: the longest that is the file or a folder above it. */
const rowOf = (path: string): string | undefined =>
  Object.keys(rules)
    .filter((row) => path === `src/${row}` || path.startsWith(`src/${row}/`))
    .sort((a, b) => b.length - a.length)[0];

/** Folders are entered by their face; these single files are shared by name. */
const faces = (row: string): string => (row.endsWith(".ts") ? `src/${row}` : `src/${row}/index.ts`);

function violation(file: SourceFile, { target, relative, typeOnly, line }: Import): string | undefined {
  if (!relative) return undefined;
  const row = rowOf(file.path);
  if (row === undefined) return `${file.path}: no row of the table speaks for it`;
  if (target.startsWith(`src/${row}/`)) return undefined;
  const rule = rules[row] as Rule;
  const allowed = [...rule.may, ...(typeOnly ? (rule.types ?? []) : [])];
  return allowed.some((name) => faces(name) === target)
    ? undefined
    : `${file.path}:${line} imports ${typeOnly ? "types of " : ""}${target}; ${row} may import ${allowed.join(", ") || "nothing of ours"}`;
}

/** One door per library, and per effect. */
const doors: Readonly<Record<string, readonly string[]>> = {
  "smtp-server": ["src/transport/receive/"],
  "nodemailer/lib/smtp-connection": ["src/transport/send/connection.ts"],
  "nodemailer/lib/mail-composer": ["src/lab/outside/compose-message.ts"],
  ioredis: ["src/base/redis.ts"],
  lmdb: ["src/base/database.ts"],
  selfsigned: ["src/certificates/x509.ts"],
  yaml: ["src/scenario/yaml.ts"],
  commander: ["src/cli/"],
  zod: [
    "src/lab/declared/topology.ts",
    "src/lab/declared/world-topology.ts",
    "src/lab/declared/schema-words.ts",
    "src/scenario/",
  ],
};

describe("the boundaries between folders", () => {
  const files = sourceFiles("src");

  it("finds the source tree and its imports", () => {
    expect(files.length).to.be.above(20);
    expect(files.flatMap((file) => file.imports).length).to.be.above(100);
  });

  it("let imports point downward only, and through each folder's face", () => {
    expect(files.flatMap((file) => file.imports.flatMap((entry) => violation(file, entry) ?? []))).to.deep.equal([]);
  });

  it("would notice an import that points upward", () => {
    const sneaky = {
      target: "src/lab/index.ts",
      relative: true,
      reExport: false,
      typeOnly: true,
      names: ["Lab"],
      types: ["Lab"],
      line: 1,
    };
    expect(violation({ path: "src/smtp/reply.ts", text: "", imports: [] }, sneaky)).to.match(/smtp may import base/);
  });

  it("keep the two ends of EdgeSync apart: what they share is what goes over the wire", () => {
    const inward: Readonly<Record<string, readonly string[]>> = {
      wire: ["wire"],
      subscription: ["subscription", "wire"],
      hub: ["hub", "subscription", "wire"],
      edge: ["edge", "subscription", "wire"],
    };
    const trespassers = files.flatMap(({ path, imports }) => {
      const [, own = ""] = /^src\/edgesync\/(\w+)\//.exec(path) ?? [];
      return imports.flatMap(({ target, line }) => {
        const [, other] = /^src\/edgesync\/(\w+)\//.exec(target) ?? [];
        const may = inward[own];
        return may === undefined || other === undefined || may.includes(other)
          ? []
          : `${path}:${line} imports ${target}`;
      });
    });
    expect(trespassers).to.deep.equal([]);
    expect(files.filter(({ path }) => path.startsWith("src/edgesync/edge/"))).to.have.length.above(5);
  });

  it("keep each library behind its door", () => {
    const trespassers = files.flatMap((file) =>
      file.imports
        .filter(({ target, relative }) => !relative && !target.startsWith("node:"))
        .filter(({ target }) => !(doors[target] ?? []).some((door) => file.path.startsWith(door)))
        .map(({ target, line }) => `${file.path}:${line} imports ${target}`),
    );
    expect(trespassers).to.deep.equal([]);
  });

  it("keep process and console to the command line", () => {
    const users = files
      .filter(({ path }) => !path.startsWith("src/cli/") && path !== "src/main.ts")
      .filter(({ text }) => /(?<![\w.$"'`/])(?:process|console)\.\w+/.test(withoutComments(text)))
      .map(({ path }) => path);
    expect(users).to.deep.equal([]);
    // Who this process is may be asked; what it does to the world outside may not.
    const asked = files
      .filter(({ path }) => !path.startsWith("src/cli/") && path !== "src/main.ts")
      .flatMap(({ imports }) =>
        imports.filter(({ target }) => target === "node:process").flatMap(({ names }) => names),
      );
    expect([...new Set(asked)]).to.deep.equal(["pid"]);
  });

  it("keep lab time behind the clock", () => {
    const users = files
      .filter(({ path }) => path !== "src/base/clock.ts")
      .filter(({ text }) => /\bDate\.now\(\)|\bnew Date\(\)/.test(withoutComments(text)))
      .map(({ path }) => path);
    // A lab whose file names no instant begins now.
    expect(
      users.filter((path) => !path.startsWith("src/cli/") && path !== "src/lab/ground/foundation.ts"),
    ).to.deep.equal([]);
  });

  it("open every folder with a face that says what it is for", () => {
    const faceless = files.filter(
      ({ path }) => path.endsWith("/index.ts") && !/^\/\*\*/.test(withHeaderFirst(path, files)),
    );
    expect(faceless.map(({ path }) => path)).to.deep.equal([]);
  });
});

const withHeaderFirst = (path: string, files: readonly SourceFile[]): string =>
  files.find((file) => file.path === path)?.text.trimStart() ?? "";

const withoutComments = (text: string): string =>
  text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|\s)\/\/.*$/gm, "$1");
