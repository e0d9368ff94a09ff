import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { fileURLToPath } from "node:url";

/** The project's root folder. */
export const root: string = fileURLToPath(new URL("../..", import.meta.url));

export interface SourceFile {
  /** Relative to the root, with forward slashes: `src/base/clock.ts`. */
  path: string;
  text: string;
  imports: readonly Import[];
}

export interface Import {
  /** The imported file relative to the root, or the package's name. */
  target: string;
  relative: boolean;
  /** Whether it is passed on: `export … from`. */
  reExport: boolean;
  typeOnly: boolean;
  names: readonly string[];
  /** Those of them that are imported or re-exported as types. */
  types: readonly string[];
  line: number;
}

/** Every TypeScript file under the folders named, with what it imports and re-exports from elsewhere. */
export function sourceFiles(...folders: string[]): SourceFile[] {
  return folders
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((path) => `${folder}/${path}`),
    )
    .filter((path) => path.endsWith(".ts"))
    .map((path) => path.replaceAll("\\", "/"))
    .sort()
    .map((path) => {
      const text = readFileSync(join(root, path), "utf8");
      return { path, text, imports: importsOf(path, text) };
    });
}

const statement =
  /^(?:import|export)\s+(type\s+)?([^;"']*?)\s*from\s+"([^"]+)"|^import\s+"([^"]+)"|\bimport\("([^"]+)"\)/gm;

function importsOf(path: string, text: string): Import[] {
  return [...text.matchAll(statement)].map((match) => {
    const [whole, type, clause = "", from, bare, dynamic] = match;
    const specifier = from ?? bare ?? dynamic ?? "";
    const isRelative = specifier.startsWith(".");
    // What a dynamic import takes of a file is not looked into.
    const names = dynamic === undefined ? namesOf(clause) : ["*"];
    return {
      target: isRelative
        ? relative(".", normalize(join(dirname(path), specifier))).replaceAll("\\", "/")
        : packageOf(specifier),
      relative: isRelative,
      reExport: whole.startsWith("export"),
      typeOnly:
        type !== undefined ||
        (names.length > 0 &&
          [...clause.matchAll(/[\w$]+(?:\s+as\s+[\w$]+)?\s*[,}]/g)].length > 0 &&
          allInlineTypes(clause)),
      names,
      types: type === undefined ? inBraces(clause).flatMap((name) => /^type\s+(\S+)/.exec(name)?.[1] ?? []) : names,
      line: text.slice(0, match.index).split("\n").length + (whole.startsWith("\n") ? 1 : 0),
    };
  });
}

const allInlineTypes = (clause: string): boolean =>
  inBraces(clause).every((name) => name.startsWith("type ")) && !/^[\w$*]/.test(clause.trim());

const inBraces = (clause: string): string[] =>
  (/\{([^}]*)\}/.exec(clause)?.[1] ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");

/** Names as the other file exports them. */
const namesOf = (clause: string): string[] =>
  clause.includes("*")
    ? ["*"]
    : inBraces(clause).map((name) => (name.replace(/^type\s+/, "").split(/\s+as\s+/)[0] as string).trim());

const packageOf = (specifier: string): string =>
  // nodemailer is several libraries in one package: each has its own door.
  specifier.startsWith("node:") || specifier.startsWith("nodemailer/")
    ? specifier
    : specifier
        .split("/")
        .slice(0, specifier.startsWith("@") ? 2 : 1)
        .join("/");

/** Names of the values that a file itself declares and exports; of types, only those that it does not use itself. */
export function declaredExports(text: string): string[] {
  const declared = [
    ...text.matchAll(
      /^export\s+(?:abstract\s+)?(?:async\s+)?(function\*?|const|let|class|interface|type)\s+([\w$]+)/gm,
    ),
  ].map(([, kind = "", name = ""]) => ({ kind, name }));
  const isUsedHere = (name: string): boolean => (text.match(new RegExp(`\\b${name}\\b`, "g"))?.length ?? 0) > 1;
  return [
    ...new Set(
      declared
        .filter(({ kind, name }) => !(kind === "interface" || kind === "type") || !isUsedHere(name))
        .map(({ name }) => name),
    ),
  ];
}
