import { defineCmdlet } from "../definition/define-cmdlet.ts";
import { labTimeNotGiven } from "./errors.ts";
import { labClockColumns, shownLabClock } from "./lab-clock.ts";

export const setLabClock = defineCmdlet({
  verb: "Set",
  noun: "LabClock",
  synopsis:
    "Moves lab time on, with everything that is due on the way: schedules, retries, expiry. It never goes back.",
  source: "docs/adr/0002-lab-clock.md",
  basis: "ours",
  shouldProcess: "medium",
  errors: ["COMMAND_LAB_TIME_NOT_GIVEN", "LAB_TIME_PAST"],
  examples: [
    { line: "Set-LabClock -By 30d", does: "Lets thirty days pass." },
    { line: "Set-LabClock 2009-05-12", does: "Lets everything happen until that day." },
  ],
  parameters: {
    To: { type: "dateTime", position: 0, help: "The moment at which the lab is to be, later than now" },
    By: { type: "duration", help: "How much time is to pass, like `+30d`; in place of To" },
  },
  columns: labClockColumns,
  async *run({ server, shouldProcess }, { To, By }) {
    if ((To === undefined) === (By === undefined)) throw labTimeNotGiven(To !== undefined);
    const { lab } = await server.labTime();
    const to = To ?? new Date(lab.getTime() + (By ?? 0));
    if (!(await shouldProcess("Set-LabClock", to.toISOString()))) return;
    await server.setLabTime(to);
    yield await shownLabClock(server);
  },
});
