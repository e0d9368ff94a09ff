import { createHash } from "node:crypto";
import { parseCertificate } from "../../certificates/index.ts";
import type { ExchangeServer } from "../../directory/index.ts";
import type { PeerCertificate, TlsFacts, TlsVerb } from "../../smtp/index.ts";
import type { Secured } from "./connection.ts";

/**
 * What the handshake really did. Between Hubs only the receiver presents a certificate, and it encrypts; who the
 * sender is, X-EXPS says. Source: [bb430773]: a Hub presents its own only on its way to an Edge.
 */
export function tlsFacts(verb: TlsVerb, { socket, certificate }: Secured): TlsFacts {
  return {
    verb,
    protocol: socket.getProtocol() ?? "",
    cipher: socket.getCipher().standardName,
    presented: undefined,
    received: certificate && describePeer(certificate),
  };
}

function describePeer(der: Buffer): PeerCertificate {
  const { thumbprint, subject, selfSigned, notAfter } = parseCertificate(der);
  return { thumbprint, subject, selfSigned, notAfter };
}

/**
 * What ties an authentication to this TLS session and to nobody else's. Ours: the exporter of RFC 9266, and beside it
 * the certificate, since up to TLS 1.2 the exporter alone does not bind.
 */
export const channelBindingOf = ({
  socket,
  certificate,
}: Secured): { channelBinding: Buffer; serverCertificateSha256: string } => ({
  channelBinding: socket.exportKeyingMaterial(32, "EXPORTER-Channel-Binding", Buffer.alloc(0)),
  serverCertificateSha256: createHash("sha256")
    .update(certificate ?? "")
    .digest("hex")
    .toUpperCase(),
});

/** The machine account of a server, `PROEXCHANGE\\EX2007EE$`. Ours: the NetBIOS domain is the DNS suffix's first label. */
export function machineAccount({ name, fqdn }: ExchangeServer): string {
  const domain = fqdn.split(".")[1] ?? "";
  return `${domain.toUpperCase()}\\${name.toUpperCase()}$`;
}
