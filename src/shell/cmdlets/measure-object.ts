import { operandRefused } from "../run/errors.ts";
import { describe } from "../bind/describe.ts";
import { toNumber } from "../run/compare.ts";
import { defineCommand } from "./define-command.ts";
import { gathered, Wishes } from "./properties.ts";

const sumUp: Readonly<Record<string, (numbers: readonly number[]) => number>> = {
  Average: (numbers) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length,
  Sum: (numbers) => numbers.reduce((sum, number) => sum + number, 0),
  Maximum: (numbers) => numbers.reduce((most, number) => Math.max(most, number), Number.NEGATIVE_INFINITY),
  Minimum: (numbers) => numbers.reduce((least, number) => Math.min(least, number), Number.POSITIVE_INFINITY),
};

export const measureObject = defineCommand({
  verb: "Measure",
  noun: "Object",
  aliases: ["measure"],
  synopsis: "Counts objects, and sums up a property of them.",
  source: "[measure-object]",
  takesInput: true,
  parameters: {
    Property: { type: "string", position: 0, help: "The property that is summed up" },
    Average: { type: "switch", help: "Works out the mean" },
    Sum: { type: "switch", help: "Works out the sum" },
    Maximum: { type: "switch", help: "Finds the greatest" },
    Minimum: { type: "switch", help: "Finds the least" },
  },
  examples: [
    { line: "Get-ExchangeCertificate | Measure-Object", does: "Counts the certificates." },
    { line: "Get-Queue | Measure-Object MessageCount -Sum", does: "Counts the messages in all queues." },
  ],
  async *run(call, { Property, ...asked }) {
    const objects = await gathered(call);
    const measured =
      Property === undefined
        ? objects
        : (await new Wishes(call, [Property]).ofAll(objects)).flatMap((row) => Object.values(row));
    const wanted = Object.keys(sumUp).filter((name) => (asked as Readonly<Record<string, boolean>>)[name] === true);
    const numbers = wanted.length === 0 ? [] : measured.map((value) => numberOf(value));
    const summed = (name: string): number | null =>
      wanted.includes(name) && numbers.length > 0 ? (sumUp[name]?.(numbers) ?? null) : null;
    yield {
      Count: measured.length,
      ...Object.fromEntries(Object.keys(sumUp).map((name) => [name, summed(name)])),
      Property: Property ?? null,
    };

    function numberOf(value: unknown): number {
      const number = toNumber(value);
      if (Number.isNaN(number))
        throw operandRefused(call.source, call.at, wanted.map((name) => `-${name}`).join(" "), [
          describe(value),
          "numbers",
        ]);
      return number;
    }
  },
});
