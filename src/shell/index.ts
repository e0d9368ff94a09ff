/**
 * The shell: scripts as PowerShell takes them, run on one server. language/ reads a script and prints it again; run/
 * prepares it, so that nothing runs unless all of it can, then evaluates it and calls commands, for which bind/ makes
 * values of what was written or piped in; cmdlets/ are the commands of the language's own, show/ makes text of objects,
 * complete/ says how a word may go on. session.ts keeps what outlives a line; control/ is how another process opens a
 * session in a running lab.
 * What the Exchange cmdlets are and do is commands/; where input comes from and output goes is cli/.
 */
export { lineInterrupted } from "./errors.ts";
export { needsMore } from "./language/parse.ts";
export { FailedLine } from "./run/failed-line.ts";
export { openWindows, runLine, type ShellResult } from "./run/run.ts";
export { openSession } from "./session.ts";
export type { Completions, ShellHost, ShellQuestion, ShellSession } from "./shell-session.ts";
export { type ControlConnection, connectControl } from "./control/client.ts";
export { controlFolder } from "./control/registry.ts";
export { serveControl } from "./control/server.ts";
