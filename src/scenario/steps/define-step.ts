import type { z } from "zod";
import type { LabError } from "../../base/index.ts";
import type { Lab, LoggedRow } from "../../lab/index.ts";

/**
 * Runs one cmdlet line on one server, as a person at its shell would; the command line gives it to the runner. `answers` are
 * what the person says to its questions, in order; without them there is nobody to ask. A line that ran and failed says
 * what was shown before; one that cannot be run rejects with a LabError.
 */
export type Execute = (
  lab: Lab,
  server: string,
  line: string,
  answers?: readonly string[],
) => Promise<{ text: string; failure?: LabError }>;

/** What earlier steps left for later ones, by the names they gave it. */
export interface Memory {
  /** Internet message ids, by label. */
  readonly messages: Map<string, string>;
  /** What a server's directory held, by label. */
  readonly directories: Map<string, DirectoryObjects>;
  /** What `${name}` stands for. */
  readonly values: Map<string, string>;
}

export type DirectoryObjects = Awaited<ReturnType<Lab["directoryObjects"]>>;

export interface StepContext {
  readonly lab: Lab;
  readonly execute: Execute;
  readonly memory: Memory;
  /** Aborted by Ctrl-C: stop waiting. */
  readonly signal: AbortSignal;
}

/** A certificate that a log row or a session names, where somebody of the lab or its world holds it. */
export interface NamedCertificate {
  thumbprint: string;
  /** Who holds it: a server, an outside host or an attacker. */
  server: string;
  subject: string;
  issuer: string;
  selfSigned: boolean;
  notBefore: Date;
  notAfter: Date;
}

/** What a report shows beside a step that held: the rows that prove it, the certificates they name, printed text. */
export interface Evidence {
  /** Which log the rows are from: `Ex2007SE SmtpSend`. */
  log?: string;
  rows?: readonly LoggedRow[];
  certificates?: readonly NamedCertificate[];
  text?: string;
}

/** Expected beside found, and what helps to understand it. */
export interface Failure {
  expected: string;
  found: string;
  /** The steps of the decisions behind it, one line each. */
  reasons?: readonly string[];
  /** Log lines around it, as the file has them. */
  around?: readonly string[];
  remedy?: string;
}

export type StepOutcome = { kind: "held"; evidence?: Evidence } | { kind: "failed"; failure: Failure };

export const held = (evidence?: Evidence): StepOutcome => (evidence ? { kind: "held", evidence } : { kind: "held" });
export const failed = (failure: Failure): StepOutcome => ({ kind: "failed", failure });

/** Something of the lab, or of an earlier step, that a step names: the loader sees to it that it exists. */
export interface Mention {
  /** `peer`: a server or an outside host. `outsideAddress`: an address at one of the outside hosts. */
  kind: "server" | "mailbox" | "message" | "directory" | "host" | "peer" | "outsideAddress" | "authority" | "attacker";
  name: string;
  /** From the step's own value down. */
  path: readonly (string | number)[];
}

export const mention = (kind: Mention["kind"], name: string | undefined, ...path: (string | number)[]): Mention[] =>
  name === undefined ? [] : [{ kind, name, path }];

/** A mailbox by its name, or somebody at an outside host by an address. */
export const mentionOfInbox = (name: string, ...path: (string | number)[]): Mention[] =>
  mention(name.includes("@") ? "outsideAddress" : "mailbox", name, ...path);

/** A name that a step gives. */
interface Named {
  kind: "message" | "value" | "directory";
  name: string;
}

interface StepDefinition<S extends z.ZodType> {
  /** Its key in a scenario file. */
  name: string;
  /** One sentence; the editor's schema shows it. */
  summary: string;
  /** Strict: unknown keys are errors. The editor's schema is made of it, too. */
  input: S;
  mentions?(input: z.output<S>): Mention[];
  /** What it makes known to later steps. */
  makesKnown?(input: z.output<S>): Named | undefined;
  /** One line for reports. */
  describe(input: z.output<S>): string;
  run(context: StepContext, input: z.output<S>): Promise<StepOutcome>;
}

/** A kind of step, whatever its input is. */
export interface StepKind {
  name: string;
  summary: string;
  input: z.ZodType;
  mentions(input: unknown): Mention[];
  makesKnown(input: unknown): Named | undefined;
  describe(input: unknown): string;
  run(context: StepContext, input: unknown): Promise<StepOutcome>;
}

/** Declares a kind of step. What `run` and the others get has passed `input`. */
export function defineStep<S extends z.ZodType>(definition: StepDefinition<S>): StepKind {
  // The one place where the declared type meets a value that the same schema has parsed (load.ts).
  const typed = (input: unknown): z.output<S> => input as z.output<S>;
  return {
    name: definition.name,
    summary: definition.summary,
    input: definition.input,
    mentions: (input) => definition.mentions?.(typed(input)) ?? [],
    makesKnown: (input) => definition.makesKnown?.(typed(input)),
    describe: (input) => definition.describe(typed(input)),
    run: (context, input) => definition.run(context, typed(input)),
  };
}
