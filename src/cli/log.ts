import type { Command } from "commander";
import { LabError } from "../base/index.ts";
import { formatSessions, readSessions } from "../lab/index.ts";
import type { Io } from "./io.ts";

/** `hubedge log PATH…`: the sessions of any Exchange protocol log, in order. Ends with 0, or 2 when there is none to show. */
export function logCommand(program: Command, io: Pick<Io, "out" | "err" | "colour" | "exit">): void {
  program
    .command("log")
    .description("print the sessions of SMTP protocol logs in order, naming each thumbprint's certificate where known")
    .argument("<path...>", "protocol logs, or folders that hold some")
    .option("--session <id>", "only the session with this id")
    .option("--message <id>", "only sessions that handed over this Internet message id")
    .action(async (paths: string[], filter: { session?: string; message?: string }) => {
      try {
        const { sessions, certificates, unreadableLines } = await readSessions(paths, filter);
        io.out(formatSessions(sessions, { colour: io.colour, certificates }));
        if (unreadableLines > 0)
          io.err(`${unreadableLines} lines are not rows of a protocol log and were passed over\n`);
      } catch (failure) {
        if (!(failure instanceof LabError)) throw failure;
        io.err(`${failure.message}\n  ${failure.remedy}\n`);
        io.exit(2);
      }
    });
}
