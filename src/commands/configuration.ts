import type { DirectoryObjects } from "../directory/index.ts";
import type { ServerApi } from "../lab/index.ts";
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

  /** Rejects COMMAND_NAME_TAKEN, and what the rules of the kind refuse. */
  async function create(server: ServerApi, object: Held): Promise<Held> {
    const held = await server.configuration(noun.kind);
    const taken = held.find(({ name }) => same(name, object.name));
    if (taken) throw nameTaken(noun.called, object.name, taken.name);
    return put(server, object);
  }

  /** Puts an object in the place of the one of its name. Rejects what the rules of the kind refuse. */
  async function put(server: ServerApi, object: Held): Promise<Held> {
    const held = await server.configuration(noun.kind);
    const others = held.filter(({ name }) => !same(name, object.name));
    await noun.check?.(object, { others, server });
    await server.putConfiguration(noun.kind, object);
    return object;
  }

  const remove = (server: ServerApi, object: Held): Promise<void> => server.removeConfiguration(noun.kind, object);

  return { find, one, create, put, remove };
}
