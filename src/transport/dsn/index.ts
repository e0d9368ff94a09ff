/**
 * DSN: telling a sender what became of a message. compose.ts builds the report out of three parts: readable.ts for
 * people (words in wording.ts), status.ts for programs, returned.ts for what comes back of the message; text.ts makes
 * other people's words safe to quote. Pure but for ids. When to report, and submitting the report, is the pipeline's.
 */
export { composeDelayed, composeDelivered, composeNdr } from "./compose.ts";
