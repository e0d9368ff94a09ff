import type { ReceiveConnector } from "../../directory/index.ts";

/** A limit that one more connection would pass, and what it allows. */
export interface PassedLimit {
  kind: "connector" | "source";
  allowed: number;
}

/**
 * Which of a connector's limits one more connection would pass.
 *
 * @param open the connector's connections without the new one, and those of them from the same address
 * @returns undefined when it may come in
 * Source: [bb125140]: MaxInboundConnection, …PerSource, …PercentagePerSource (of the connections still free).
 * Ours: the percentage always leaves room for one.
 */
export function passedLimit(
  connector: ReceiveConnector,
  open: { total: number; fromSource: number },
): PassedLimit | undefined {
  const free = connector.maxInboundConnection - open.total;
  if (free <= 0) return { kind: "connector", allowed: connector.maxInboundConnection };
  const share = Math.max(1, Math.floor((free * connector.maxInboundConnectionPercentagePerSource) / 100));
  const allowed = Math.min(connector.maxInboundConnectionPerSource, share);
  return open.fromSource >= allowed ? { kind: "source", allowed } : undefined;
}
