import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Endpoint } from "../../src/smtp/index.ts";
import type { Place } from "./lab.ts";
import { toolEnvironment } from "./tools.ts";

/** A certificate to present: PEM files. */
export interface ClientCertificate {
  certificate: string;
  key: string;
  /** What accompanies it, where anything does. */
  chain?: string;
}

/** `openssl s_client -starttls smtp` with somebody at its keyboard. */
export interface SClient {
  /** Types a line; resolves with the reply, the last of its lines for one of several. */
  say(line: string): Promise<string>;
  /** Says QUIT; resolves when openssl has ended. */
  quit(): Promise<void>;
}

/**
 * Connects and does STARTTLS, with a client certificate or without one; then it is quiet and passes lines on.
 *
 * @param ehlo the name that it gives before TLS; inside TLS the test says EHLO itself
 */
export function startSClient(
  place: Place,
  { address, port }: Endpoint,
  { ehlo, presents }: { ehlo: string; presents?: ClientCertificate | undefined },
): SClient {
  const files = presents && { "-cert": presents.certificate, "-key": presents.key, "-cert_chain": presents.chain };
  const parameters = Object.entries(files ?? {}).flatMap(([name, file]) => (file === undefined ? [] : [name, file]));
  const child = spawn(
    "openssl",
    // -quiet also keeps it from taking the R of RCPT and the Q of QUIT for commands of its own.
    [
      "s_client",
      "-quiet",
      "-crlf",
      "-starttls",
      "smtp",
      "-name",
      ehlo,
      "-connect",
      `${address}:${port}`,
      ...parameters,
    ],
    { stdio: "pipe", env: toolEnvironment() },
  );
  let [heard, notes] = ["", ""];
  let wake = (): void => {};
  let ended = false;
  child.stdout.on("data", (text: Buffer) => {
    heard += text.toString();
    wake();
  });
  child.stderr.on("data", (text: Buffer) => (notes += text.toString()));
  child.stdin.on("error", () => {}); // it may have been hung up on
  const gone = once(child, "close").then(() => {
    ended = true;
    wake();
  });
  place.atEnd(async () => {
    child.kill("SIGKILL");
    await gone;
  });
  const reply = async (): Promise<string> => {
    for (;;) {
      const [all, last] = /^(?:\d{3}-.*\r?\n)*(\d{3}(?: .*)?)\r?\n/.exec(heard) ?? [];
      if (all !== undefined && last !== undefined) {
        heard = heard.slice(all.length);
        return last.trimEnd();
      }
      if (ended) throw new Error(`openssl ended without a reply:\n${heard}${notes}`);
      await new Promise<void>((resolve) => (wake = resolve));
    }
  };
  return {
    say(line) {
      child.stdin.write(`${line}\n`);
      return reply();
    },
    async quit() {
      child.stdin.write("QUIT\n");
      await reply();
      await gone;
    },
  };
}
