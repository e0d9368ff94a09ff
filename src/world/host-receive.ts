import { type Clock, sessionIds } from "../base/index.ts";
import { judgePeer, readPresented } from "../certificates/index.ts";
import type { ReceiveConnector } from "../directory/index.ts";
import { domainOf, foldHeader, formatDate, formatEndpoint, type Endpoint, reply } from "../smtp/index.ts";
import type { ReceiveServer, Submission } from "../transport/receive/index.ts";
import type { Arrangement } from "./host-identity.ts";
import type { HostMail } from "./host-mail.ts";

/** What an outside host is to those who connect to it. */
interface ReceivingHost {
  name: string;
  clock: Clock;
  at: Endpoint;
  mail: HostMail;
  /** As it is now; sessions go on as they began. */
  arrangement(): Arrangement;
}

/**
 * An outside host as the receiving stage sees a server: one connector that follows what is declared, nobody else's name in
 * its directory, no log. It takes mail for any address of its domains, and sends nothing on. Ours.
 */
export function hostServer({ name, clock, at, mail, arrangement }: ReceivingHost): ReceiveServer {
  const isOwnDomain = (domain: string): boolean =>
    arrangement().declared.domains.some((own) => own.name.toLowerCase() === domain);
  return {
    name,
    fqdn: name,
    domain: "",
    role: "foreign",
    clock,
    journal: { report: () => {} },
    nextSessionId: sessionIds(clock.now()),
    connectors: () => [connectorOf(name, at, arrangement())],
    exchangeServer: () => undefined,
    startTlsCertificate: ({ authMechanism }) => ({
      outcome: authMechanism.includes("Tls") ? arrangement().presented() : undefined,
      steps: [],
    }),
    internalCertificate: () => ({ outcome: undefined, steps: [] }),
    judgeExchangePeer: () => ({
      outcome: { kind: "untrusted", reason: "no Exchange server is known here" },
      steps: [],
    }),
    checkPassword: () => Promise.resolve(undefined),
    exchangeAuth: () => Promise.resolve({ kind: "refused", error: "LogonDenied" }),
    isLocalDomain: isOwnDomain,
    isUnknownRecipient: () => false,
    isSecuredDomain: () => arrangement().declared.clientCertificates === "required",
    judgePartner(_domain, ders) {
      const { presented, chain } = readPresented(ders);
      const { roots, revocation } = arrangement();
      const rule = { kind: "chain", roots, revocation, name: undefined, peerIs: "client" } as const;
      return judgePeer(presented, rule, { at: clock.now(), chain });
    },
    accept(submission) {
      const content = withOwnReceivedHeader(submission, name, clock.now());
      const { from, recipients } = submission.envelope;
      for (const { address } of recipients)
        if (isOwnDomain(domainOf(address))) mail.put(address, from, content, clock.now());
      return Promise.resolve(reply(250, "2.0.0", `Ok: queued as ${submission.session.sessionId}`));
    },
  };
}

function connectorOf(name: string, at: Endpoint, { declared, certificate }: Arrangement): ReceiveConnector {
  const offersTls = declared.tls !== "none" && certificate !== undefined;
  return {
    server: name,
    name: "smtp",
    enabled: true,
    bindings: [formatEndpoint(at)],
    remoteIpRanges: ["0.0.0.0-255.255.255.255", "::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"],
    authMechanism: offersTls ? ["Tls"] : ["None"],
    permissionGroups: ["AnonymousUsers", "Partners"],
    fqdn: name,
    banner: `220 ${name} ESMTP`,
    protocolLoggingLevel: "None",
    sizeEnabled: "Enabled",
    pipeliningEnabled: true,
    deliveryStatusNotificationEnabled: false,
    enhancedStatusCodesEnabled: true,
    eightBitMimeEnabled: true,
    binaryMimeEnabled: false,
    chunkingEnabled: false,
    requireTls: declared.tls === "required",
    domainSecureEnabled: declared.clientCertificates !== "ignored",
    requireEhloDomain: false,
    maxMessageSizeBytes: 50 * 1024 ** 2,
    maxHeaderSizeBytes: 1024 ** 2,
    maxHopCount: 100,
    maxLocalHopCount: 100,
    maxRecipientsPerMessage: 1000,
    maxProtocolErrors: 20,
    maxLogonFailures: 3,
    maxInboundConnection: 5000,
    maxInboundConnectionPerSource: 5000,
    maxInboundConnectionPercentagePerSource: 100,
    connectionTimeoutMs: 600_000,
    connectionInactivityTimeoutMs: 300_000,
    tarpitIntervalMs: 0,
  };
}

/** In place of the header that the receiving stage writes in Exchange's words. Source: RFC 5321 §4.4, RFC 3848. */
function withOwnReceivedHeader({ content, session }: Submission, name: string, at: Date): Buffer {
  const { ehloName, remote, tls } = session;
  const how = tls ? `ESMTPS (${tls.protocol}, ${tls.cipher})` : "ESMTP";
  const hop = `from ${ehloName || "unknown"} ([${remote.address}]) by ${name} with ${how}; ${formatDate(at)}`;
  const text = content.toString("latin1", 0, 2048);
  const theirs = /^Received:[^\r\n]*\r\n(?:[ \t][^\r\n]*\r\n)*/.exec(text)?.[0].length ?? 0;
  return Buffer.concat([Buffer.from(foldHeader("Received", hop), "latin1"), content.subarray(theirs)]);
}
