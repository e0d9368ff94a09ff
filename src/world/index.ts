/**
 * Everybody else: raw clients that are no Exchange server, never judge a certificate and do what a lesson asks of them.
 * `outside-client.ts` brings a message as another mail host or a mail program would. `dialog.ts` holds an SMTP
 * conversation as it is written down, over `conversation.ts`, and says where it went otherwise. What they learn is
 * returned; nothing is logged.
 */
export type { DeclaredAttacker, DeclaredAuthority, DeclaredHost, DeclaredWorld, HostFault } from "./declared.ts";
export { holdDialog, matchesPattern, parseDialog } from "./dialog.ts";
export { sendAsOutsideClient } from "./outside-client.ts";
