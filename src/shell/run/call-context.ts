import type { CmdletContext, CommonParameters, Question } from "../../commands/index.ts";
import { confirmationNeeded, type Cmdlet } from "../../commands/index.ts";
import type { ServerApi } from "../../lab/index.ts";
import { lineInterrupted } from "../errors.ts";
import type { ShellHost } from "../shell-session.ts";

/** Where a cmdlet's words go: what it would do, what it did, what it warns of. `goesOn`: what is said next stands in the same line. */
export type Say = (text: string, goesOn?: boolean) => void;

interface Called {
  cmdlet: Pick<Cmdlet, "shouldProcess">;
  server: ServerApi;
  common: CommonParameters;
  /** Who can be asked, and watches; undefined in a script, in a scenario, behind `-c`. */
  host: ShellHost | undefined;
  /** Aborted when the line is to stop. */
  signal: AbortSignal;
  say: Say;
}

/**
 * What one call of a cmdlet can ask and say, for all objects that are piped into it: Yes to All and No to All hold for the
 * rest of the call. Source: [about_CommonParameters].
 */
export function contextOf({ cmdlet, server, common, host, signal, say }: Called): CmdletContext {
  const asks = common.Confirm ?? cmdlet.shouldProcess === "high";
  const process = asker(host, signal);
  const question = asker(host, signal);
  return {
    server,
    ask: async (asked) => (cmdlet.shouldProcess !== undefined && common.Confirm === false) || question(asked),
    async shouldProcess(action, target) {
      const operation = `Performing operation "${action}" on Target "${target}".`;
      if (common.WhatIf === true) say(`What if: ${operation}`);
      if (common.WhatIf === true) return false;
      return !asks || process({ caption: "Are you sure you want to perform this action?", message: operation });
    },
    signal,
    progress: (progress) => host?.progress?.(progress),
    verbose: (text) => void (common.Verbose === true && say(`VERBOSE: ${text}`)),
    warning: (text) => say(`WARNING: ${text}`),
  };
}

/** As Exchange's shell offers them. Source: [exchange-certificate-cmdlets]; Inferred: the help texts, from captured consoles. */
const choices = [
  { key: "Y", label: "Yes", help: "Continue with only the next step of the operation." },
  { key: "A", label: "Yes to All", help: "Continue with all the steps of the operation." },
  { key: "N", label: "No", help: "Skip this operation and proceed with the next operation." },
  { key: "L", label: "No to All", help: "Skip this operation and all subsequent operations." },
] as const;

function asker(host: ShellHost | undefined, signal: AbortSignal): (question: Question) => Promise<boolean> {
  let forAll: boolean | undefined;
  return async (question) => {
    if (forAll !== undefined) return forAll;
    if (!host) throw confirmationNeeded(question);
    if (signal.aborted) throw lineInterrupted();
    const { caption, message } = question;
    const key = choices[await host.choose({ caption, message, choices, default: 0 })]?.key;
    if (key === "A") forAll = true;
    if (key === "L") forAll = false;
    return key === "Y" || key === "A";
  };
}
