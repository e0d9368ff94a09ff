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
  typeOnly: boolean;
  names: readonly string[];
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

const statement = /^(?:import|export)\s+(type\s+)?([^;"']*?)\s*from\s+"([^"]+)"|^import\s+"([^"]+)"|\bimport\("([^"]+)"\)/gm;

function importsOf(path: string, text: string): Import[] {
  return [...text.matchAll(statement)].map((match) => {
    const [whole, type, clause = "", from, bare, dynamic] = match;
    const specifier = from ?? bare ?? dynamic ?? "";
    const isRelative = specifier.startsWith(".");
    const names = namesOf(clause);
    return {
      target: isRelative ? relative(".", normalize(join(dirname(path), specifier))).replaceAll("\\", "/") : packageOf(specifier),
      relative: isRelative,
      typeOnly: type !== undefined || (names.length > 0 && [...clause.matchAll(/[\w$]+(?:\s+as\s+[\w$]+)?\s*[,}]/g)].length > 0 && allInlineTypes(clause)),
      names,
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
  clause.includes("*") ? ["*"] : inBraces(clause).map((name) => (name.replace(/^type\s+/, "").split(/\s+as\s+/)[0] as string).trim());

const packageOf = (specifier: string): string =>
  specifier.startsWith("node:") ? specifier : specifier.split("/").slice(0, specifier.startsWith("@") ? 2 : 1).join("/");

/** Names that a file itself declares and exports. */
export function declaredExports(text: string): string[] {
  const declared = [
    ...text.matchAll(/^export\s+(?:declare\s+)?(?:abstract\s+)?(?:async\s+)?(?:function\*?|const|let|class|interface|type)\s+([\w$]+)/gm),
  ].map((match) => match[1] as string);
  return [...new Set(declared)];
}
