import { foldHeader, formatDate } from "./header.ts";

/** The build that this lab's servers claim. Source: seen in published 2007 headers (docs/fidelity.md#received). */
const exchangeBuild = "8.1.375.2";

/** One hop, as the receiving server saw it. */
export interface Hop {
  from: { name: string; address: string };
  by: { name: string; address: string };
  /** `mapi` is the store driver; `smtp-tls` and `smtp` say whether the session was encrypted. */
  with: "smtp" | "smtp-tls" | "mapi";
  at: Date;
}

/**
 * The Received header of one hop, folded, ending with CRLF. `(ip)` for SMTP, `([ip])` for the store driver; no `for`.
 * Source: published headers of 8.1 to 8.3 servers (docs/fidelity.md#received).
 */
export function receivedHeader(hop: Hop): string {
  const mapi = hop.with === "mapi";
  const place = ({ name, address }: { name: string; address: string }): string =>
    mapi ? `${name} ([${address}])` : `${name} (${address})`;
  const how = mapi ? "mapi" : `Microsoft SMTP Server${hop.with === "smtp-tls" ? " (TLS)" : ""} id ${exchangeBuild}`;
  return foldHeader("Received", `from ${place(hop.from)} by ${place(hop.by)} with ${how}; ${formatDate(hop.at)}`);
}
