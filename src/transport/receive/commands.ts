import type { Outcome } from "./answer.ts";
import { authenticate, exchangeAuthenticate } from "./authentication.ts";
import { ehlo, helo } from "./hello.ts";
import { help, replies } from "./replies.ts";
import { anonymousTls, startTls } from "./secure.ts";
import type { ReceiveSession } from "./session.ts";

/** Answers one command; `rest` is what followed the verb. */
export type Command = (session: ReceiveSession, rest: string) => Outcome;

/** A command that takes no argument. */
const bare = (command: (session: ReceiveSession) => Outcome): Command => {
  return (session, rest) => (rest === "" ? command(session) : replies.invalidArguments);
};

/** The verbs of a Receive connector, whether or not a session may use them. */
const commands: ReadonlyMap<string, Command> = new Map<string, Command>([
  ["EHLO", ehlo],
  ["HELO", helo],
  ["STARTTLS", bare(startTls)],
  ["X-ANONYMOUSTLS", bare(anonymousTls)],
  ["AUTH", authenticate],
  ["X-EXPS", exchangeAuthenticate],
  ["MAIL", (session, rest) => session.transaction.mail(rest)],
  ["RCPT", (session, rest) => session.transaction.rcpt(rest)],
  ["DATA", bare((session) => session.transaction.data())],
  ["BDAT", (session, rest) => session.transaction.bdat(rest)],
  ["RSET", bare(reset)],
  ["NOOP", () => replies.ok],
  ["HELP", () => help],
  ["VRFY", () => replies.cannotVerify],
  ["EXPN", () => replies.notImplemented],
  ["QUIT", bare(quit)],
]);

/** The command of a verb in upper case; undefined when no such verb exists. */
export const commandOf = (verb: string): Command | undefined => commands.get(verb);

function reset(session: ReceiveSession): Outcome {
  session.transaction.reset();
  return replies.resetting;
}

function quit(session: ReceiveSession): Outcome {
  return { ...replies.serviceClosing, afterwards: () => session.stopped("Local", undefined) };
}
