/**
 * The shell: lines as PowerShell takes them, run on one server. A line goes through tokenize, parse and bind (with
 * convert), then run calls the cmdlet and formatters make text of its objects (with format); print writes a parsed
 * line again. session.ts keeps what outlives a line; control/ is how another process opens one in a running lab.
 * What cmdlets there are and what they do is commands/; where input comes from and output goes is cli/.
 */
export { lineInterrupted } from "./errors.ts";
export { runLine, type ShellResult } from "./run.ts";
export { needsMore, openSession } from "./session.ts";
export type { Completions, ShellHost, ShellQuestion, ShellSession } from "./shell-session.ts";
export { type ControlConnection, connectControl } from "./control/client.ts";
export { controlFolder } from "./control/registry.ts";
export { serveControl } from "./control/server.ts";
