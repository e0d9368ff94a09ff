import { z } from "zod";
import { differenceOf, formatDifference } from "../../directory-difference.ts";
import { isLike } from "../../logs.ts";
import { mention } from "../define-step.ts";
import { label, serverName, text } from "../words.ts";
import { defineExpectation } from "./define-expectation.ts";

const keys = z
  .array(text.describe("`server/Ex2007EE`, or the whole key; `<any>` for what varies"))
  .min(1, "one key or more")
  .optional();

const signs = { added: "+", changed: "~", removed: "-" } as const;
type Change = keyof typeof signs;
const changes: readonly Change[] = ["added", "changed", "removed"];

export const directory = defineExpectation({
  shape: {
    directory: serverName.describe("the server whose own directory is compared: Active Directory, or an Edge's ADAM"),
    since: label.describe("an earlier `remember: { directory, as }`"),
    added: keys.describe("objects that are there now and were not; others may be, too"),
    changed: keys.describe("objects that have other attributes"),
    removed: keys.describe("objects that are gone"),
  },
  mentions: ({ directory: server, since }) => [
    ...mention("server", server, "directory"),
    ...mention("directory", since, "since"),
  ],
  describe: ({ directory: server, since, ...wanted }) => {
    const words = changes.flatMap((change) => (wanted[change] ? [`${change} ${wanted[change].join(", ")}`] : []));
    return `the directory of ${server} since ${since}: ${words.join("; ") || "something has changed"}`;
  },
  async look({ lab, memory }, { directory: server, since, ...wanted }) {
    const found = differenceOf(memory.directories.get(since) ?? [], await lab.directoryObjects(server));
    const lines = formatDifference(found);
    const lacking = changes.flatMap((change) =>
      (wanted[change] ?? [])
        .filter((key) => !found[change].some((entry) => isMeant(key, entry.key)))
        .map((key) => `${signs[change]} ${key}`),
    );
    const nothingWanted = changes.every((change) => wanted[change] === undefined);
    if (lacking.length === 0 && (!nothingWanted || lines.length > 0))
      return { holds: true, evidence: { text: lines.join("\n") } };
    return {
      holds: false,
      failure: {
        expected: lacking.join(", ") || "a difference",
        found: lines.length === 0 ? "nothing has changed" : "other changes",
        around: lines,
      },
    };
  },
});

/** A key is given whole, or from the object's kind on. */
const isMeant = (wanted: string, key: string): boolean =>
  isLike(key, wanted) || isLike(key.slice(key.indexOf(":object:") + ":object:".length), wanted);
