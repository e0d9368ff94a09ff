import type { View } from "../../commands/index.ts";
import type { ShellState } from "../run/state.ts";
import { propertiesOf } from "../run/values.ts";
import { evenWidth, formatList, formatTable, formatText, formatValue } from "./format.ts";
import { Formatted } from "./formatted.ts";

type Shown = Pick<ShellState, "views" | "columns">;

/** A piece of what is shown: lines, which follow one another, or something that stands by itself. */
export interface Part {
  text: string;
  lines: boolean;
  /** Whether what comes next goes on in the same line. */
  goesOn?: boolean;
}

/** What a command that makes a table was asked for. */
export interface TableLayout {
  /** Columns as wide as what stands in them. */
  autoSize?: boolean;
  /** Values that are too long go on in the next line. */
  wrap?: boolean;
  /** No headings. */
  headless?: boolean;
}

/** What is shown of values where nothing was said about it: each kind of object in its own table, other values a line each. */
export const showValues = (values: readonly unknown[], state: Shown, layout?: TableLayout): Part[] =>
  neighbours(values, (value) => kindOf(value, state.views))
    .map((run) => ({ text: showRun(run, state, layout), lines: !isObject(run[0]) }))
    .filter(({ text, lines }) => lines || text !== "");

/** Pieces one after the other, with an empty line around what stands by itself. */
export function joinParts(parts: readonly Part[]): string {
  const between = (place: number): string => {
    if (parts[place - 1]?.goesOn) return "";
    return parts[place - 1]?.lines && parts[place]?.lines ? "\n" : "\n\n";
  };
  return parts.map(({ text }, place) => (place === 0 ? text : between(place) + text)).join("");
}

const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);

/** Values that follow one another and of which something is the same. */
function neighbours<T>(values: readonly T[], sameOf: (value: T) => unknown): T[][] {
  const runs: T[][] = [];
  let last: unknown;
  for (const value of values) {
    const own = sameOf(value);
    if (runs.length > 0 && own === last) runs.at(-1)?.push(value);
    else runs.push([value]);
    last = own;
  }
  return runs;
}

/** The same for values that are shown together. */
function kindOf(value: unknown, views: ShellState["views"]): unknown {
  if (!isObject(value)) return "line";
  if (value instanceof Formatted) return value;
  return views.get(value)?.columns ?? propertiesOf(value).join();
}

function showRun(run: readonly unknown[], state: Shown, layout?: TableLayout): string {
  const [first] = run;
  if (first instanceof Formatted) return first.text;
  if (!isObject(first)) return run.map(formatValue).join("\n");
  const objects = run.filter(isObject);
  const view = state.views.get(first);
  if (view) return showView(objects, view, state, layout);
  const names = propertiesOf(objects);
  if (names.length === 0) return objects.map(String).join("\n");
  return names.length > 4 && !layout
    ? formatList(objects, names, state.columns)
    : showProperties(objects, names, state, layout);
}

/** A command's own table, or one for each group under its heading. */
function showView(
  objects: readonly object[],
  { columns, groupBy }: View,
  { columns: width }: Shown,
  layout: TableLayout = {},
): string {
  const held = columns.filter(({ property }) => objects.some((object) => property in object));
  const shown = held.map(({ width: own, ...column }) => ({
    ...column,
    ...(own !== undefined && layout.autoSize !== true && { width: own }),
    ...(layout.wrap === true && { wrap: true }),
  }));
  if (!groupBy) return objects.length === 0 ? "" : formatTable(objects, shown, width, layout.headless);
  return neighbours(objects, groupBy)
    .map(
      (group) =>
        `${formatText(groupBy(group[0] as object), width)}\n\n${formatTable(group, shown, width, layout.headless)}`,
    )
    .join("\n\n");
}

/** A table of properties that were asked for by name, which share the window. */
export const showProperties = (
  objects: readonly object[],
  names: readonly string[],
  { columns: width }: Shown,
  { autoSize = false, wrap = false, headless = false }: TableLayout = {},
): string =>
  objects.length === 0
    ? ""
    : formatTable(
        objects,
        names.map((property) => ({
          property,
          alignByValue: true,
          wrap,
          ...(!autoSize && { width: evenWidth(names.length, width) }),
        })),
        width,
        headless,
      );
