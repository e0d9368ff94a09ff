import { propertyUnknown } from "../run/errors.ts";
import { itemsOf, propertiesOf, propertyOf } from "../run/values.ts";
import { type CommandCall, defineCommand } from "./define-command.ts";
import { gathered, Property, Wishes } from "./properties.ts";

export const selectObject = defineCommand({
  verb: "Select",
  noun: "Object",
  aliases: ["select"],
  synopsis: "Passes on some properties of objects, or the first, last or different ones.",
  source: "[select-object]",
  takesInput: true,
  parameters: {
    Property,
    ExpandProperty: { type: "string", help: "The property whose values are passed on instead of objects" },
    Skip: { type: "integer", help: "How many are left out, from the beginning; with -Last, from the end" },
    First: { type: "integer", help: "How many from the beginning" },
    Last: { type: "integer", help: "How many from the end" },
    Unique: { type: "switch", help: "Leaves out what has been passed on already" },
  },
  examples: [
    {
      line: "Get-ExchangeCertificate | Select-Object Thumbprint, NotAfter",
      does: "Shows when each certificate expires.",
    },
    {
      line: "Get-ExchangeCertificate | Select-Object -First 1 -ExpandProperty Thumbprint",
      does: "Yields one thumbprint.",
    },
  ],
  async *run(call, { Property: wanted, ExpandProperty, Unique, ...ends }) {
    const some = atEnds(await gathered(call), ends);
    const seen = new Set<string>();
    const wishes = wanted && new Wishes(call, wanted);
    for (const object of some) {
      const made =
        ExpandProperty === undefined
          ? [wishes ? Object.fromEntries(await wishes.of(object)) : object]
          : expanded(call, object, ExpandProperty);
      for (const one of made) {
        const key = JSON.stringify(one) ?? "";
        if (Unique !== true || !seen.has(key)) yield one;
        seen.add(key);
      }
    }
  },
});

interface Ends {
  readonly Skip?: number;
  readonly First?: number;
  readonly Last?: number;
}

function atEnds(all: readonly unknown[], { Skip = 0, First, Last }: Ends): readonly unknown[] {
  const left = First === undefined && Last !== undefined ? all.slice(0, all.length - Skip) : all.slice(Skip);
  if (First === undefined && Last === undefined) return left;
  return [...left.slice(0, First ?? 0), ...left.slice(Math.max(First ?? 0, left.length - (Last ?? 0)))];
}

function expanded({ source, at }: CommandCall, object: unknown, name: string): readonly unknown[] {
  const value = propertyOf(object, name);
  if (value === undefined) throw propertyUnknown(source, at, name, propertiesOf(object));
  return itemsOf(value);
}
