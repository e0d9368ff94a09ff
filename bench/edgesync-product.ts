import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { type ApplicationEvent, type DecisionRecord, EventJournal, runningClock } from "../src/base/index.ts";
import {
  type CertificateStore,
  defaultTlsSettings,
  installDefaultCertificate,
  type KeySource,
  openCertificateStore,
  openKeySource,
  presentations,
} from "../src/certificates/index.ts";
import {
  defaultTransportSettings,
  type Directory,
  type ExchangeServer,
  followDirectory,
  objectWrite,
  openDirectory,
  type ServerRole,
} from "../src/directory/index.ts";
import { edgeSyncPort, openZone } from "../src/dns/index.ts";
import {
  defaultEdgeSyncSchedule,
  type DirectoryChangeRecord,
  startEdgeSide,
  startHubSide,
  type SynchronizationResult,
} from "../src/edgesync/index.ts";
import { edgeName, lab } from "./edgesync-recipients.ts";

/** A Hub and an Edge server that is subscribed to its site and has heard nothing yet. */
export interface SubscribedPair {
  ad: Directory;
  adam: Directory;
  /** As Start-EdgeSynchronization on the Hub: what became of the recipients. */
  synchronize(): Promise<SynchronizationResult>;
  /** Resolves once the Hub knows of all that was written to Active Directory. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/**
 * The product as a lab has it, in one process: both directories in a real store, followed by their servers' copies, and
 * real HTTPS between them. Composed here, because a lab gives nobody its directories to write mailboxes into.
 */
export async function openSubscribedPair(store: "embedded" | "redis", folder: string): Promise<SubscribedPair> {
  const clock = runningClock(new Date());
  const opened = await openDirectory({
    choice: store,
    redisUrl: undefined,
    lab,
    dataFolder: folder,
    path: process.env["PATH"] ?? "",
    probe: [],
    now: () => clock.now(),
    fresh: true,
  });
  const ad = opened.directory;
  const { directory: adam } = await opened.openAdam(edgeName);
  const keys = openKeySource({ folder: join(tmpdir(), "hubedge-bench-keys"), mode: "cached" });
  const hub = await install({ name: "HUB1", site: "SiteA", role: "HubTransport" }, folder, keys);
  const edge = await install({ name: edgeName, site: null, role: "EdgeTransport" }, folder, keys);
  await keys.close();
  const organization = { name: "bench", dnsSuffix: "bench.example" };
  await ad.write([
    objectWrite("organization", organization),
    objectWrite("site", { name: "SiteA", hubSiteEnabled: false }),
    objectWrite("acceptedDomain", {
      name: "bench.example",
      domainName: "bench.example",
      domainType: "Authoritative",
      default: true,
    }),
    objectWrite("server", hub.server),
  ]);
  await adam.write([objectWrite("organization", organization), objectWrite("server", edge.server)]);

  const names = openZone();
  const journal = new EventJournal<ApplicationEvent | DecisionRecord | DirectoryChangeRecord>();
  const common = {
    clock,
    journal,
    presentations: presentations(defaultTlsSettings),
    schedule: defaultEdgeSyncSchedule,
  };
  const copyOfAdam = await followDirectory(adam);
  const copyOfAd = await followDirectory(ad);
  const edgeSide = await startEdgeSide({
    ...common,
    server: edge.server,
    at: { address: "127.0.0.1", port: 0 },
    adam,
    organization: copyOfAdam,
    store: edge.store,
  });
  names.setHost(edge.server.fqdn, edgeSyncPort, edgeSide.endpoint);
  const hubSide = startHubSide({
    ...common,
    server: { name: "HUB1", fqdn: hub.server.fqdn, site: "SiteA" },
    localAddress: undefined,
    directory: ad,
    organization: copyOfAd,
    store: hub.store,
    names,
  });
  const { text } = await edgeSide.exportSubscription();
  await hubSide.importSubscription(text, {
    site: "SiteA",
    createInternetSendConnector: true,
    createInboundSendConnector: true,
  });
  await clock.quiet();
  return {
    ad,
    adam,
    async synchronize() {
      const results = await hubSide.synchronize({});
      const failed = results.find(({ result }) => result !== "Success");
      if (failed) throw new Error(`${failed.type}: ${failed.result}, ${failed.failureDetails}`);
      return results.find(({ type }) => type === "Recipients") as SynchronizationResult;
    },
    async settled() {
      const { cookie } = await ad.objectsAfter(Number.MAX_SAFE_INTEGER, { kinds: [], limit: 1 });
      await copyOfAd.caughtUp(cookie);
    },
    async close() {
      await hubSide.close();
      await edgeSide.close();
      clock.stop();
      copyOfAd.close();
      copyOfAdam.close();
      await opened.close();
    },
  };
}

/** What Setup would leave: a store with its self-signed certificate, and the server's object that publishes it. */
async function install(
  { name, site, role }: { name: string; site: string | null; role: ServerRole },
  folder: string,
  keys: KeySource,
): Promise<{ server: ExchangeServer; store: CertificateStore }> {
  const fqdn = `${name}.bench.example`;
  const store = await openCertificateStore(join(folder, "servers", name, "certificates"));
  const certificate = await installDefaultCertificate(store, { name, fqdn, services: ["SMTP"] }, keys, new Date());
  const server: ExchangeServer = {
    name,
    fqdn,
    site,
    roles: [role],
    internalTransportCertificate: Buffer.from(certificate.der).toString("base64"),
    internalTransportCertificateThumbprint: certificate.thumbprint,
    machineKey: null,
    transport: defaultTransportSettings,
    edge:
      role === "EdgeTransport"
        ? { adamSslPort: edgeSyncPort, subscriptionEffectiveDate: null, productId: "", serialNumber: "" }
        : null,
  };
  return { server, store };
}
