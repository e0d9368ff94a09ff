import type { Command } from "commander";
import type { Io } from "./io.ts";

/** Registers `hubedge log PATH…`; what it does is in show-log.ts, which is loaded only when it is asked for. */
export function logCommand(program: Command, io: Pick<Io, "out" | "err" | "colour" | "exit">): void {
  program
    .command("log")
    .description("print the sessions of SMTP protocol logs in order, naming each thumbprint's certificate where known")
    .argument("<path...>", "protocol logs, or folders that hold some")
    .option("--session <id>", "only the session with this id")
    .option("--message <id>", "only sessions that handed over this Internet message id")
    .action(async (paths, options) => io.exit(await (await import("./show-log.ts")).showLog(paths, options, io)));
}
