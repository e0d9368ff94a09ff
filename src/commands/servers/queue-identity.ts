import type { QueueView, ServerApi } from "../../lab/index.ts";
import { same } from "../definition/same.ts";
import { queueElsewhere, queueUnknown } from "./errors.ts";

/**
 * The queues of `server` that `identity` names: `Server\3`, `Server\Submission`, `Server` for all of them, or the part
 * behind the backslash alone; undefined for all. Case does not matter.
 * Throws COMMAND_QUEUE_UNKNOWN, COMMAND_QUEUE_ELSEWHERE. Ours: a cmdlet reads the queues of the server it runs on only.
 */
export async function findQueues(server: ServerApi, identity: string | undefined): Promise<readonly QueueView[]> {
  const queues = await server.queues();
  if (identity === undefined || same(identity, server.name)) return queues;
  const [owner, queue] = identity.includes("\\") ? splitIdentity(identity) : [server.name, identity];
  if (!same(owner, server.name)) throw queueElsewhere(identity, owner, server.name);

  const found = queues.filter((candidate) => same(candidate.identity, `${server.name}\\${queue}`));
  if (found.length > 0) return found;
  throw queueUnknown(
    identity,
    queues.map((candidate) => candidate.identity),
  );
}

function splitIdentity(identity: string): [string, string] {
  const at = identity.indexOf("\\");
  return [identity.slice(0, at), identity.slice(at + 1)];
}
