import { createHash } from "node:crypto";
import { readPresented } from "../../certificates/index.ts";
import type { ExchangeServer } from "../../directory/index.ts";
import type { PeerCertificate, TlsFacts, TlsVerb } from "../../smtp/index.ts";
import type { Secured } from "./connection.ts";

/**
 * What the handshake really did.
 *
 * @param presented thumbprint of the certificate that this side had to present; whether it was asked for, TLS does not
 *   tell its client
 */
export function tlsFacts(verb: TlsVerb, { socket, chain }: Secured, presented: string | undefined): TlsFacts {
  return {
    verb,
    protocol: socket.getProtocol() ?? "",
    cipher: socket.getCipher().standardName,
    presented,
    received: describePeer(chain),
  };
}

function describePeer(chain: readonly Buffer[]): PeerCertificate | undefined {
  const { presented } = readPresented(chain);
  if (!presented) return undefined;
  const { thumbprint, subject, selfSigned, notAfter } = presented;
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
