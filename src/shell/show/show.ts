import type { ShellState, View } from "../run/state.ts";
import { propertiesOf } from "../run/values.ts";
import { evenWidth, formatList, formatTable, formatValue } from "./format.ts";
import { Formatted } from "./formatted.ts";

type Shown = Pick<ShellState, "views" | "columns">;

/** A piece of what is shown: lines, which follow one another, or something that stands by itself. */
export interface Part {
  text: string;
  lines: boolean;
}

/** What is shown of values where nothing was said about it: each kind of object in its own table, other values a line each. */
export const showValues = (values: readonly unknown[], state: Shown): Part[] =>
  runsOf(values, state)
    .map((run) => ({ text: showRun(run, state), lines: !isObject(run[0]) }))
    .filter(({ text, lines }) => lines || text !== "");

/** Pieces one after the other, with an empty line around what stands by itself. */
export function joinParts(parts: readonly Part[]): string {
  const between = (place: number): string => (parts[place - 1]?.lines && parts[place]?.lines ? "\n" : "\n\n");
  return parts.map(({ text }, place) => (place === 0 ? text : between(place) + text)).join("");
}

const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);

/** Neighbours that are shown together. */
function runsOf(values: readonly unknown[], { views }: Shown): unknown[][] {
  const runs: unknown[][] = [];
  let last: unknown;
  for (const value of values) {
    const kind = kindOf(value, views);
    if (runs.length > 0 && kind === last) runs.at(-1)?.push(value);
    else runs.push([value]);
    last = kind;
  }
  return runs;
}

/** The same for values that are shown together. */
function kindOf(value: unknown, views: ShellState["views"]): unknown {
  if (!isObject(value)) return "line";
  if (value instanceof Formatted) return value;
  return views.get(value)?.columns ?? propertiesOf(value).join();
}

function showRun(run: readonly unknown[], state: Shown): string {
  const [first] = run;
  if (first instanceof Formatted) return first.text;
  if (!isObject(first)) return run.map(formatValue).join("\n");
  const objects = run.filter(isObject);
  const view = state.views.get(first);
  if (view) return showView(objects, view, state);
  const names = propertiesOf(objects);
  if (names.length === 0) return objects.map(String).join("\n");
  return names.length > 4 ? formatList(objects, names, state.columns) : showProperties(objects, names, state);
}

/** A command's own table. */
const showView = (objects: readonly object[], { columns }: View, { columns: width }: Shown): string =>
  objects.length === 0
    ? ""
    : formatTable(
        objects,
        columns.filter(({ property }) => objects.some((object) => property in object)),
        width,
      );

/** A table of properties that were asked for by name, which share the window. */
export const showProperties = (
  objects: readonly object[],
  names: readonly string[],
  { columns: width }: Shown,
  autoSize = false,
): string =>
  objects.length === 0
    ? ""
    : formatTable(
        objects,
        names.map((property) => ({
          property,
          alignByValue: true,
          ...(!autoSize && { width: evenWidth(names.length, width) }),
        })),
        width,
      );
