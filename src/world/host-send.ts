import type { Clock } from "../base/index.ts";
import { judgePeer, readPresented } from "../certificates/index.ts";
import { type Names, smtpPort } from "../dns/index.ts";
import { domainOf, reply, type SmtpAddress, type SmtpReply } from "../smtp/index.ts";
import type { Arrangement } from "./host-identity.ts";
import { type ClientOutcome, type OutsideMail, outcomeOf, sendAsOutsideClient } from "./outside-client.ts";

/** What an outside host is to those whom it sends to. */
interface SendingHost {
  name: string;
  names: Names;
  clock: Clock;
  localAddress: string | undefined;
  arrangement: Arrangement;
}

/** A message to send on. */
export interface HostSubmission {
  from: SmtpAddress | "";
  to: readonly SmtpAddress[];
  content: Buffer;
}

/**
 * Sends a message to the mail exchangers of each recipient's domain, as that host uses TLS. Who cannot be reached, or
 * refuses before any mail is named, is passed by for the next; what the last one said counts. It tries once, and a
 * handshake that fails is not followed by an attempt in the clear. Source: RFC 5321 §5.1. Ours: one attempt.
 */
export async function sendFromHost(host: SendingHost, mail: HostSubmission): Promise<ClientOutcome> {
  const outcomes: ClientOutcome[] = [];
  for (const [domain, to] of byDomain(mail.to)) outcomes.push(await sendToDomain(host, domain, { ...mail, to }));
  return {
    presented: outcomes.find(({ presented }) => presented !== undefined)?.presented,
    accepted: outcomes.flatMap(({ accepted }) => accepted),
    refused: outcomes.flatMap(({ refused }) => refused),
    began: outcomes.some(({ began }) => began),
  };
}

function byDomain(addresses: readonly SmtpAddress[]): Map<string, SmtpAddress[]> {
  const domains = new Map<string, SmtpAddress[]>();
  for (const address of addresses) {
    const domain = domainOf(address);
    domains.set(domain, [...(domains.get(domain) ?? []), address]);
  }
  return domains;
}

async function sendToDomain(host: SendingHost, domain: string, mail: HostSubmission): Promise<ClientOutcome> {
  let outcome = unreached(`MX ${domain}`, mail.to, reply(550, "5.1.2", `No mail exchanger for ${domain}`));
  for (const exchanger of host.names.mailExchangers(domain)) {
    outcome = await sendToExchanger(host, exchanger, mail);
    if (outcome.began) break;
  }
  return outcome;
}

async function sendToExchanger(host: SendingHost, exchanger: string, mail: HostSubmission): Promise<ClientOutcome> {
  const endpoint = host.names.locate(exchanger, smtpPort);
  if (!endpoint) return unreached(`A ${exchanger}`, mail.to, reply(450, "4.4.4", `Nobody is at ${exchanger}`));
  const { arrangement, localAddress } = host;
  const { sends } = arrangement.declared;
  const seen = await sendAsOutsideClient({
    ...mail,
    endpoint,
    localAddress,
    ehlo: host.name,
    tls: tlsModes[sends],
    secureContext: arrangement.clientContext(),
    ...(sends === "verified" ? { judge: judgeOf(host, exchanger) } : {}),
  });
  return outcomeOf(seen);
}

const tlsModes = {
  "in-the-clear": "never",
  opportunistic: "opportunistic",
  required: "required",
  verified: "required",
} as const;

/** The server's certificate must lead to an authority that the host trusts, and bear the name that it went to. */
const judgeOf =
  ({ arrangement, clock }: SendingHost, exchanger: string): NonNullable<OutsideMail["judge"]> =>
  (ders) => {
    const { presented, chain } = readPresented(ders);
    const { roots, revocation } = arrangement;
    const rule = { kind: "chain", roots, revocation, name: { kind: "host", host: exchanger } } as const;
    const { outcome } = judgePeer(presented, rule, { at: clock.now(), chain });
    return outcome.kind === "trusted"
      ? undefined
      : reply(454, "4.7.5", `Certificate validation failure: ${outcome.reason}`);
  };

const unreached = (command: string, to: readonly SmtpAddress[], refusal: SmtpReply): ClientOutcome => ({
  presented: undefined,
  accepted: [],
  refused: to.map((recipient) => ({ command, recipient, reply: refusal })),
  began: false,
});
