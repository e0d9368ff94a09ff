import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { connect, type ConnectionOptions, type SecureContext, TLSSocket } from "node:tls";

/** Both ends of a connection after the handshake; or what either end says of its failure. */
export type Handshake =
  { kind: "secured"; client: TLSSocket; server: TLSSocket } | { kind: "failed"; client: string; server: string };

interface Ends {
  server: SecureContext;
  client: SecureContext;
  /** Whether the server asks for the client's certificate. */
  asks?: boolean;
  options?: ConnectionOptions;
  /** Called with the client before anything is said. */
  prepare?: (client: TLSSocket) => void;
}

/** Shakes hands over a socket that is already open, as a receive connector does, and calls `look` before all is closed. */
export async function shakeHands<T>(
  { server, client, asks, options, prepare }: Ends,
  look: (both: Handshake) => T | Promise<T>,
): Promise<T> {
  const listener = createServer().listen(0, "127.0.0.1");
  await once(listener, "listening");
  const { port } = listener.address() as AddressInfo;
  const calling = connect({
    host: "127.0.0.1",
    port,
    servername: "ex1.contoso.com",
    rejectUnauthorized: false,
    secureContext: client,
    ...options,
  });
  prepare?.(calling);
  const called = settled(calling, "secureConnect");
  const [plain] = (await once(listener, "connection")) as [Socket];
  const answering = new TLSSocket(plain, {
    isServer: true,
    secureContext: server,
    requestCert: asks ?? false,
    rejectUnauthorized: false,
  });
  const answered = settled(answering, "secure");
  try {
    const [clientFailure, serverFailure] = await Promise.all([called, answered]);
    const secured = clientFailure === undefined && serverFailure === undefined;
    return await look(
      secured
        ? { kind: "secured", client: calling, server: answering }
        : { kind: "failed", client: clientFailure ?? "", server: serverFailure ?? "" },
    );
  } finally {
    calling.destroy();
    answering.destroy();
    plain.destroy();
    listener.close();
    await once(listener, "close");
  }
}

/** The failure of one end, undefined where it is secured. */
const settled = (socket: TLSSocket, secured: "secure" | "secureConnect"): Promise<string | undefined> =>
  new Promise((resolve) => {
    socket.once(secured, () => resolve(undefined));
    socket.on("error", ({ message }) => resolve(message));
    socket.once("close", () => resolve("closed"));
  });
