import { textOf } from "../run/values.ts";
import type { CommandCall } from "./define-command.ts";
import { Wishes } from "./properties.ts";

/** `-GroupBy` of the commands that make text. */
export const GroupBy = {
  type: "propertyList",
  help: "A property: neighbours that are alike in it are shown together, under its value",
} as const;

/** What is shown of each group of neighbours, one after the other; without a wish, of all of them. Source: [format-table]. */
export async function shownInGroups<T>(
  call: CommandCall,
  { values, by }: { values: readonly T[]; by: readonly unknown[] | undefined },
  show: (group: readonly T[]) => Promise<string> | string,
): Promise<string> {
  if (!by) return show(values);
  const groups: { heading: string; members: T[] }[] = [];
  for (const [place, row] of (await new Wishes(call, by).ofAll(values)).entries()) {
    const heading = Object.entries(row)
      .map(([name, value]) => `   ${name}: ${textOf(value)}`)
      .join("\n");
    if (groups.at(-1)?.heading !== heading) groups.push({ heading, members: [] });
    groups.at(-1)?.members.push(values[place] as T);
  }
  const texts: string[] = [];
  for (const { heading, members } of groups) texts.push(`${heading}\n\n${await show(members)}`);
  return texts.join("\n\n");
}
