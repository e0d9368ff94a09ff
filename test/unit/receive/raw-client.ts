import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { connect as startTls, type ConnectionOptions, type TLSSocket } from "node:tls";
import type { Endpoint } from "../../../src/smtp/index.ts";

/** A client that knows nothing of SMTP: it writes octets and reads lines. */
export class RawClient {
  #socket: Socket;
  #received = "";
  #ended = false;
  #wake: () => void = () => {};

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#listen();
  }

  static async connect(to: Endpoint, localAddress = "127.0.0.1"): Promise<RawClient> {
    const socket = connect({ host: to.address, port: to.port, localAddress });
    await once(socket, "connect");
    return new RawClient(socket);
  }

  write(data: string | Buffer): void {
    this.#socket.write(typeof data === "string" ? Buffer.from(data, "latin1") : data);
  }

  /** The next line without its CR LF; undefined once the server has closed. */
  async line(): Promise<string | undefined> {
    for (;;) {
      const end = this.#received.indexOf("\r\n");
      if (end >= 0) {
        const line = this.#received.slice(0, end);
        this.#received = this.#received.slice(end + 2);
        return line;
      }
      if (this.#ended) return undefined;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** All lines of the next reply. */
  async reply(): Promise<string[]> {
    const lines: string[] = [];
    for (let line = await this.line(); line !== undefined; line = await this.line()) {
      lines.push(line);
      if (line[3] !== "-") break;
    }
    return lines;
  }

  /** Everything until the server closes. */
  async rest(): Promise<string[]> {
    const lines: string[] = [];
    for (let line = await this.line(); line !== undefined; line = await this.line()) lines.push(line);
    return lines;
  }

  /** Says one thing and reads the reply to it, joined by line ends. */
  async say(line: string): Promise<string> {
    this.write(`${line}\r\n`);
    return (await this.reply()).join("\n");
  }

  /** @param own the certificate it presents if it is asked for one, with its key */
  async startTls(own: Pick<ConnectionOptions, "cert" | "key" | "maxVersion"> = {}): Promise<TLSSocket> {
    this.#socket.removeAllListeners();
    const secured = startTls({ ...own, socket: this.#socket, rejectUnauthorized: false });
    this.#socket = secured;
    await once(secured, "secureConnect");
    this.#listen();
    return secured;
  }

  close(): void {
    this.#socket.destroy();
  }

  #listen(): void {
    this.#socket.on("data", (chunk: Buffer) => {
      this.#received += chunk.toString("latin1");
      this.#wake();
    });
    this.#socket.on("error", () => {});
    this.#socket.on("close", () => {
      this.#ended = true;
      this.#wake();
    });
  }
}
