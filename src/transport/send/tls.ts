import type { TLSSocket } from "node:tls";
import type { ExchangeServer } from "../../directory/index.ts";
import type { PeerCertificate } from "../../smtp/index.ts";

/** What is recorded of the certificate that the peer presented; undefined when it presented none. */
export function peerCertificateOf(socket: TLSSocket): PeerCertificate | undefined {
  const certificate = socket.getPeerX509Certificate();
  if (!certificate) return undefined;
  return {
    thumbprint: certificate.fingerprint.replaceAll(":", ""),
    subject: certificate.subject.split("\n").join(", "),
    selfSigned: certificate.issuer === certificate.subject && certificate.verify(certificate.publicKey),
    notAfter: new Date(certificate.validTo),
  };
}

/** The machine account of a server, `PROEXCHANGE\EX2007EE$`. Ours: the NetBIOS domain is the DNS suffix's first label. */
export function authenticatedPeer({ name, fqdn }: ExchangeServer): string {
  const domain = fqdn.split(".")[1] ?? "";
  return `${domain.toUpperCase()}\\${name.toUpperCase()}$`;
}
