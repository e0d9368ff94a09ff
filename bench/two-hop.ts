import { createHash } from "node:crypto";
import SMTPConnection from "nodemailer/lib/smtp-connection";

/** Something that takes a message on one port and delivers it after a second hop. */
export interface Hop {
  host: string;
  port: number;
  recipient: string;
  onDelivered(listener: () => void): void;
  /** How many messages lie delivered, counted where they lie; undefined where nothing is kept. */
  deliveredCount(): Promise<number | undefined>;
  close(): Promise<void>;
}

export interface KeyAndCertificate {
  key: string;
  cert: string;
}

/** The same client for both contenders: STARTTLS, no judging of certificates, PIPELINING where offered. */
export async function openClient(port: number, host = "127.0.0.1"): Promise<SMTPConnection> {
  const client = new SMTPConnection({
    host,
    port,
    name: "bench.example",
    requireTLS: true,
    tls: { rejectUnauthorized: false },
    socketCloseTimeout: 0,
  });
  client.on("error", () => {});
  await new Promise<void>((resolve, reject) => client.connect((failure) => (failure ? reject(failure) : resolve())));
  return client;
}

/** A message of about `bytes`, the same for both contenders. */
export function benchMessage(bytes: number): Buffer {
  const header = [
    "From: <anna@bench.example>",
    "To: <bob@bench.example>",
    "Subject: bench",
    "Message-ID: <00000000@bench.example>",
    "Date: Mon, 12 May 2008 10:00:00 +0000",
    "",
    "",
  ].join("\r\n");
  const line = `${createHash("sha256").update("bench").digest("hex")}\r\n`;
  return Buffer.from(`${(header + line.repeat(Math.ceil(bytes / line.length))).slice(0, bytes - 2)}\r\n`);
}

/**
 * Sends `count` messages through the hop over `connections` client connections and waits until the last is delivered.
 * Resolves with messages per second.
 */
export async function drive(hop: Hop, count: number, connections: number, bytes: number): Promise<number> {
  const clients = await Promise.all(Array.from({ length: connections }, () => openClient(hop.port, hop.host)));
  const content = benchMessage(bytes);
  const idPlace = content.indexOf("00000000@");
  let sent = 0;
  let delivered = 0;
  const startedAt = performance.now();
  await new Promise<void>((resolve, reject) => {
    hop.onDelivered(() => {
      if (++delivered === count) resolve();
    });
    const next = (client: SMTPConnection): void => {
      if (sent === count) return;
      const copy = Buffer.from(content);
      copy.write(String(++sent).padStart(8, "0"), idPlace, "latin1");
      client.send({ from: "anna@bench.example", to: hop.recipient, size: copy.length }, copy, (failure) =>
        failure ? reject(failure) : next(client),
      );
    };
    for (const client of clients) next(client);
  });
  const seconds = (performance.now() - startedAt) / 1000;
  for (const client of clients) client.close();
  return count / seconds;
}
