/**
 * Everybody else. declared.ts says who there may be, and how they behave. Nothing is logged here: what they learn is
 * returned, or lies in their folders.
 *
 * host.ts is somebody's mail host: host-identity.ts makes its certificates, host-receive.ts is what it is to the
 * receiving stage, host-mail.ts keeps what came, host-send.ts brings mail to the exchangers of a domain.
 * attacker.ts stands before a port, in the middle (middle.ts), and does one of attacks/ to what passes.
 * outside-client.ts brings one message as another mail host or a mail program would. dialog.ts holds an SMTP
 * conversation as it is written down, over conversation.ts, and says where it went otherwise.
 */
export { type Attacker, startAttacker } from "./attacker.ts";
export type { DeclaredAttacker, DeclaredAuthority, DeclaredHost, DeclaredWorld, HostFault } from "./declared.ts";
export { holdDialog, matchesPattern, parseDialog } from "./dialog.ts";
export { hostElsewhere, unknownAttacker, unknownHost } from "./errors.ts";
export { type Host, startHost } from "./host.ts";
export type { HostedMessage } from "./host-mail.ts";
export { outcomeOf, sendAsOutsideClient } from "./outside-client.ts";
