import type { SmtpReply } from "../../smtp/index.ts";

/** What a command comes to: a reply, and what goes with it. */
export interface Answer extends SmtpReply {
  /** The reply's text is not for the log: rows show a placeholder. */
  secret?: true;
  /** Done once the reply is on its way. */
  afterwards?: () => void;
}

/** At once, later, or not at all: a BDAT is answered when its octets are in. */
export type Outcome = Answer | undefined | Promise<Answer>;
