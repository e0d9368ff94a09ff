import { calculatedRefused } from "./errors.ts";
import { propertyUnknown, valueTooLarge } from "../run/errors.ts";
import { isLike } from "../run/compare.ts";
import { ScriptBlock } from "../run/script-block.ts";
import { collapse, gather, propertiesOf, propertyOf } from "../run/values.ts";
import type { CommandCall } from "./define-command.ts";

/** A property that a command is asked for: by name or pattern, or worked out by a block. */
type Wish = { pattern: string } | { name: string; block: ScriptBlock };

/** `-Property` of the commands that take several. */
export const Property = {
  type: "propertyList",
  position: 0,
  help: "Which properties, in this order; `*` stands for any characters, `@{ Name = …; Expression = { … } }` for one that is worked out",
} as const;

/** Properties that were asked for, found in objects. */
export class Wishes {
  readonly #wishes: readonly Wish[];
  readonly #call: CommandCall;

  /** Throws SHELL_CALCULATED_REFUSED for a hash table that lacks its parts. */
  constructor(call: CommandCall, wanted: readonly unknown[]) {
    this.#call = call;
    this.#wishes = wanted.map((one) => wishOf(call, one));
  }

  /** What one object has of them, by name, in the order asked for. Throws SHELL_PROPERTY_UNKNOWN. */
  async of(object: unknown, known = propertiesOf(object)): Promise<[name: string, value: unknown][]> {
    const found = new Map<string, unknown>();
    for (const wish of this.#wishes) {
      if ("block" in wish) found.set(wish.name, collapse(await wish.block.run(object)));
      else for (const name of this.#named(wish.pattern, known)) found.set(name, propertyOf(object, name));
    }
    return [...found].filter(([, value]) => value !== undefined);
  }

  /** The same of several objects, as objects; a property that only some have is no error. */
  async ofAll(objects: readonly unknown[]): Promise<object[]> {
    const known = propertiesOf(objects);
    const made: object[] = [];
    for (const object of objects) made.push(Object.fromEntries(await this.of(object, known)));
    return made;
  }

  #named(pattern: string, known: readonly string[]): string[] {
    const fits = known.filter((name) => isLike(name, pattern));
    if (fits.length === 0 && !pattern.includes("*"))
      throw propertyUnknown(this.#call.source, this.#call.at, pattern, known);
    return fits;
  }
}

function wishOf({ source, at }: CommandCall, wanted: unknown): Wish {
  if (wanted instanceof ScriptBlock) return { name: wanted.text, block: wanted };
  if (typeof wanted !== "object" || wanted === null) return { pattern: String(wanted) };
  const name = part(wanted, ["name", "label", "n", "l"]);
  const block = part(wanted, ["expression", "e"]);
  if (typeof name !== "string" || !(block instanceof ScriptBlock))
    throw calculatedRefused(source, at, Object.keys(wanted));
  return { name, block };
}

const part = (wanted: object, names: readonly string[]): unknown =>
  Object.entries(wanted).find(([key]) => names.includes(key.toLowerCase()))?.[1];

/** Everything that is piped into a command. Throws SHELL_VALUE_TOO_LARGE. */
export const gathered = ({ input, source, at }: CommandCall): Promise<unknown[]> =>
  gather(input, () => valueTooLarge(source, at));
