import type { Listener } from "../../../src/transport/receive/index.ts";
import type { MadeCertificate } from "../certificates/make.ts";
import { type FakeServer, listen } from "./fake-server.ts";
import { RawClient } from "./raw-client.ts";

/** One listening server and the clients that a test opens to it; `close` leaves nothing of them. */
export class ReceiveLab {
  readonly server: FakeServer;
  readonly #listener: Listener;
  readonly #clients: RawClient[] = [];

  private constructor(server: FakeServer, listener: Listener) {
    this.server = server;
    this.#listener = listener;
  }

  static async start(server: FakeServer): Promise<ReceiveLab> {
    return new ReceiveLab(server, await listen(server));
  }

  /** A client that has read its greeting. */
  async open(localAddress?: string): Promise<RawClient> {
    const client = await RawClient.connect(this.#listener.endpoint, localAddress);
    this.#clients.push(client);
    await client.reply();
    return client;
  }

  /** A client inside TLS that has said EHLO again; `helloInside` where it gives another name there. */
  async openSecured(
    hello: string,
    own?: TlsIdentity,
    { verb = "STARTTLS", helloInside = hello }: { verb?: string; helloInside?: string } = {},
  ): Promise<RawClient> {
    const client = await this.open();
    await client.say(`EHLO ${hello}`);
    await client.say(verb);
    await client.startTls(own);
    await client.say(`EHLO ${helloInside}`);
    return client;
  }

  /** `id,parameter,…` of every event so far. */
  events(): string[] {
    return this.server.events.flatMap((event) =>
      event.kind === "event" ? [[event.id, ...event.parameters].join(",")] : [],
    );
  }

  /** What was decided of peers' certificates so far. */
  verdicts(): string[] {
    return this.server.events.flatMap((event) =>
      event.kind === "decision" && event.about === "peer-certificate" ? [event.outcome] : [],
    );
  }

  async close(): Promise<void> {
    for (const client of this.#clients) client.close();
    await this.#listener.close();
  }
}

/** A certificate as a client presents it, with its key and what it sends along. */
export interface TlsIdentity {
  cert: string;
  key: string;
  maxVersion?: "TLSv1.2" | "TLSv1.3";
}

export const identityOf = (made: MadeCertificate, ...along: MadeCertificate[]): TlsIdentity => ({
  cert: [made, ...along].map(({ pem }) => pem).join("\n"),
  key: made.keyPair.privateKeyPem,
});

export const derOf = ({ certificate }: MadeCertificate): Buffer => Buffer.from(certificate.der);

/** Everything that follows MAIL for one message with this header; returns the last reply. */
export async function sendContent(client: RawClient, to: string, header = ""): Promise<string> {
  await client.say(`RCPT TO:<${to}>`);
  await client.say("DATA");
  return client.say(`${header}\r\nhello\r\n.`);
}
