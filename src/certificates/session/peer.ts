import type { X509Certificate } from "node:crypto";
import type { TLSSocket } from "node:tls";
import type { Certificate } from "../certificate.ts";
import { parseCertificate } from "../x509.ts";

/**
 * The certificates that the peer presented in the handshake, DER, in the order in which it sent them: its own first, then
 * the authorities that came with it; none where it presented none. Nobody has judged them.
 *
 * Ask once for each session, before anything else asks the socket for a certificate, and keep the answer: Node takes the
 * certificates out of the session when it hands them over. Whoever asks again hears less, on a client nothing at all.
 */
export function peerCertificates(socket: TLSSocket): readonly Buffer[] {
  const presented: Buffer[] = [];
  // Not `getPeerCertificate(true)`: it leaves out what its own search for issuers does not need.
  for (let one: X509Certificate | undefined = socket.getPeerX509Certificate(); one; one = one.issuerCertificate)
    presented.push(one.raw);
  return presented;
}

/** Reading one takes time, and a handshake has room for hundreds. */
const mostPresented = 32;

/**
 * The same, read: for `judgePeer`. Authorities that cannot be read are left out, as are those beyond the first 31, and a
 * peer whose own certificate cannot be read has presented none.
 */
export function readPresented(ders: readonly Uint8Array[]): {
  presented: Certificate | undefined;
  chain: readonly Certificate[];
} {
  const [presented, ...chain] = ders.slice(0, mostPresented).map(readIfReadable);
  return { presented, chain: chain.filter((certificate) => certificate !== undefined) };
}

function readIfReadable(der: Uint8Array): Certificate | undefined {
  try {
    return parseCertificate(der);
  } catch {
    return undefined;
  }
}
