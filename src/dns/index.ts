/**
 * Names inside a lab. names.ts is what a server asks: where a host is, and who takes a domain's mail; zone.ts keeps
 * the answers, and lets somebody stand in the way. Who is in it is said by `lab`. No packets: docs/adr/0010-names.md.
 */
export { edgeSyncPort, type Names, smtpPort } from "./names.ts";
export { openZone, type Zone } from "./zone.ts";
