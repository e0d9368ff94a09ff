import { Command, CommanderError, Option } from "commander";
import { act } from "./action.ts";
import type { Io } from "./io.ts";
import { logCommand } from "./log.ts";

/** `hubedge` with its commands. What a command does is imported when it is used: starting fast is part of the work. */
function buildProgram(io: Io, version: string): Command {
  const program = new Command("hubedge")
    .description("A TLS transport simulator: an Exchange-2007-style mail organization on real sockets")
    .version(version, "--version", "print the version")
    .exitOverride()
    .configureOutput({ writeOut: (text) => io.out(text), writeErr: (text) => io.err(text) })
    .showHelpAfterError("(hubedge --help, or hubedge COMMAND --help, shows what there is)");
  const directory = new Option("--directory <kind>", "auto, embedded, redis, or a Redis URL").default("auto");
  const logs = new Option("--logs <folder>", "where protocol logs are written").default("logs");

  program
    .command("run")
    .description("run scenarios: 0 all held, 1 an expectation failed, 2 the input is wrong, 3 the environment is")
    .argument("<path...>", "scenario files, folders of them, or globs")
    .addOption(new Option("--report <kind[=file]>", "pretty, json or junit; repeatable").argParser(collect))
    .addOption(logs)
    .addOption(directory)
    .option("--only <name>", "only scenarios whose name or file has this in it")
    .option("--tag <tag>", "only scenarios with this tag")
    .option("--bail", "stop after the first scenario that does not pass")
    .option("--jobs <n>", "run that many at once", "1")
    .option("--keep", "leave the lab up after a failure, until Ctrl-C")
    .option("--watch", "run again whenever a scenario file changes")
    .option("--quiet", "show failures and the summary only")
    .action((paths, options) => act(io, async () => (await import("./run.ts")).run(paths, options, io)));

  program
    .command("check")
    .description("check scenario files without running them: 0, or 2 with every mistake at once")
    .argument("<path...>", "scenario files, folders of them, or globs")
    .action((paths) => act(io, async () => (await import("./check.ts")).check(paths, io)));

  program
    .command("up")
    .description("start a scenario's lab, stay, and take cmdlets from standard input; `quit` ends it")
    .argument("<path>", "a scenario file; its steps are not run")
    .addOption(logs)
    .addOption(directory)
    .option("--data <folder>", "where queues and mailboxes are kept (default: .hubedge/<lab> beside the scenario)")
    .option("--fresh", "begin with nothing of an earlier `up`")
    .action((path, options) => act(io, async () => (await import("./up.ts")).up(path, options, io)));

  program
    .command("shell")
    .description("run cmdlets in a lab that `hubedge up` started, or in one that lasts as long as the shell")
    .argument("[path]", "a scenario file whose lab is started, and ended, with the shell")
    .option("-c, --command <line>", "run one line")
    .option("--lab <id>", "which lab; default: the only one that is up")
    .option("--on <server>", "which server; default: the lab's first Hub")
    .addOption(logs)
    .addOption(directory)
    .option("--data <folder>", "as for `up`, with a path")
    .option("--fresh", "as for `up`, with a path")
    .action((path, options) => act(io, async () => (await import("./shell.ts")).runShell(path, options, io)));

  logCommand(program, io);

  program
    .command("explain")
    .description(
      "say which certificate of a real server's listing a receive connector presents, and why not the others",
    )
    .argument("<file>", "what Get-ExchangeCertificate | Format-List printed there; - reads it from standard input")
    .requiredOption("--fqdn <name>", "the connector's Fqdn, or the server's where it has none")
    .option("--internal <thumbprint>", "the internal transport certificate, where it is known")
    .option("--at <date>", "when; default: now")
    .action((file, options) => act(io, async () => (await import("./explain.ts")).explain(file, options, io)));

  program
    .command("doctor")
    .description("what this machine has and lacks, each with the fix: 0, or 3 where something needed is missing")
    .action(() => act(io, async () => (await import("./doctor.ts")).doctor(io)));

  program
    .command("schema")
    .description("print the JSON Schema of scenario files, for editors")
    .action(() => act(io, async () => (await import("./schema.ts")).schema(io)));
  return program;
}

const collect = (value: string, earlier: string[] | undefined): string[] => [...(earlier ?? []), value];

/**
 * Runs the command line. @param argv without the program's own name
 * Usage mistakes end with 2; --help and --version with 0.
 */
export async function main(argv: readonly string[], io: Io, version: string): Promise<void> {
  const program = buildProgram(io, version);
  try {
    await program.parseAsync(argv, { from: "user" });
  } catch (failure) {
    if (!(failure instanceof CommanderError)) throw failure;
    io.exit(failure.exitCode === 0 && failure.code !== "commander.help" ? 0 : 2);
  }
}
