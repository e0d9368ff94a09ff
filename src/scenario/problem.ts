import type { Position } from "./yaml.ts";

/** One thing wrong with a scenario file. */
export interface Problem {
  file: string;
  position: Position;
  /** From the file's top: `["lab", "servers", "Ex2007EE", "site"]`. */
  path: readonly (string | number)[];
  /** What was found, what is wanted. */
  text: string;
  /** The next thing to change. */
  remedy: string;
}

/** A problem before it is known where in the file it stands. */
export interface Finding {
  path: readonly (string | number)[];
  /** Which end of the pair at `path` is wrong. */
  part: "key" | "value";
  text: string;
  remedy: string;
}

/** `lab.siteLinks[0].cost`. */
export const formatPath = (path: readonly (string | number)[]): string =>
  path.reduce<string>((text, key) => {
    if (typeof key === "number") return `${text}[${key}]`;
    const plain = /^[\w-]+$/.test(key) ? key : quoted(key);
    return text === "" ? plain : `${text}.${plain}`;
  }, "");

/** `file:line:col key.path`. */
export const formatPlace = (file: string, { line, column }: Position, path: Problem["path"]): string =>
  `${file}:${line}:${column}${path.length === 0 ? "" : ` ${formatPath(path)}`}`;

/** `file:line:col key.path: found …, wanted …`, and the remedy on a line of its own. */
export const formatProblem = ({ file, position, path, text, remedy }: Problem): string =>
  `${formatPlace(file, position, path)}: ${text}\n    remedy: ${remedy}\n`;

/** In the order of the file. */
export const inFileOrder = (problems: readonly Problem[]): Problem[] =>
  problems.toSorted((a, b) => a.position.line - b.position.line || a.position.column - b.position.column);

/** A text from the file between quotes, short, and without anything that a terminal would obey. */
export function quoted(text: string): string {
  const shown = JSON.stringify(text).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\uFFFD]/gu, "?");
  return shown.length > 80 ? `${shown.slice(0, 77)}…"` : shown;
}
