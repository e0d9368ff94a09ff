import { createSecureContext } from "node:tls";
import type { Endpoint } from "../../src/smtp/index.ts";
import { swapCertificate } from "../../src/world/attacks/swap-certificate.ts";
import { type Middle, startMiddle } from "../../src/world/middle.ts";

/** Somebody between two SMTP servers, who writes down every octet. */
export type RecordingProxy = Middle;

/** What a proxy makes of what passes; each is given whole writes, which SMTP's lock-step makes whole lines. */
export interface Tampering {
  /** Another text for what the server says. */
  replace?: (text: string) => string;
  /** A reply of the proxy's own to what the client says, which then does not reach the server. */
  answer?: (text: string) => string | undefined;
}

/** Passes everything on between clients at `at` and the server at `target`, and writes it down. */
export function startRecordingProxy(
  at: Endpoint,
  target: Endpoint,
  tampering: Tampering = {},
): Promise<RecordingProxy> {
  const { replace = (text) => text, answer = () => undefined } = tampering;
  return startMiddle(
    at,
    () => target,
    ({ client, server, record }) => {
      client.on("data", (octets: Buffer) => {
        record("client", octets);
        const own = answer(octets.toString("latin1"));
        if (own === undefined) server.write(octets);
        else client.write(own);
      });
      server.on("data", (octets: Buffer) => {
        record("server", octets);
        client.write(Buffer.from(replace(octets.toString("latin1")), "latin1"));
      });
    },
  );
}

/**
 * A man in the middle: passes everything on, but does each STARTTLS handshake himself, on both sides, with the client
 * under a certificate of his own. What he writes down is what he could read.
 */
export const startManInTheMiddle = (
  at: Endpoint,
  target: Endpoint,
  identity: { key: string; cert: string },
): Promise<RecordingProxy> =>
  startMiddle(
    at,
    () => target,
    swapCertificate(() => Promise.resolve(createSecureContext(identity)), "starttls"),
  );

/** The content types of the TLS records in a stream. Source: RFC 8446 §5.1. */
export function recordTypes(octets: Buffer): number[] {
  const types: number[] = [];
  for (let at = 0; at + 5 <= octets.length; at += 5 + octets.readUInt16BE(at + 3)) types.push(octets.readUInt8(at));
  return types;
}
