import type { ExchangeServer } from "../../directory/index.ts";
import { reply } from "../../smtp/index.ts";
import { type Extensions, readReply, type Secured } from "./connection.ts";
import { goodbye, raise, type Session, type SessionRefusal } from "./stage.ts";
import { channelBindingOf, machineAccount } from "./tls.ts";

/** X-EXPS, the stand-in for Kerberos; the server's answer is checked before any mail goes. */
export async function authenticate(
  { server, rules, log, connection }: Session,
  target: ExchangeServer,
  secured: Secured,
  offered: Extensions,
): Promise<SessionRefusal | undefined> {
  if (!(offered.get("X-EXPS") ?? "").split(" ").includes("EXCHANGEAUTH"))
    return goodbye(reply(451, "5.7.3", "Cannot achieve Exchange Server authentication"));
  const attempt = server.authenticate(target, channelBindingOf(secured));
  log.sent("X-EXPS EXCHANGEAUTH");
  log.sent("<Binary Data>");
  log.masked = true;
  const answer = readReply(await connection.command(`X-EXPS EXCHANGEAUTH ${attempt.blob}`));
  log.masked = false;
  if (answer.code === 235 && attempt.checkAnswer(answer.lines.join(" "))) {
    log.facts.authentication = { by: "x-exps", identity: machineAccount(target) };
    return undefined;
  }
  log.information("", "Outbound Authentication failed with LogonDenied");
  raise(server, 2017, ["LogonDenied", rules.connector, "ExchangeAuth", `SMTPSVC/${target.fqdn}`]);
  return goodbye(answer.code >= 400 ? answer : reply(454, "4.7.0", "Temporary authentication failure"));
}
