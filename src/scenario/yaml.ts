import { isMap, isPair, isScalar, LineCounter, type Node, type Pair, parseDocument } from "yaml";

/** A place in a file; both count from 1. */
export interface Position {
  line: number;
  column: number;
}

/** What a YAML text holds, and where everything in it stands. */
export interface YamlText {
  value: unknown;
  /** What is wrong with it as YAML; `value` is undefined when there is anything. */
  faults: readonly { position: Position; text: string }[];
  /**
   * Where the value at `path` begins, or its key; where there is none, the nearest thing around it that exists.
   */
  positionOf(path: readonly (string | number)[], part: "key" | "value"): Position;
}

/** More aliases than a scenario has use for make a small file a huge value ("alias bomb"). */
const maxAliases = 100;

/** Reads one YAML document: duplicate keys, several documents and alias bombs are faults. Never throws. */
export function readYaml(text: string): YamlText {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, prettyErrors: false, stringKeys: true });
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const faults = [...document.errors, ...document.warnings].map((fault) => ({
    position: at(fault.pos[0]),
    text: inOurWords(fault.code, fault.message, text.slice(fault.pos[0])),
  }));
  let value: unknown;
  try {
    if (faults.length === 0) value = document.toJS({ maxAliasCount: maxAliases });
  } catch (failure) {
    faults.push({ position: at(0), text: failure instanceof ReferenceError ? tooManyAliases : String(failure) });
  }
  return { value, faults, positionOf: (path, part) => at(offsetOf(document.contents, path, part)) };
}

const tooManyAliases = `found aliases that unfold to more than ${maxAliases} copies, wanted plain values`;

/** The library's sentences, where ours say what to do. @param place the text from there on */
function inOurWords(code: string, message: string, place: string): string {
  if (code === "DUPLICATE_KEY")
    return `found the key ${/^[\w.@-]*/.exec(place)?.[0]} again in one mapping, wanted each key once`;
  if (code === "MULTIPLE_DOCS") return "found a second document, wanted one scenario per file";
  if (code === "TAB_AS_INDENT") return "found a tab as indentation, wanted blanks";
  return `found no YAML: ${message.replace(/[\s\p{Cc}\p{Cf}]+/gu, " ")}`;
}

function offsetOf(root: unknown, path: readonly (string | number)[], part: "key" | "value"): number {
  let node = root;
  let offset = startOf(node) ?? 0;
  for (const [depth, key] of path.entries()) {
    const pair = isMap(node) ? pairOf(node.items, key) : undefined;
    node = pair ? pair.value : childOf(node, key);
    const wanted = depth === path.length - 1 && part === "key" ? pair?.key : node;
    // A key without a value has a null node without a place of its own.
    const found = startOf(wanted) ?? startOf(pair?.key);
    if (found === undefined) return offset;
    offset = found;
  }
  return offset;
}

const pairOf = (items: readonly unknown[], key: string | number): Pair | undefined =>
  items.find((item): item is Pair => isPair(item) && isScalar(item.key) && String(item.key.value) === String(key));

function childOf(node: unknown, key: string | number): unknown {
  const items = typeof node === "object" && node !== null && "items" in node ? node.items : undefined;
  return Array.isArray(items) && typeof key === "number" ? items[key] : undefined;
}

const startOf = (node: unknown): number | undefined =>
  typeof node === "object" && node !== null && "range" in node ? ((node as Node).range?.[0] ?? undefined) : undefined;
