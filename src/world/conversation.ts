import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { Endpoint } from "../smtp/index.ts";
import { noReply } from "./errors.ts";

export interface ConversationOptions {
  localAddress?: string;
  /** Real time that one reply may take. Default 10 s. */
  patienceMs?: number;
}

/** A raw SMTP conversation, reply by reply; nothing that is said is checked, nothing the server shows is judged. */
export interface Conversation {
  /** Of the certificate that the server presented; undefined in the clear. */
  readonly certificateThumbprint: string | undefined;
  /** Sends one line; CRLF is added. */
  send(line: string): void;
  /** The lines of the next whole reply, as they came, without CRLF. Rejects CONVERSATION_SILENT. */
  reply(): Promise<string[]>;
  /** Does the handshake, after the server's go-ahead; what came in the clear and was not read is gone. */
  startTls(): Promise<void>;
  close(): void;
}

/** Connects and waits for nothing: the greeting is the first reply. Rejects with the system's error. */
export async function converse(endpoint: Endpoint, options: ConversationOptions = {}): Promise<Conversation> {
  const { localAddress } = options;
  const socket = connect({
    host: endpoint.address,
    port: endpoint.port,
    noDelay: true,
    ...(localAddress === undefined ? {} : { localAddress }),
  });
  await settled(socket, "connect");
  return new RawConversation(socket, endpoint, options.patienceMs ?? 10_000);
}

/** Resolves with the event, rejects with the error that comes instead. */
function settled(socket: Socket, event: "connect" | "secureConnect"): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once("error", reject);
    socket.once(event, () => {
      socket.removeListener("error", reject);
      resolve();
    });
  });
}

class RawConversation implements Conversation {
  certificateThumbprint: string | undefined;
  #socket: Socket;
  readonly #endpoint: Endpoint;
  readonly #patienceMs: number;
  #received = "";
  #hungUp = false;
  #wake: () => void = () => {};

  constructor(socket: Socket, endpoint: Endpoint, patienceMs: number) {
    this.#socket = socket;
    this.#endpoint = endpoint;
    this.#patienceMs = patienceMs;
    this.#listen();
  }

  send(line: string): void {
    this.#socket.write(`${line}\r\n`, "latin1");
  }

  async reply(): Promise<string[]> {
    const lines: string[] = [];
    do lines.push(await this.#nextLine());
    while (/^\d{3}-/.test(lines.at(-1) ?? ""));
    return lines;
  }

  async startTls(): Promise<void> {
    this.#socket.removeAllListeners("data");
    this.#received = "";
    const secured = connectTls({ socket: this.#socket, rejectUnauthorized: false });
    await settled(secured, "secureConnect");
    this.#socket = secured;
    this.certificateThumbprint = secured.getPeerX509Certificate()?.fingerprint.replaceAll(":", "");
    this.#listen();
  }

  close(): void {
    this.#socket.destroy();
  }

  async #nextLine(): Promise<string> {
    let patient = true;
    const timer = setTimeout(() => {
      patient = false;
      this.#wake();
    }, this.#patienceMs);
    while (!this.#received.includes("\n") && !this.#hungUp && patient)
      await new Promise<void>((resolve) => (this.#wake = resolve));
    clearTimeout(timer);
    const end = this.#received.indexOf("\n");
    if (end < 0)
      throw noReply(this.#endpoint, this.#hungUp ? "it hung up" : `it said nothing for ${this.#patienceMs} ms`);
    const line = this.#received.slice(0, end).replace(/\r$/, "");
    this.#received = this.#received.slice(end + 1);
    return line;
  }

  #listen(): void {
    const hangUp = (): void => {
      this.#hungUp = true;
      this.#wake();
    };
    this.#socket.on("error", hangUp).once("end", hangUp).once("close", hangUp);
    this.#socket.on("data", (chunk: Buffer) => {
      this.#received += chunk.toString("latin1");
      this.#wake();
    });
  }
}
