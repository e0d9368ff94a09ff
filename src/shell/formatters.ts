import type { Cmdlet, ParameterSpecs, ParameterValue } from "../commands/index.ts";
import { propertyUnknown } from "./errors.ts";
import { evenWidth, formatList, formatTable } from "./format.ts";

/** What a formatting command is given: objects, who made them, and where it stands for errors. */
interface Formatted {
  objects: readonly object[];
  cmdlet: Cmdlet;
  source: string;
  at: number;
}

/** A command behind a pipe that makes text of objects. */
interface Formatter {
  name: string;
  alias?: string;
  parameters: ParameterSpecs;
  format(formatted: Formatted, parameters: Readonly<Record<string, ParameterValue>>): string;
}

const Property = {
  type: "stringList",
  position: 0,
  help: "Which properties, in this order; `*` stands for any characters",
} as const;

/** The formatting commands. Source: [format-table], [format-list]; ConvertTo-Json came with a later PowerShell. */
export const formatters: readonly Formatter[] = [
  {
    name: "Format-List",
    alias: "fl",
    parameters: { Property },
    format: (formatted, { Property: wanted }) =>
      formatList(formatted.objects, chosen(formatted, wanted) ?? formatted.cmdlet.listed ?? propertiesOf(formatted)),
  },
  {
    name: "Format-Table",
    alias: "ft",
    parameters: { Property, AutoSize: { type: "switch", help: "As wide as what stands in it, each column" } },
    format: (formatted, { Property: wanted, AutoSize }) => {
      const properties = chosen(formatted, wanted);
      if (properties === undefined) return showObjects(formatted.cmdlet, formatted.objects);
      const width = AutoSize === true ? undefined : evenWidth(properties.length);
      return tableOf(
        formatted.objects,
        properties.map((property) => ({ property, alignByValue: true, ...(width === undefined ? {} : { width }) })),
      );
    },
  },
  {
    name: "ConvertTo-Json",
    parameters: {},
    format: ({ objects }) =>
      objects.length === 0 ? "" : JSON.stringify(objects.length === 1 ? objects[0] : objects, null, 2),
  },
];

/** Objects as they are shown where the line says nothing about it: the cmdlet's own table. */
export const showObjects = (cmdlet: Cmdlet, objects: readonly object[]): string =>
  tableOf(
    objects,
    cmdlet.columns.filter(({ property }) => objects.some((object) => property in object)),
  );

const tableOf = (objects: readonly object[], columns: Parameters<typeof formatTable>[1]): string =>
  objects.length === 0 ? "" : formatTable(objects, columns);

const propertiesOf = ({ objects }: Formatted): string[] => [
  ...new Set(objects.flatMap((object) => Object.keys(object))),
];

/** The properties that were asked for, in their own spelling; undefined where none were. */
function chosen(formatted: Formatted, wanted: ParameterValue | undefined): readonly string[] | undefined {
  if (!Array.isArray(wanted)) return undefined;
  if (formatted.objects.length === 0) return [];
  const known = propertiesOf(formatted);
  const found = wanted.flatMap((pattern) => {
    const fits = known.filter((name) => matcher(pattern).test(name));
    if (fits.length === 0 && !pattern.includes("*"))
      throw propertyUnknown(formatted.source, formatted.at, pattern, known);
    return fits;
  });
  return [...new Set(found)];
}

const matcher = (pattern: string): RegExp =>
  new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*")}$`, "i");
