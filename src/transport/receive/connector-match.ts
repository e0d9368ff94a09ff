import { isIP } from "node:net";
import type { ReceiveConnector } from "../../directory/index.ts";
import { type Endpoint, formatEndpoint } from "../../smtp/index.ts";

interface AddressRange {
  family: number;
  first: bigint;
  last: bigint;
}

/**
 * The connector that serves a connection: among the enabled ones with this binding, the one whose most specific
 * remote range holds the address. Source: [aa996395].
 *
 * @param bindings the listener's endpoint in each spelling that a connector may use for it
 * @returns undefined when no connector wants it
 */
export function matchConnector(
  connectors: readonly ReceiveConnector[],
  bindings: readonly Endpoint[],
  remoteAddress: string,
): ReceiveConnector | undefined {
  const spellings = bindings.map(formatEndpoint);
  let best: { connector: ReceiveConnector; size: bigint } | undefined;
  for (const connector of connectors) {
    if (!connector.enabled || !connector.bindings.some((binding) => spellings.includes(binding))) continue;
    for (const size of matchingRangeSizes(connector, remoteAddress)) {
      if (best === undefined || size < best.size) best = { connector, size };
    }
  }
  return best?.connector;
}

function matchingRangeSizes(connector: ReceiveConnector, address: string): bigint[] {
  const remote = parseAddress(address);
  if (!remote) return [];
  return connector.remoteIpRanges
    .map(parseRange)
    .filter((range) => range?.family === remote.family && range.first <= remote.value && remote.value <= range.last)
    .map((range) => (range as AddressRange).last - (range as AddressRange).first);
}

/** Reads `a.b.c.d`, `a.b.c.d-e.f.g.h`, `a.b.c.d/n` and the same in IPv6; undefined for anything else. */
function parseRange(text: string): AddressRange | undefined {
  const [from = "", to] = text.split("-");
  const [base = "", prefix] = from.split("/");
  const first = parseAddress(base.trim());
  if (!first) return undefined;
  if (to !== undefined) {
    const last = parseAddress(to.trim());
    return last?.family === first.family ? { family: first.family, first: first.value, last: last.value } : undefined;
  }
  const bits = first.family === 4 ? 32 : 128;
  const kept = prefix === undefined ? bits : Number(prefix);
  if (!Number.isInteger(kept) || kept < 0 || kept > bits) return undefined;
  const host = (1n << BigInt(bits - kept)) - 1n;
  return { family: first.family, first: first.value & ~host, last: first.value | host };
}

/** An address as a number. An IPv4 peer of a dual-stack socket counts as IPv4. */
function parseAddress(text: string): { family: number; value: bigint } | undefined {
  const address = text.replace(/^::ffff:(?=\d+\.)/i, "");
  const family = isIP(address);
  if (family === 4) return { family, value: fromParts(address.split(".").map(Number), 8n) };
  if (family === 6) return { family, value: fromParts(ipv6Groups(address), 16n) };
  return undefined;
}

const fromParts = (parts: readonly number[], bits: bigint): bigint =>
  parts.reduce((value, part) => (value << bits) | BigInt(part), 0n);

function ipv6Groups(address: string): number[] {
  const groups = (half: string): number[] =>
    half.split(":").flatMap((group) => {
      if (group === "") return [];
      if (!group.includes(".")) return [Number.parseInt(group, 16)];
      const [a = 0, b = 0, c = 0, d = 0] = group.split(".").map(Number);
      return [a * 256 + b, c * 256 + d];
    });
  const [head = "", tail = ""] = address.replace(/%.*$/, "").split("::");
  const left = groups(head);
  const right = groups(tail);
  return [...left, ...Array<number>(8 - left.length - right.length).fill(0), ...right];
}
