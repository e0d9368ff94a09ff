import type { Decision } from "../../base/index.ts";
import {
  judgePeer,
  readPresented,
  type ReplayCache,
  replayCache,
  selectInternalTransportCertificate,
  selectStartTlsCertificate,
  type StoredCertificate,
  verifyAuthenticator,
} from "../../certificates/index.ts";
import type { ExchangeServer } from "../../directory/index.ts";
import { domainOf } from "../../smtp/index.ts";
import type { Presentation, ReceiveServer } from "../../transport/receive/index.ts";
import type { TransportModules } from "./transport.ts";

/** The receiving side of a transport server: what it presents, whom it believes, who takes its messages. */
export function receiveServer(
  modules: TransportModules,
  nextSessionId: () => string,
  accept: ReceiveServer["accept"],
): ReceiveServer {
  const { server, role, options, domain, clock, journal, organization, presentations, checkPassword } = modules;
  const presented = (
    { outcome, steps }: Decision<StoredCertificate | undefined>,
    present: (certificate: StoredCertificate) => Omit<Presentation, "certificate">,
  ): Decision<Presentation | undefined> => ({
    outcome: outcome && { certificate: outcome, ...present(outcome) },
    steps,
  });
  const withKey = (certificate: StoredCertificate): Omit<Presentation, "certificate"> => ({
    secureContext: presentations.present(certificate, server.store),
  });
  // Where the lab has such a certificate chosen: Enable-ExchangeCertificate is what lets the transport service read a key.
  const withKeyIfEnabled = (certificate: StoredCertificate): Omit<Presentation, "certificate"> =>
    certificate.services.includes("SMTP")
      ? withKey(certificate)
      : { secureContext: presentations.presentWithoutKey(certificate, server.store), keyWithheld: true };
  return {
    name: server.name,
    fqdn: server.fqdn,
    role,
    domain,
    clock,
    journal,
    nextSessionId,
    connectors: () => organization.receiveConnectors(server.name),
    exchangeServer: (fqdn) => organization.serverByFqdn(fqdn),
    startTlsCertificate(connector) {
      const { fqdn, store, trust } = server;
      const { disputed } = options;
      const selection = selectStartTlsCertificate(connector, fqdn, store.list(), clock.now(), trust, disputed);
      return presented(selection, withKeyIfEnabled);
    },
    internalCertificate: (connector) => {
      const published = organization.server(server.name)?.internalTransportCertificateThumbprint ?? null;
      const at = clock.now();
      return presented(selectInternalTransportCertificate(connector, published, server.store.list(), at), withKey);
    },
    judgeExchangePeer(peer, given) {
      const rule = { kind: "direct-trust" as const, server: peer.fqdn, published: publishedBy(peer) };
      return judgePeer(readPresented(given).presented, rule, { at: clock.now(), expectedName: peer.fqdn });
    },
    isSecuredDomain: (name) => isListed(organization.transportConfig().tlsReceiveDomainSecureList, name),
    judgePartner(name, given) {
      const { presented: leaf, chain } = readPresented(given);
      const domainName = { kind: "domain" as const, domain: name };
      const rule = { kind: "chain" as const, ...server.trust, name: domainName, peerIs: "client" as const };
      return judgePeer(leaf, rule, { at: clock.now(), chain });
    },
    checkPassword,
    exchangeAuth: exchangeAuthOf(modules),
    isLocalDomain: (name) => organization.acceptedDomain(name) !== undefined,
    isUnknownRecipient: (address) => role === "edge" && isUnknownTo(organization, address),
    accept,
  };
}

const isListed = (domains: readonly string[], domain: string): boolean =>
  domains.some((one) => one.toLowerCase() === domain.toLowerCase());

/**
 * An Edge server knows recipients only once they have been synchronized, and only those of authoritative domains.
 * Source: [aa997438], recipient lookup. Inferred: other domains' recipients are others' to know.
 */
function isUnknownTo(organization: TransportModules["organization"], address: string): boolean {
  if (!organization.edgeSyncPosition("Recipients")?.cookie) return false;
  const isOwn = organization.acceptedDomain(domainOf(address))?.domainType === "Authoritative";
  return isOwn && !organization.hasRecipient(address);
}

/** X-EXPS, held against this server's own session and directory. Ours: docs/fidelity.md#x-exps. */
function exchangeAuthOf({ server, organization, clock }: TransportModules): ReceiveServer["exchangeAuth"] {
  let replay: ReplayCache | undefined;
  return async (blob, { channelBinding, serverCertificateSha256 }) => {
    replay ??= replayCache();
    const found = verifyAuthenticator(blob, {
      self: server.fqdn,
      channelBinding,
      serverCertificateSha256,
      now: clock.now(),
      keyOf: (fqdn) => organization.serverByFqdn(fqdn)?.machineKey ?? undefined,
      key: server.machineKey,
      replay,
    });
    if (found.kind === "refused") return found;
    const peer = organization.serverByFqdn(found.from);
    return peer
      ? { kind: "accepted", server: peer.name, answer: found.answer }
      : { kind: "refused", error: "LogonDenied" };
  };
}

const publishedBy = (server: ExchangeServer): { thumbprint: string; der: Buffer } | null =>
  server.internalTransportCertificate === null || server.internalTransportCertificateThumbprint === null
    ? null
    : {
        thumbprint: server.internalTransportCertificateThumbprint,
        der: Buffer.from(server.internalTransportCertificate, "base64"),
      };
