/**
 * DELIVER: the end of the journey. mailbox.ts keeps the mailboxes of one Mailbox server as `.eml` files;
 * store-driver.ts is the channel through which a Hub's queue delivers to them. Which server holds a mailbox was decided
 * in `categorize/`.
 */
export { type MailboxStore, openMailboxStore } from "./mailbox.ts";
export { storeDriverChannel } from "./store-driver.ts";
