import { type Clock, type Decision, type EventJournal, LabError, sessionIds, systemCodeOf } from "../base/index.ts";
import {
  createAuthenticator,
  judgePeer,
  parseCertificate,
  type Presentations,
  type ReplayCache,
  replayCache,
  selectInternalTransportCertificate,
  selectStartTlsCertificate,
  type StoredCertificate,
  verifyAuthenticator,
} from "../certificates/index.ts";
import {
  defaultTransportSettings,
  type ExchangeServer,
  type OrganizationView,
  type TransportSettings,
} from "../directory/index.ts";
import { type Names, smtpPort } from "../dns/index.ts";
import { type Endpoint, formatEndpoint } from "../smtp/index.ts";
import type { OpenChannel } from "../transport/mail-item.ts";
import { type Pipeline, startPipeline } from "../transport/pipeline.ts";
import type { QueueStore } from "../transport/queue/index.ts";
import { type Listener, type Presentation, type ReceiveServer, startListener } from "../transport/receive/index.ts";
import { relayTo, type SendServer } from "../transport/send/index.ts";
import type { Topology } from "./api.ts";
import { addressInUse } from "./errors.ts";
import type { LabEvent } from "./events.ts";
import type { InstalledServer } from "./install.ts";

/** What a Hub Transport role is made of. */
export interface HubModules {
  server: InstalledServer;
  options: Pick<Topology, "intraOrgTls" | "hubTrust">;
  /** NetBIOS domain name. */
  domain: string;
  clock: Clock;
  journal: EventJournal<LabEvent>;
  organization: OrganizationView;
  names: Names;
  presentations: Presentations;
  checkPassword: ReceiveServer["checkPassword"];
  sourceAddress: string | undefined;
  bindings: { default: Endpoint; client: Endpoint };
}

/** A Hub Transport role whose connectors listen; `begin` starts its queues once the directory knows it. */
export interface Hub {
  /** Where its connectors really listen. */
  bindings: { default: Endpoint; client: Endpoint };
  begin(store: QueueStore, openMailbox: OpenChannel): Pipeline;
  close(): Promise<void>;
}

/** Starts the listeners of a Hub Transport role. Throws ADDRESS_IN_USE. */
export async function startHub(modules: HubModules): Promise<Hub> {
  const { server, organization, clock, journal } = modules;
  const nextSessionId = sessionIds(clock.now());
  let pipeline: Pipeline | undefined;

  const receive = receiveServer(modules, nextSessionId, (submission) => {
    if (!pipeline) throw new Error(`${server.name} has no queue yet`);
    return pipeline.submit({ ...submission, source: "SMTP" });
  });
  const listeners = await listenAt(server.name, receive, modules.bindings);
  return {
    bindings: { default: listeners[0].endpoint, client: listeners[1].endpoint },
    begin(store, openMailbox) {
      pipeline = startPipeline({
        server,
        clock,
        journal,
        organization,
        settings: () => settingsOf(organization, server.name),
        store,
        openMailbox,
        openRelay: relayTo(sendServer(modules, nextSessionId), ({ nextHopDomain }) =>
          hubsOfSite(organization, nextHopDomain),
        ),
      });
      return pipeline;
    },
    async close() {
      await pipeline?.close();
      await Promise.all(listeners.map((listener) => listener.close()));
    },
  };
}

async function listenAt(
  name: string,
  receive: ReceiveServer,
  bindings: { default: Endpoint; client: Endpoint },
): Promise<[Listener, Listener]> {
  const listen = async (at: Endpoint): Promise<Listener> => {
    try {
      return await startListener(receive, at);
    } catch (failure) {
      const inUse = failure instanceof LabError && systemCodeOf(failure.cause) === "EADDRINUSE";
      throw inUse ? addressInUse(name, formatEndpoint(at)) : failure;
    }
  };
  const first = await listen(bindings.default);
  try {
    return [first, await listen(bindings.client)];
  } catch (failure) {
    await first.close();
    throw failure;
  }
}

const settingsOf = (organization: OrganizationView, name: string): TransportSettings =>
  organization.server(name)?.transport ?? defaultTransportSettings;

/** Every Hub of a site, in the order of their names: the list that the sender turns round. */
const hubsOfSite = (organization: OrganizationView, site: string): readonly ExchangeServer[] =>
  organization.servers().filter((server) => server.site === site && server.roles.includes("HubTransport"));

/** The receiving side: which certificates it presents, whom it believes, who takes its messages. */
function receiveServer(
  { server, domain, clock, journal, organization, presentations, checkPassword }: HubModules,
  nextSessionId: () => string,
  accept: ReceiveServer["accept"],
): ReceiveServer {
  let replay: ReplayCache | undefined;
  const presented = ({
    outcome,
    steps,
  }: Decision<StoredCertificate | undefined>): Decision<Presentation | undefined> => ({
    outcome: outcome && { certificate: outcome, secureContext: presentations.present(outcome, server.store) },
    steps,
  });
  return {
    name: server.name,
    fqdn: server.fqdn,
    domain,
    clock,
    journal,
    nextSessionId,
    connectors: () => organization.receiveConnectors(server.name),
    exchangeServer: (fqdn) => organization.serverByFqdn(fqdn),
    startTlsCertificate: (connector) =>
      presented(selectStartTlsCertificate(connector, server.fqdn, server.store.list(), clock.now())),
    internalCertificate: (connector) => {
      const published = organization.server(server.name)?.internalTransportCertificateThumbprint ?? null;
      return presented(selectInternalTransportCertificate(connector, published, server.store.list(), clock.now()));
    },
    checkPassword,
    async exchangeAuth(blob, session) {
      replay ??= replayCache();
      const { channelBinding, serverCertificateSha256 } = session;
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
    },
    isLocalDomain: (name) => organization.acceptedDomain(name) !== undefined,
    accept,
  };
}

/** The sending side: whom it trusts, and how it proves itself. */
function sendServer(
  { server, options, clock, journal, organization, names, presentations, sourceAddress }: HubModules,
  nextSessionId: () => string,
): SendServer {
  return {
    name: server.name,
    fqdn: server.fqdn,
    localAddress: sourceAddress,
    locate: (host) => names.locate(host, smtpPort),
    clock,
    journal,
    nextSessionId,
    protocolLoggingLevel: () => settingsOf(organization, server.name).intraOrgConnectorProtocolLoggingLevel,
    intraOrgTls: options.intraOrgTls,
    secureContext: () => presentations.clientSecureContext(),
    judge(target, presentedDer) {
      const now = organization.server(target.name) ?? target;
      const presented = presentedDer && parseCertificate(presentedDer);
      const rule =
        options.hubTrust === "exchange"
          ? { kind: "none" as const }
          : { kind: "direct-trust" as const, server: target.fqdn, published: publishedBy(now) };
      return judgePeer(presented, rule, { at: clock.now(), expectedName: target.fqdn });
    },
    authenticate(target, { channelBinding, serverCertificateSha256 }) {
      const authenticator = createAuthenticator({
        from: server.fqdn,
        to: target.fqdn,
        key: server.machineKey,
        channelBinding,
        serverCertificateSha256,
        now: clock.now(),
      });
      const { machineKey } = organization.server(target.name) ?? target;
      return {
        blob: authenticator.blob,
        checkAnswer: (answer) => machineKey !== null && authenticator.checkAnswer(answer, machineKey).outcome,
      };
    },
  };
}

const publishedBy = (server: ExchangeServer): { thumbprint: string; der: Buffer } | null =>
  server.internalTransportCertificate === null || server.internalTransportCertificateThumbprint === null
    ? null
    : {
        thumbprint: server.internalTransportCertificateThumbprint,
        der: Buffer.from(server.internalTransportCertificate, "base64"),
      };
