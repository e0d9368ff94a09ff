import { type CmdletContext, defineCmdlet } from "../definition/define-cmdlet.ts";
import { formatDate } from "../definition/date.ts";
import { labTimeNotGiven, labTimePast } from "./errors.ts";
import { labClockColumns, shownLabClock } from "./lab-clock.ts";

/** How long lab time is moved before somebody looks: whoever watches sees so many steps a second, and stops one at most. */
const partMs = 250;

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
  async *run(context, { To, By }) {
    const { server, shouldProcess } = context;
    if ((To === undefined) === (By === undefined)) throw labTimeNotGiven(To !== undefined);
    const { lab } = await server.labTime();
    const to = To ?? new Date(lab.getTime() + (By ?? 0));
    if (to < lab) throw labTimePast(to, lab);
    if (!(await shouldProcess("Set-LabClock", to.toISOString()))) return;
    if (await move(context, lab, to)) yield await shownLabClock(server);
  },
});

/** Whether it got there: stopped, it says how far it came, and what happened on the way has happened. */
async function move({ server, signal, progress, warning }: CmdletContext, from: Date, to: Date): Promise<boolean> {
  for (;;) {
    const { lab, due } = await server.moveLabTime(to, partMs);
    if (due === null) return true;
    const status = `${formatDate(lab)} of ${formatDate(to)}`;
    if (signal.aborted) {
      warning(`Lab time stopped at ${status}.`);
      return false;
    }
    const share = (lab.getTime() - from.getTime()) / Math.max(1, to.getTime() - from.getTime());
    const percentComplete = Math.min(99, Math.floor(100 * share));
    progress({ activity: "Lab time", status, percentComplete, currentOperation: due });
  }
}
