import { hash } from "node:crypto";

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
  /** Takes mail from inside the organization only. Source: [bb232177], such recipients are not replicated. */
  requireSenderAuthentication: boolean;
  /** Addresses and domains whose mail the owner wants, as Update-SafeList would have aggregated them. */
  safeSenders: readonly string[];
  safeRecipients: readonly string[];
}

/** A recipient as an Edge server knows it: enough to tell that it exists, nothing to read its address from. Source: [bb232177]. */
export interface EdgeRecipient {
  /** Of the recipient's object in Active Directory. */
  guid: string;
  /** SHA-256 of each address, 64 hex digits. */
  proxyAddressHashes: readonly string[];
  /** Four octets an entry, ascending, in hex; null where there is none. */
  safeSendersHash: string | null;
  safeRecipientsHash: string | null;
}

/**
 * What an Edge server knows an address by. Source: [bb232177], SHA-256. Inferred: what exactly is hashed
 * (docs/fidelity.md#recipient-hashes).
 */
export const hashAddress = (address: string): string => hash("sha256", `smtp:${address.toLowerCase()}`, "hex");

/**
 * A safelist as an Edge server knows it. Source: [safelist-aggregation], four octets of the SHA-256 an entry, sorted,
 * 1,024 entries at most. Inferred: which four.
 */
export function hashSafelist(entries: readonly string[]): string | null {
  const hashes = entries.slice(0, 1024).map((entry) => hash("sha256", entry.toLowerCase(), "hex").slice(0, 8));
  return hashes.length === 0 ? null : [...new Set(hashes)].sort().join("");
}

/**
 * The GUID of a recipient's object. Ours: made of its alias, so that who removes it need not remember
 * (docs/fidelity.md#recipient-hashes).
 */
export function recipientGuid(name: string): string {
  const hex = hash("sha256", `mailbox/${name}`, "hex");
  return [hex.slice(0, 8), hex.slice(8, 12), `5${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    "-",
  );
}
