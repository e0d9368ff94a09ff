import type { DirectoryObjects } from "../../directory/index.ts";
import type { ServerApi } from "../../lab/index.ts";
import type { CmdletContext } from "./define-cmdlet.ts";
import { nameTaken, nothingNamed } from "./errors.ts";
import { same } from "./same.ts";

/** Kinds of configuration whose objects are known by a name, and changed whole. */
type NamedKind = "acceptedDomain" | "remoteDomain" | "messageClassification" | "sendConnector";

/** What the four cmdlets of one noun have in common. */
interface Noun<K extends NamedKind> {
  kind: K;
  /** As cmdlets spell it: `AcceptedDomain`. */
  noun: string;
  /** As errors call it: `accepted domain`. */
  called: string;
  /** Refuses an object as it would be, beside the others of its kind. */
  check?(
    object: DirectoryObjects[K],
    beside: { others: readonly DirectoryObjects[K][]; server: ServerApi },
  ): Promise<void>;
}

/**
 * Finds, makes, changes and removes the objects of one kind in the directory of the server that the cmdlet runs on.
 * Identities are names, whatever their case. Nothing is changed unless everything has been checked.
 */
export function namedConfiguration<K extends NamedKind>(noun: Noun<K>) {
  type Held = DirectoryObjects[K];

  /** All of them, or the one that is named. Rejects COMMAND_IDENTITY_UNKNOWN. */
  async function find(server: ServerApi, identity: string | undefined): Promise<readonly Held[]> {
    if (identity !== undefined) return [await one(server, identity)];
    return server.configuration(noun.kind);
  }

  /** Rejects COMMAND_IDENTITY_UNKNOWN. */
  async function one(server: ServerApi, identity: string): Promise<Held> {
    const held = await server.configuration(noun.kind);
    const found = held.find(({ name }) => same(name, identity));
    if (found) return found;
    throw nothingNamed(
      noun,
      identity,
      held.map(({ name }) => name),
    );
  }

  /** Yields what it made: nothing under -WhatIf. Rejects COMMAND_NAME_TAKEN, and what the rules of the kind refuse. */
  async function* create(context: CmdletContext, object: Held): AsyncIterable<Held> {
    const held = await context.server.configuration(noun.kind);
    const taken = held.find(({ name }) => same(name, object.name));
    if (taken) throw nameTaken(noun.called, object.name, taken.name);
    if (await write("New", context, object)) yield object;
  }

  /**
   * Puts an object in the place of the one of its name; false where nothing was done, under -WhatIf. Rejects what the rules
   * of the kind refuse.
   */
  const put = (context: CmdletContext, object: Held): Promise<boolean> => write("Set", context, object);

  async function write(verb: "New" | "Set", { server, shouldProcess }: CmdletContext, object: Held): Promise<boolean> {
    const held = await server.configuration(noun.kind);
    const others = held.filter(({ name }) => !same(name, object.name));
    await noun.check?.(object, { others, server });
    if (!(await shouldProcess(`${verb}-${noun.noun}`, object.name))) return false;
    await server.putConfiguration(noun.kind, object);
    return true;
  }

  async function remove({ server, shouldProcess }: CmdletContext, object: Held): Promise<void> {
    if (await shouldProcess(`Remove-${noun.noun}`, object.name)) await server.removeConfiguration(noun.kind, object);
  }

  return { find, one, create, put, remove };
}
