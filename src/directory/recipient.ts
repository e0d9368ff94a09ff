/** A mailbox and its addresses. */
export interface Mailbox {
  /** Alias, unique in the organization: `anna`. */
  name: string;
  displayName: string;
  /** The Mailbox server that holds it. */
  server: string;
  /** All its SMTP addresses; the first is the primary one. */
  addresses: readonly string[];
  /** scrypt of its password: `<salt>:<hash>`, both base64. */
  passwordVerifier: string;
}
