import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ApplicationEvent, type DecisionRecord, heldClock, type LabClock } from "../../../src/base/index.ts";
import {
  type CertificateStore,
  defaultTlsSettings,
  openCertificateStore,
  presentations,
  type StoredCertificate,
} from "../../../src/certificates/index.ts";
import {
  type Directory,
  type DirectoryWrite,
  type ExchangeServer,
  followDirectory,
  type LocalCopy,
  objectChange,
  objectWrite,
  serverId,
} from "../../../src/directory/index.ts";
import { edgeSyncPort, openZone, type Zone } from "../../../src/dns/index.ts";
import {
  defaultEdgeSyncSchedule,
  type DirectoryChangeRecord,
  type EdgeSide,
  type EdgeSyncSchedule,
  type HubSide,
  startEdgeSide,
  startHubSide,
} from "../../../src/edgesync/index.ts";
import { serverObject } from "../../helpers/objects.ts";
import { type MadeCertificate, makeCertificate } from "../certificates/make.ts";
import { MemoryStore } from "./memory-directory.ts";

export type Reported = ApplicationEvent | DecisionRecord | DirectoryChangeRecord;

/** A server of the pair: its store, and what it has reported. */
interface TestServer {
  name: string;
  fqdn: string;
  store: CertificateStore;
  reported: Reported[];
}
export interface TestHub extends TestServer {
  site: string;
  side: HubSide;
}
export interface TestEdge extends TestServer {
  adam: Directory;
  organization: LocalCopy;
  side: EdgeSide;
}

type OpenStore = (instance: string, now: () => Date) => Promise<Directory>;
interface PairOptions {
  /** When the servers' certificates expire. */
  certificatesUntil?: Date;
  schedule?: Partial<EdgeSyncSchedule>;
  /** Default: in memory. */
  openStore?: OpenStore;
  /** Changes in one step. */
  batchSize?: number;
}

export const start = new Date("2008-05-12T10:00:00.000Z");
export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;

const domain = "proexchange.local";
const certificates = new Map<string, Promise<MadeCertificate>>();

/** An organization with Hubs, and Edge servers beside it, each with a directory of its own; real HTTPS between them. */
export class Pair {
  readonly clock: LabClock = heldClock(start);
  readonly names: Zone = openZone();
  readonly schedule: EdgeSyncSchedule;
  readonly hubs = new Map<string, TestHub>();
  readonly edges = new Map<string, TestEdge>();
  readonly #folder = mkdtempSync(join(tmpdir(), "hubedge-test-"));
  readonly #copies: LocalCopy[] = [];
  readonly #openStore: OpenStore | undefined;
  ad!: Directory;
  organization!: LocalCopy;

  readonly #certificatesUntil: Date;
  /** How many certificates each server has had. */
  readonly #certified = new Map<string, number>();
  readonly #batch: { batchSize?: number };

  private constructor({
    schedule = {},
    openStore,
    batchSize,
    certificatesUntil = new Date("2009-01-01"),
  }: PairOptions) {
    this.#batch = batchSize === undefined ? {} : { batchSize };
    this.#certificatesUntil = certificatesUntil;
    this.schedule = { ...defaultEdgeSyncSchedule, ...schedule };
    this.#openStore = openStore;
  }

  /** With SiteA and SiteB, and no server yet. */
  static async open(options: PairOptions = {}): Promise<Pair> {
    const pair = new Pair(options);
    pair.ad = await pair.openStore("ad");
    await pair.ad.write([
      objectWrite("organization", { name: "proexchange", dnsSuffix: domain }),
      objectWrite("site", { name: "SiteA", hubSiteEnabled: false }),
      objectWrite("site", { name: "SiteB", hubSiteEnabled: false }),
      objectWrite("acceptedDomain", { name: domain, domainName: domain, domainType: "Authoritative", default: true }),
    ]);
    pair.organization = await pair.follow(pair.ad);
    return pair;
  }

  async openStore(instance: string): Promise<Directory> {
    const now = () => this.clock.now();
    return this.#openStore ? await this.#openStore(instance, now) : new MemoryStore(now).open();
  }

  async follow(directory: Directory): Promise<LocalCopy> {
    const copy = await followDirectory(directory);
    this.#copies.push(copy);
    return copy;
  }

  unfollow(copy: LocalCopy): void {
    copy.close();
    this.#copies.splice(this.#copies.indexOf(copy), 1);
  }

  async hub(name: string, site = "SiteA"): Promise<TestHub> {
    const store = await this.#newStore(name);
    const fqdn = `${name}.${domain}`;
    await this.ad.write([
      objectWrite("server", serverObject({ name, fqdn, site, ...publishing(await this.#certify(store, name, fqdn)) })),
    ]);
    const hub = { name, fqdn, site, store, reported: [] as Reported[] };
    const started = { ...hub, side: await this.startHub(hub) };
    this.hubs.set(name, started);
    return started;
  }

  /** The EdgeSync service of a Hub, with a copy of the directory of its own. */
  async startHub(hub: Omit<TestHub, "side">, directory = this.ad, names: Zone = this.names): Promise<HubSide> {
    return startHubSide({
      server: hub,
      localAddress: undefined,
      clock: this.clock,
      journal: { report: (event) => void hub.reported.push(event) },
      directory,
      organization: await this.follow(directory),
      store: hub.store,
      presentations: presentations(defaultTlsSettings),
      names,
      schedule: this.schedule,
      ...this.#batch,
    });
  }

  async edge(name = "EDGE1"): Promise<TestEdge> {
    const store = await this.#newStore(name);
    const fqdn = `${name}.perimeter.example`;
    const adam = await this.openStore(`adam:${name}`);
    await adam.write([
      objectWrite("organization", { name, dnsSuffix: "perimeter.example" }),
      objectWrite("server", edgeObject(name, fqdn, await this.#certify(store, name, fqdn))),
      objectWrite("acceptedDomain", {
        name: "own",
        domainName: "own.example",
        domainType: "Authoritative",
        default: true,
      }),
    ]);
    const edge = { name, fqdn, store, reported: [] as Reported[], adam, organization: await this.follow(adam) };
    const started = { ...edge, side: await this.startEdge(edge) };
    this.edges.set(name, started);
    return started;
  }

  async startEdge(edge: Omit<TestEdge, "side">): Promise<EdgeSide> {
    const side = await startEdgeSide({
      server: edge,
      at: { address: "127.0.0.1", port: 0 },
      clock: this.clock,
      journal: { report: (event) => void edge.reported.push(event) },
      adam: edge.adam,
      organization: edge.organization,
      store: edge.store,
      presentations: presentations(defaultTlsSettings),
      schedule: this.schedule,
      ...this.#batch,
    });
    this.names.setHost(edge.fqdn, edgeSyncPort, side.endpoint);
    return side;
  }

  /** The whole ceremony: exported, carried over, imported. */
  async subscribe(edge: TestEdge, hub: TestHub, site = hub.site): Promise<void> {
    const { text } = await edge.side.exportSubscription();
    await this.import(hub, text, site);
  }

  async import(hub: TestHub, text: string, site = hub.site): Promise<void> {
    await hub.side.importSubscription(text, {
      site,
      createInternetSendConnector: true,
      createInboundSendConnector: true,
    });
    await this.settle();
  }

  /** Writes to Active Directory, and waits until everybody has heard. */
  async write(...writes: DirectoryWrite[]): Promise<void> {
    await this.ad.write(writes);
    await this.settle();
  }

  /** How far a directory has come. */
  async usnOf(directory: Directory): Promise<number> {
    return (await directory.objectsAfter(Number.MAX_SAFE_INTEGER, { kinds: [], limit: 1 })).cookie.usn;
  }

  /** Until every copy shows what its directory holds, and nothing is busy. */
  async settle(): Promise<void> {
    for (let calm = false; !calm;) {
      const before = await this.#stand();
      const cookies = await Promise.all(
        [this.ad, ...[...this.edges.values()].map(({ adam }) => adam)].map((one) => one.changesSince(undefined)),
      );
      await Promise.all(
        this.#copies.map((copy) =>
          Promise.all(
            cookies
              .filter(({ cookie }) => cookie.invocationId === copy.cookie.invocationId)
              .map(({ cookie }) => copy.caughtUp(cookie)),
          ),
        ),
      );
      await this.clock.quiet();
      calm = before === (await this.#stand());
    }
  }

  async #stand(): Promise<string> {
    const stores = [this.ad, ...[...this.edges.values()].map(({ adam }) => adam)];
    const stands = await Promise.all(
      stores.map((one) => one.objectsAfter(Number.MAX_SAFE_INTEGER, { kinds: [], limit: 1 })),
    );
    return stands.map(({ cookie }) => `${cookie.invocationId} ${cookie.usn}`).join();
  }

  async advance(byMs: number): Promise<void> {
    await this.clock.advance(new Date(this.clock.now().getTime() + byMs));
  }

  /** Gives a server a new internal transport certificate, as New-ExchangeCertificate does, and publishes it in `directory`. */
  async renew(server: TestServer, directory: Directory, { keepOld = true } = {}): Promise<StoredCertificate> {
    const old = server.store.list();
    const certificate = await this.#certify(server.store, server.name, server.fqdn);
    if (!keepOld) for (const { thumbprint } of old) await server.store.remove(thumbprint);
    await directory.write([objectChange("server", serverId(server.name), publishing(certificate))]);
    await this.settle();
    return certificate;
  }

  async close(): Promise<void> {
    for (const { side } of this.hubs.values()) side.abandon();
    for (const { side } of this.edges.values()) await side.close();
    await this.clock.quiet();
    this.clock.stop();
    for (const copy of this.#copies) copy.close();
    rmSync(this.#folder, { recursive: true });
  }

  /** A certificate for a server, in its store; the same for the nth of a server in every test, since it takes its time. */
  async #certify(store: CertificateStore, name: string, fqdn: string): Promise<StoredCertificate> {
    const number = this.#certified.get(name) ?? 0;
    this.#certified.set(name, number + 1);
    const to = this.#certificatesUntil.toISOString();
    const key = `${fqdn} ${number} ${to}`;
    const made = certificates.get(key) ?? makeCertificate({ commonName: name, names: [name, fqdn], to });
    certificates.set(key, made);
    const { certificate, keyPair } = await made;
    return await store.add(certificate, {
      key: keyPair,
      services: ["SMTP"],
      friendlyName: "Microsoft Exchange",
      privateKeyExportable: false,
      rootCaType: "None",
    });
  }

  async #newStore(name: string): Promise<CertificateStore> {
    return await openCertificateStore(join(this.#folder, "stores", name));
  }
}

const publishing = (
  certificate: StoredCertificate,
): Pick<ExchangeServer, "internalTransportCertificate" | "internalTransportCertificateThumbprint"> => ({
  internalTransportCertificate: Buffer.from(certificate.der).toString("base64"),
  internalTransportCertificateThumbprint: certificate.thumbprint,
});

const edgeObject = (name: string, fqdn: string, certificate: StoredCertificate): ExchangeServer =>
  serverObject({
    name,
    fqdn,
    site: null,
    roles: ["EdgeTransport"],
    ...publishing(certificate),
    edge: {
      adamSslPort: edgeSyncPort,
      subscriptionEffectiveDate: null,
      productId: "00000-000-0000000-00000",
      serialNumber: "Version 8.1 (Build 240.6)",
    },
  });

/** What ADAM holds, by id, without what is its own. */
export async function replicasOf({ adam, name }: TestEdge): Promise<Map<string, Record<string, unknown>>> {
  const { changes } = await adam.changesSince(undefined);
  const own = ["organization", "receiveConnector", "replicationAccount", "edgeSyncLease", "edgeSyncPosition"];
  return new Map(
    changes.flatMap((change) => {
      if (change.kind === "removed" || own.includes(change.object.kind) || change.object.id === serverId(name))
        return [];
      const { edgeSyncGeneration: _, ...attributes } = change.object.attributes;
      return [[change.object.id, attributes] as const];
    }),
  );
}

export const eventsOf = ({ reported }: { reported: readonly Reported[] }): [number, ...string[]][] =>
  reported.flatMap((one) => (one.kind === "event" ? [[one.id, ...one.parameters] as [number, ...string[]]] : []));
