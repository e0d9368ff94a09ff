import { formatEndpoint, type Lab, type SessionRecord } from "../../../lab/index.ts";
import type { StepContext } from "../define-step.ts";

/** Which sessions a step means. */
interface SessionChoice {
  /** By the label of an earlier step. */
  message?: string | undefined;
  /** Servers or outside hosts. */
  from?: string | undefined;
  to?: string | undefined;
}

/** Whether that is a server of the lab, and no outside host. */
export const isServer = (lab: Lab, name: string | undefined): name is string =>
  name !== undefined && lab.serverNames().includes(name);

/**
 * The records of the sessions that are meant, in order. Servers keep records, outside hosts do not: the sending server's
 * record is read, or the receiving server's where somebody outside sends, or nobody is said to. Whoever connects to
 * somebody, and meets an attacker before him, has connected to him as far as he knows.
 */
export function sessionsBetween({ lab, memory }: StepContext, { message, from, to }: SessionChoice): SessionRecord[] {
  const id = message === undefined ? undefined : (memory.messages.get(message) ?? "");
  const outward = isServer(lab, from) || (from === undefined && to !== undefined && !isServer(lab, to));
  const isMeant = outward ? outwardTo(lab, from, to) : inwardFrom(lab, from, to);
  return lab.facts.sessions().filter((record) => isMeant(record) && (id === undefined || record.messages.includes(id)));
}

type Choice = (record: SessionRecord) => boolean;

function outwardTo(lab: Lab, from: string | undefined, to: string | undefined): Choice {
  const places = to === undefined ? undefined : [...placesOf(lab, to), ...before(lab, to)].map(formatEndpoint);
  return ({ side, server, remote }) =>
    side === "send" && server === (from ?? server) && (places?.includes(formatEndpoint(remote)) ?? true);
}

/** An outside host is known by its address and its name together: where a machine has one address only, all have it. */
function inwardFrom(lab: Lab, from: string | undefined, to: string | undefined): Choice {
  const ends = from === undefined ? [] : [...placesOf(lab, from), ...(to === undefined ? [] : before(lab, to))];
  const isSender = ({ remote, peerName }: SessionRecord): boolean =>
    from === undefined ||
    (ends.some(({ address }) => address === remote.address) &&
      ["", from.toLowerCase()].includes(peerName.toLowerCase()));
  return (record) => record.side === "receive" && record.server === (to ?? record.server) && isSender(record);
}

const placesOf = (lab: Lab, name: string) =>
  [
    ...lab.listeners().filter(({ server }) => server === name),
    ...lab.outsideHosts().filter((host) => host.name === name),
  ].map(({ endpoint }) => endpoint);

const before = (lab: Lab, name: string) =>
  lab
    .attackers()
    .filter((attacker) => attacker.before === name)
    .map(({ endpoint }) => endpoint);
