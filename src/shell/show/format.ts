import { type Column, formatDate } from "../../commands/index.ts";

/** An object's properties by name. */
type Row = Readonly<Record<string, unknown>>;

/** Characters in a line of the Exchange Management Shell's window. Inferred: from captured consoles. */
const windowWidth = 120;

/** How many elements of a collection are shown. Inferred: Exchange's start-up script raises PowerShell's 4 to 16. */
const enumerationLimit = 16;

/** A column as Format-Table lays it out. */
interface TableColumn extends Column {
  /** Numbers and Booleans to the right, as for a property that was asked for by name; a cmdlet's own columns stay left. */
  alignByValue?: boolean;
}

/**
 * Objects as PowerShell's Format-Table prints them: a heading, dashes under it, one line each. A column without a
 * width is as wide as what stands in it, and the last one is cut with `...` where the window ends.
 * Inferred: widths and alignment, from captured consoles. Ours: blanks at line ends and the empty lines around it are left out.
 */
export function formatTable(
  objects: readonly object[],
  columns: readonly TableColumn[],
  width = windowWidth,
  headless = false,
): string {
  const rows = objects.map(rowOf);
  const laid = layOut(rows, columns, width);
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, index) => fit(cell, laid[index] as LaidColumn))
      .join(" ")
      .trimEnd();
  const headings = laid.map((column) => column.heading);
  const cellsOf = (row: Row): string[] => laid.map((column) => formatValue(row[column.property]));
  const body = rows.flatMap((row) => goingOn(cellsOf(row), laid).map(line));
  const top = [line(headings), line(laid.map((column) => "-".repeat(Math.min(column.heading.length, column.width))))];
  return [...leftOut(columns.slice(laid.length)), ...(headless ? [] : top), ...body].join("\n");
}

/** The cells of a row; more rows below it where some go on in them. */
function goingOn(cells: readonly string[], laid: readonly LaidColumn[]): (readonly string[])[] {
  const parts = cells.map((cell, place) => (laid[place]?.wrap === true ? wrap(cell, laid[place].width) : [cell]));
  const height = parts.reduce((most, { length }) => Math.max(most, length), 1);
  return Array.from({ length: height }, (_, line) => parts.map((lines) => lines[line] ?? ""));
}

/** Texts beside one another, so many in a line. */
export function formatWide(texts: readonly string[], count: number, width = windowWidth): string {
  const columns = Array.from({ length: count }, (_, place) => ({
    property: String(place),
    width: evenWidth(count, width),
  }));
  const rows = Array.from({ length: Math.ceil(texts.length / count) }, (_, row) => ({
    ...texts.slice(row * count, (row + 1) * count),
  }));
  return formatTable(rows, columns, width, true);
}

/**
 * Columns that share the window evenly, as Format-Table lays out properties that were asked for by name.
 *
 * @param count of the columns
 */
export const evenWidth = (count: number, width = windowWidth): number =>
  Math.max(1, Math.floor((width - count) / Math.max(1, count)));

/** What PowerShell says of columns that have no room. */
function leftOut(columns: readonly TableColumn[]): string[] {
  const [first, ...others] = columns;
  if (!first) return [];
  const what = others.length === 0 ? `column "${first.label ?? first.property}" does` : `${columns.length} columns do`;
  return [`WARNING: ${what} not fit into the display and ${others.length === 0 ? "was" : "were"} removed.`];
}

interface LaidColumn {
  property: string;
  heading: string;
  width: number;
  right: boolean;
  wrap: boolean;
}

function layOut(rows: readonly Row[], columns: readonly TableColumn[], width: number): LaidColumn[] {
  let left = width;
  return columns.flatMap((column) => {
    if (left < 1) return []; // as PowerShell leaves out what has no room
    const heading = column.label ?? column.property;
    const values = rows.map((row) => row[column.property]);
    const longest = values.reduce<number>((most, value) => Math.max(most, formatValue(value).length), heading.length);
    const own = Math.min(column.width ?? longest, left);
    left -= own + 1;
    const right = column.alignByValue === true && values.every(isScalar);
    return [{ property: column.property, heading, width: own, right, wrap: column.wrap === true }];
  });
}

/** What PowerShell aligns to the right. */
const isScalar = (value: unknown): boolean => typeof value === "number" || typeof value === "boolean";

function fit(cell: string, { width, right }: LaidColumn): string {
  const cut = cell.length > width ? `${cell.slice(0, Math.max(0, width - 3))}${"...".slice(0, width)}` : cell;
  return right ? cut.padStart(width) : cut.padEnd(width);
}

/**
 * Objects as PowerShell's Format-List prints them: `Name : value`, names padded to the longest, an empty line between
 * objects, long values wrapped between words.
 *
 * @param properties of each object, in this order; those it lacks are left out
 */
export function formatList(objects: readonly object[], properties: readonly string[], width = windowWidth): string {
  const longest = Math.max(0, ...properties.map((property) => property.length));
  const blocks = objects.map((object) => {
    const row = rowOf(object);
    return properties
      .filter((property) => Object.hasOwn(row, property))
      .flatMap((property) => listed(property.padEnd(longest), formatValue(row[property]), width))
      .join("\n");
  });
  return blocks.join("\n\n");
}

function listed(name: string, value: string, width: number): string[] {
  const indent = " ".repeat(name.length + 3);
  const lines = value.split("\n").flatMap((line) => wrap(line, Math.max(20, width - indent.length)));
  return lines.map((line, index) => `${index === 0 ? `${name} : ` : indent}${line}`.trimEnd());
}

/** Text by itself, with no line longer than the window. */
export const formatText = (text: string, width = windowWidth): string =>
  text
    .split("\n")
    .flatMap((line) => wrap(line, width))
    .join("\n");

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let rest = text;
  while (rest.length > width) {
    const blank = rest.lastIndexOf(" ", width);
    const end = blank > 0 ? blank : width;
    lines.push(rest.slice(0, end));
    rest = rest.slice(blank > 0 ? end + 1 : end);
  }
  return [...lines, rest];
}

/** A value as PowerShell prints it in a table or list: `True`, `{a, b}`, `5/12/2008 10:00:00 AM`; nothing for null. */
export function formatValue(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return value ? "True" : "False";
  if (value instanceof Date) return formatDate(value);
  if (Array.isArray(value)) return formatCollection(value);
  const isPlain = typeof value === "object" && Object.getPrototypeOf(value) === Object.prototype;
  return isPlain ? JSON.stringify(value) : String(value);
}

/** What an object among others is known by. Inferred: Exchange's objects are their identities, as text. */
function nameOf(value: unknown): string | undefined {
  const names = ["Identity", "Name", "Thumbprint"].map((name): unknown => Object(value)[name]);
  return typeof value === "object" ? names.find((name) => typeof name === "string") : undefined;
}

function formatCollection(items: readonly unknown[]): string {
  const shown = items.slice(0, enumerationLimit).map((item) => nameOf(item) ?? formatValue(item));
  return `{${[...shown, ...(items.length > enumerationLimit ? ["..."] : [])].join(", ")}}`;
}

const rowOf = (object: object): Row => Object.fromEntries(Object.entries(object));
