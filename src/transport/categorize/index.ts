/**
 * CATEGORIZE: what a message's recipients are, and where each copy goes next. All of it is pure. resolve-recipients.ts
 * finds mailboxes by their addresses. For those of other sites, site-path.ts finds the best paths and route.ts turns
 * paths into next hops (hub sites, direct relay, delayed fan-out). For the rest, connector-choice.ts selects a Send
 * connector (address-space.ts: does it fit, and how closely; connector-place.ts: where does it start from) and
 * connector-hop.ts turns it into a next hop. routes.ts holds what is known of both until the configuration changes;
 * categorize.ts joins it all for one message. Which host of a next hop gets a copy is for `send/`, when a copy goes is
 * for `queue/`.
 */
export { type CategorizerDirectory, categorize } from "./categorize.ts";
export type { Here } from "./connector-place.ts";
export { buildRoutes, type RoutingDirectory } from "./routes.ts";
