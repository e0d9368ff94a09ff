/**
 * CATEGORIZE: what a message's recipients are, and where each copy goes next. All of it is pure. resolve-recipients.ts
 * finds mailboxes by their addresses; site-path.ts finds the best paths between sites; route.ts turns paths into next
 * hops (hub sites, direct relay, delayed fan-out); categorize.ts joins the three for one message. Which Hub of the next
 * site gets a copy is for `send/`, when a copy goes is for `queue/`.
 */
export { categorize } from "./categorize.ts";
export { buildRoutingTable } from "./route.ts";
