import { defineCmdlet } from "../definition/define-cmdlet.ts";
import { labClockColumns, shownLabClock } from "./lab-clock.ts";

export const getLabClock = defineCmdlet({
  verb: "Get",
  noun: "LabClock",
  synopsis: "Shows lab time, and how far this server's clock is off.",
  source: "docs/adr/0002-lab-clock.md",
  basis: "ours",
  examples: [{ line: "Get-LabClock", does: "Shows what time it is in the lab." }],
  parameters: {},
  columns: labClockColumns,
  async *run({ server }) {
    yield await shownLabClock(server);
  },
});
