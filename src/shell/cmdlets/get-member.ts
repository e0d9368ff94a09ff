import { isLike } from "../run/compare.ts";
import { methodsOf } from "../run/methods.ts";
import { propertiesOf, propertyOf } from "../run/values.ts";
import { defineCommand } from "./define-command.ts";

export const getMember = defineCommand({
  verb: "Get",
  noun: "Member",
  aliases: ["gm"],
  synopsis: "Shows which properties and methods objects have.",
  source: "[get-member]",
  takesInput: true,
  parameters: { Name: { type: "stringList", position: 0, help: "Names or patterns", default: "every one" } },
  columns: [{ property: "Name", width: 36 }, { property: "MemberType", width: 12 }, { property: "Definition" }],
  examples: [{ line: "Get-ExchangeCertificate | Get-Member Not*", does: "Shows which properties begin so." }],
  async *run({ input }, { Name = ["*"] }) {
    const members = new Map<string, { MemberType: string; Definition: string }>();
    for await (const object of input) {
      for (const name of propertiesOf(object))
        members.set(name, { MemberType: "Property", Definition: kindOf(propertyOf(object, name)) });
      for (const name of methodsOf(object)) members.set(name, { MemberType: "Method", Definition: `${name}()` });
    }
    for (const [member, about] of [...members].toSorted(([one], [other]) => (one < other ? -1 : 1)))
      if (Name.some((pattern) => isLike(member, pattern))) yield { Name: member, ...about };
  },
});

/** What a value is, in PowerShell's words. */
function kindOf(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? "object[]" : `${kindOf(value[0])}[]`;
  if (value instanceof Date) return "datetime";
  return typeof value === "boolean" ? "bool" : typeof value === "number" ? "int" : typeof value;
}
