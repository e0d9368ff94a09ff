import { order } from "../run/compare.ts";
import { defineCommand } from "./define-command.ts";
import { gathered, Property, Wishes } from "./properties.ts";

export const sortObject = defineCommand({
  verb: "Sort",
  noun: "Object",
  aliases: ["sort"],
  synopsis: "Passes objects on in the order of one property or several.",
  source: "[sort-object]",
  takesInput: true,
  parameters: {
    Property,
    Descending: { type: "switch", help: "The greatest first" },
    Unique: { type: "switch", help: "Only the first of those that are alike" },
  },
  examples: [
    {
      line: "Get-ExchangeCertificate | Sort-Object NotAfter -Descending",
      does: "Shows the certificate first that expires last.",
    },
  ],
  async *run(call, { Property: wanted, Descending, Unique }) {
    const objects = await gathered(call);
    const rows = wanted ? await new Wishes(call, wanted).ofAll(objects) : undefined;
    const keyed = objects.map((object, place) => ({
      object,
      keys: rows ? Object.values(rows[place] ?? {}) : [object],
    }));
    const sign = Descending === true ? -1 : 1;
    let last: readonly unknown[] | undefined;
    for (const { object, keys } of keyed.toSorted((one, other) => sign * orderOf(one.keys, other.keys))) {
      if (Unique !== true || !last || orderOf(last, keys) !== 0) yield object;
      last = keys;
    }
  },
});

function orderOf(one: readonly unknown[], other: readonly unknown[]): number {
  for (let at = 0; at < Math.max(one.length, other.length); at++) {
    const [left, right] = [one[at], other[at]];
    // Numbers behind a text that is none would have no order.
    const found = typeof left === typeof right ? order(left, right) : order(String(left), String(right));
    if (found !== 0) return found;
  }
  return 0;
}
