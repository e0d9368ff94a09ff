import { X509Certificate } from "node:crypto";
import { createServer, type Socket } from "node:net";
import { createSecureContext, type SecureContextOptions, TLSSocket } from "node:tls";
import { generate } from "selfsigned";
import type { Endpoint } from "../../../src/smtp/index.ts";
import type { MadeCertificate } from "../certificates/make.ts";

/** What the server makes of one command line; undefined leaves it to the defaults. Lines without their line end. */
export type Answer = (line: string, encrypted: boolean) => string | "drop" | undefined;

export interface FakeServerOptions {
  banner?: string;
  /** EHLO keywords before TLS and after. */
  offersInTheClear?: readonly string[];
  offersEncrypted?: readonly string[];
  answer?: Answer;
  /** Cuts what is written into the pieces in which it goes out. */
  pieces?: (text: string) => string[];
  /** Answer the handshake with rubbish. */
  noHandshake?: boolean;
  /** What it presents, the leaf first, each with the authorities behind it; by default a certificate of its own. */
  presents?: readonly MadeCertificate[];
  /** Ask the client for a certificate, and take any. */
  asksForCertificate?: boolean;
  /** Protocol versions and ciphers. */
  tls?: Pick<SecureContextOptions, "minVersion" | "maxVersion" | "ciphers">;
}

/** One connection as the server saw it. */
export interface SeenSession {
  /** Everything received before TLS, and after it. */
  inTheClear: string;
  encrypted: string;
  lines: string[];
  contents: string[];
  /** Thumbprint of the certificate that the client presented. */
  clientCertificate: string | undefined;
  /** Chunks received after TLS, as the socket handed them over. */
  chunks: number;
  /** Says a line that nobody asked for. */
  say(line: string): void;
  hangUp(): void;
  ended: Promise<void>;
}

export interface FakeServer {
  endpoint: Endpoint;
  certificate: X509Certificate;
  thumbprint: string;
  sessions: SeenSession[];
  options: FakeServerOptions;
  close(): Promise<void>;
}

export const defaultOffers = {
  inTheClear: [
    "SIZE",
    "PIPELINING",
    "DSN",
    "ENHANCEDSTATUSCODES",
    "STARTTLS",
    "X-ANONYMOUSTLS",
    "8BITMIME",
    "BINARYMIME",
    "CHUNKING",
  ],
  encrypted: [
    "SIZE",
    "PIPELINING",
    "DSN",
    "ENHANCEDSTATUSCODES",
    "AUTH LOGIN",
    "X-EXPS EXCHANGEAUTH",
    "8BITMIME",
    "BINARYMIME",
    "CHUNKING",
  ],
};

const defaults: readonly [RegExp, string][] = [
  [/^(STARTTLS|X-ANONYMOUSTLS)$/, "220 2.0.0 SMTP server ready"],
  [/^X-EXPS EXCHANGEAUTH \S+$/, "235 2.7.0 well-met"],
  [/^MAIL FROM:/, "250 2.1.0 Sender OK"],
  [/^RCPT TO:/, "250 2.1.5 Recipient OK"],
  [/^BDAT |^\.$/, "250 2.6.0 <m@fake> Queued mail for delivery"],
  [/^DATA$/, "354 Start mail input; end with <CRLF>.<CRLF>"],
  [/^RSET$/, "250 2.0.0 Resetting"],
  [/^QUIT$/, "221 2.0.0 Service closing transmission channel"],
];

let identity: Promise<{ key: string; cert: string }> | undefined;

/** One certificate for all fake servers of a run: making keys is what takes time. */
const fakeIdentity = (): Promise<{ key: string; cert: string }> =>
  (identity ??= generate([{ name: "commonName", value: "fake" }], { keyType: "ec", algorithm: "sha256" }).then(
    (made) => ({
      key: made.private,
      cert: made.cert,
    }),
  ));

async function identityOf({ presents = [] }: FakeServerOptions): Promise<{ key: string; cert: string }> {
  const [leaf] = presents;
  if (!leaf) return fakeIdentity();
  return { key: leaf.keyPair.privateKeyPem, cert: presents.map(({ pem }) => pem).join("\n") };
}

/** An SMTP server that says what it is told to, on a port of the system's choice. */
export async function startFakeServer(options: FakeServerOptions = {}): Promise<FakeServer> {
  const { key, cert } = await identityOf(options);
  const secureContext = createSecureContext({ key, cert, ...options.tls });
  const certificate = new X509Certificate(cert);
  const sockets = new Set<Socket>();
  const sessions: SeenSession[] = [];
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket.once("close", () => sockets.delete(socket)));
    sessions.push(converse(socket, secureContext, fake));
  });
  const fake: FakeServer = {
    endpoint: { address: "127.0.0.1", port: 0 },
    certificate,
    thumbprint: certificate.fingerprint.replaceAll(":", ""),
    sessions,
    options,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("No port");
  fake.endpoint.port = address.port;
  return fake;
}

/** Fake servers of one suite, and their end. */
export function fakeServers(): { start(options?: FakeServerOptions): Promise<FakeServer>; stop(): Promise<void> } {
  const servers: FakeServer[] = [];
  return {
    async start(options = {}) {
      const server = await startFakeServer(options);
      servers.push(server);
      return server;
    },
    stop: async () => void (await Promise.all(servers.map((server) => server.close()))),
  };
}

function converse(
  plain: Socket,
  secureContext: ReturnType<typeof createSecureContext>,
  { options }: FakeServer,
): SeenSession {
  const seen: SeenSession = {
    inTheClear: "",
    encrypted: "",
    lines: [],
    contents: [],
    clientCertificate: undefined,
    chunks: 0,
    hangUp: () => void socket.end(),
    say: (line) => void socket.write(`${line}\r\n`),
    ended: new Promise((resolve) => plain.once("close", () => resolve())),
  };
  let socket = plain;
  let waiting = Buffer.alloc(0);
  let mode: { kind: "lines" } | { kind: "bdat"; left: number } | { kind: "data" } = { kind: "lines" };

  const write = (text: string): void => {
    for (const piece of options.pieces?.(text) ?? [text]) socket.write(piece);
  };
  const ehlo = (): string => {
    const offers =
      socket === plain
        ? (options.offersInTheClear ?? defaultOffers.inTheClear)
        : (options.offersEncrypted ?? defaultOffers.encrypted);
    return ["fake.example Hello [127.0.0.1]", ...offers]
      .map((text, n) => `250${n === offers.length ? " " : "-"}${text}`)
      .join("\r\n");
  };
  const say = (line: string): void => {
    const encrypted = socket !== plain;
    const answer =
      options.answer?.(line, encrypted) ??
      (line.startsWith("EHLO ")
        ? ehlo()
        : line.startsWith("HELO ")
          ? "250 fake.example Hello [127.0.0.1]"
          : defaults.find(([pattern]) => pattern.test(line))?.[1]) ??
      "500 5.3.3 Unrecognized command";
    if (answer === "drop") return void plain.destroy();
    write(`${answer}\r\n`);
    if (/^(STARTTLS|X-ANONYMOUSTLS)$/.test(line) && answer.startsWith("220")) startTls();
    if (line === "DATA" && answer.startsWith("354")) mode = { kind: "data" };
    if (line === "QUIT" || answer.startsWith("421")) socket.end();
  };
  const startTls = (): void => {
    plain.removeListener("data", hear);
    if (options.noHandshake === true) return void plain.once("data", () => plain.end("no TLS here, never was\r\n"));
    const requestCert = options.asksForCertificate === true;
    const encrypted = new TLSSocket(plain, { isServer: true, secureContext, requestCert, rejectUnauthorized: false });
    encrypted.once("secure", () => {
      seen.clientCertificate = encrypted.getPeerX509Certificate()?.fingerprint.replaceAll(":", "");
    });
    socket = encrypted.on("error", () => {});
    socket.on("data", hear);
  };
  const take = (): boolean => {
    if (mode.kind === "bdat") {
      if (waiting.length < mode.left) return false;
      seen.contents.push(waiting.subarray(0, mode.left).toString("latin1"));
      waiting = waiting.subarray(mode.left);
      mode = { kind: "lines" };
      say("BDAT LAST");
      return true;
    }
    if (mode.kind === "data") {
      const end = waiting.toString("latin1").startsWith(".\r\n") ? -2 : waiting.indexOf("\r\n.\r\n");
      if (end === -1) return false;
      seen.contents.push(waiting.subarray(0, end + 2).toString("latin1"));
      waiting = waiting.subarray(end + 5);
      mode = { kind: "lines" };
      say(".");
      return true;
    }
    const end = waiting.indexOf("\r\n");
    if (end < 0) return false;
    const line = waiting.subarray(0, end).toString("latin1");
    waiting = waiting.subarray(end + 2);
    seen.lines.push(line);
    const bdat = /^BDAT (\d+) LAST$/.exec(line);
    if (bdat) mode = { kind: "bdat", left: Number(bdat[1]) };
    else say(line);
    return true;
  };
  const hear = (chunk: Buffer): void => {
    if (socket === plain) seen.inTheClear += chunk.toString("latin1");
    else {
      seen.encrypted += chunk.toString("latin1");
      seen.chunks++;
    }
    waiting = Buffer.concat([waiting, chunk]);
    while (take());
  };
  plain.on("error", () => {});
  plain.on("data", hear);
  write(
    `${options.banner ?? "220 fake.example Microsoft ESMTP MAIL Service ready at Mon, 12 May 2008 10:00:00 +0000"}\r\n`,
  );
  return seen;
}
