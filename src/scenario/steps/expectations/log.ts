import { z } from "zod";
import { certificatesNamedBy } from "../../certificates.ts";
import { findRows, formatShort, matchInOrder, readRows, sessionOf, sessionsIn, thumbprintsIn } from "../../logs.ts";
import { mention } from "../define-step.ts";
import { logChoice, logRow } from "../words.ts";
import { defineExpectation } from "./define-expectation.ts";
import { decisionsOf } from "./reasons.ts";

const shownAround = 14;

export const log = defineExpectation({
  shape: {
    log: logChoice,
    has: z.array(logRow).min(1, "one row or more").describe("rows of one session, in order; others may lie between"),
  },
  mentions: ({ log: { server, message } }) => [
    ...mention("server", server, "log", "server"),
    ...mention("message", message, "log", "message"),
  ],
  describe: ({ log: { server, kind }, has }) =>
    `the ${kind} log of ${server} has ${has.length === 1 ? `the row ${has[0]}` : `${has.length} rows in order`}`,
  async look(context, { log: choice, has }) {
    const { lab } = context;
    const rows = await readRows(lab, choice.server, choice.kind);
    const only = choice.message === undefined ? undefined : sessionOf(context, choice.message, choice);
    const which = { connector: choice.connector, sessions: only };
    const found = findRows(rows, has, which);
    const name = `${choice.server} ${choice.kind}`;
    if (found) {
      const certificates = await certificatesNamedBy(lab, thumbprintsIn(found));
      return { holds: true, evidence: { log: name, rows: found, certificates } };
    }
    const sessions = sessionsIn(rows, which);
    const best = sessions.map((session) => ({ session, matched: matchInOrder(session, has) })).sort(byMatches)[0];
    const failure = {
      expected: `in one session of ${name}: ${has[best?.matched.length ?? 0]}`,
      found: best
        ? `${best.matched.length} of ${has.length} rows matched`
        : `no session (${rows.length} rows in the log)`,
      reasons: decisionsOf(lab, [choice.server]),
      around: around(best?.session ?? [], best?.matched.at(-1)).map((row) => `${row.sequence} ${formatShort(row)}`),
    };
    return { holds: false, failure };
  },
});

const byMatches = (a: { matched: readonly unknown[] }, b: { matched: readonly unknown[] }): number =>
  b.matched.length - a.matched.length;

/** The rows of a session about the last one that matched. */
function around<R>(session: readonly R[], last: R | undefined): readonly R[] {
  const centre = last === undefined ? 0 : session.indexOf(last);
  const from = Math.max(0, centre - Math.floor(shownAround / 2));
  return session.slice(from, from + shownAround);
}
