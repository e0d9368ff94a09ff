import { createServer, connect, type Server, type Socket } from "node:net";
import { once } from "node:events";
import { setImmediate as soon } from "node:timers";
import { expect } from "chai";
import fc from "fast-check";
import { LabError } from "../../src/base/index.ts";
import { type Directory, type DirectoryWrite, defaultSendConnector, objectWrite } from "../../src/directory/index.ts";
import { edgeSyncPort } from "../../src/dns/index.ts";
import { planObject } from "../../src/edgesync/hub/plan.ts";
import type { Endpoint } from "../../src/smtp/index.ts";
import { mailboxObject, serverObject } from "../helpers/objects.ts";
import { minute, Pair, replicasOf, type TestEdge, type TestHub } from "../unit/edgesync/pair.ts";

/** Something that happens at one instant of a synchronization: when the Edge server uses its directory for the nth time. */
interface Trouble {
  at: number;
  kind: "edge dies before" | "edge dies after" | "hub dies" | "connection is cut";
}
type Event =
  | { kind: "write"; writes: readonly DirectoryWrite[] }
  | { kind: "synchronize"; hub: 0 | 1; force: boolean; trouble: Trouble | undefined }
  | { kind: "wait"; minutes: number };

const removalOr = <T>(write: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(write, { freq: 3 });
const numbered = (name: string, many: number) => fc.nat({ max: many - 1 }).map((index) => `${name}${index}`);
const written = (id: string, write: DirectoryWrite | null): DirectoryWrite => write ?? { id, remove: true };
const addresses = fc
  .uniqueArray(numbered("a", 4), { maxLength: 3 })
  .map((names) => names.map((name) => `${name}@proexchange.local`));

const mailbox = fc
  .tuple(numbered("user", 8), removalOr(fc.tuple(addresses, fc.boolean())))
  .map(([name, about]) =>
    written(
      `mailbox/${name}`,
      about &&
        objectWrite("mailbox", mailboxObject({ name, addresses: about[0], requireSenderAuthentication: about[1] })),
    ),
  );
const domain = fc
  .tuple(numbered("d", 4), removalOr(fc.constantFrom("Authoritative" as const, "ExternalRelay" as const)))
  .map(([name, domainType]) =>
    written(
      `acceptedDomain/${name}`,
      domainType && objectWrite("acceptedDomain", { name, domainName: name, domainType, default: false }),
    ),
  );
const server = fc
  .tuple(
    numbered("OTHER", 3),
    removalOr(
      fc.tuple(fc.constantFrom("SiteA", "SiteB"), fc.constantFrom("HubTransport" as const, "Mailbox" as const)),
    ),
  )
  .map(([name, about]) =>
    written(
      `server/${name}`,
      about && objectWrite("server", serverObject({ name, site: about[0], roles: [about[1]] })),
    ),
  );
const connector = fc
  .tuple(numbered("c", 2), removalOr(fc.subarray(["EDGE1", "HUB1"])))
  .map(([name, sourceTransportServers]) =>
    written(
      `sendConnector/${name}`,
      sourceTransportServers && objectWrite("sendConnector", { ...defaultSendConnector, name, sourceTransportServers }),
    ),
  );
const settings = fc.subarray(["x.example", "y.example"]).map((list) =>
  objectWrite("transportConfig", {
    tlsSendDomainSecureList: list,
    tlsReceiveDomainSecureList: [],
    internalSmtpServers: [],
  }),
);
const write = fc.oneof(
  { weight: 4, arbitrary: mailbox },
  { weight: 2, arbitrary: domain },
  server,
  connector,
  settings,
);

const trouble: fc.Arbitrary<Trouble> = fc.record({
  at: fc.integer({ min: 1, max: 60 }),
  kind: fc.constantFrom("edge dies before", "edge dies after", "hub dies", "connection is cut"),
});
const event: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("write" as const),
      writes: fc.array(write, { minLength: 1, maxLength: 12 }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant("synchronize" as const),
      hub: fc.constantFrom(0 as const, 1 as const),
      force: fc.boolean(),
      trouble: fc.option(trouble, { nil: undefined, freq: 4 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("wait" as const), minutes: fc.constantFrom(1, 6, 61) }) },
);

/** Passes on what it is given, until it is cut. */
class Wire {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  target: Endpoint | undefined;

  private constructor() {
    this.#server = createServer((client) => {
      const { target } = this;
      if (!target) return void client.destroy();
      const other = connect({ host: target.address, port: target.port });
      for (const [one, another] of [
        [client, other],
        [other, client],
      ] as const) {
        this.#sockets.add(one);
        one
          .on("error", () => {})
          .on("close", () => {
            this.#sockets.delete(one);
            another.destroy();
          });
        one.pipe(another);
      }
    });
  }

  static async open(): Promise<Wire> {
    const wire = new Wire();
    wire.#server.listen(0, "127.0.0.1");
    await once(wire.#server, "listening");
    return wire;
  }

  get endpoint(): Endpoint {
    return this.#server.address() as unknown as Endpoint;
  }

  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  close(): void {
    this.cut();
    this.#server.close();
  }
}

/** An Edge server and two Hubs, each of which may die at any instant and begin again on what it had written. */
class Mortals {
  readonly pair: Pair;
  readonly hubs: readonly TestHub[];
  readonly edge: TestEdge;
  readonly #wire: Wire;
  readonly #adam: Directory;
  #trouble: (Trouble & { hub: TestHub }) | undefined;
  #edgeIsDead = false;
  readonly #deadHubs = new Set<TestHub>();

  private constructor(pair: Pair, wire: Wire, hubs: readonly TestHub[], edge: TestEdge) {
    this.pair = pair;
    this.#wire = wire;
    this.hubs = hubs;
    this.edge = edge;
    this.#adam = edge.adam;
  }

  static async begin(): Promise<Mortals> {
    const pair = await Pair.open({ batchSize: 3 });
    const hubs = [await pair.hub("HUB1"), await pair.hub("HUB2")];
    const edge = await pair.edge();
    const mortals = new Mortals(pair, await Wire.open(), hubs, edge);
    await mortals.#reviveEdge();
    await pair.subscribe(edge, hubs[0] as TestHub);
    return mortals;
  }

  async synchronize(hub: TestHub, force: boolean, about: Trouble | undefined): Promise<string[]> {
    this.#trouble = about && { ...about, hub };
    const results = await hub.side.synchronize({ forceFullSync: force });
    this.#trouble = undefined;
    if (this.#edgeIsDead) await this.#reviveEdge();
    for (const dead of this.#deadHubs) dead.side = await this.pair.startHub(dead);
    this.#deadHubs.clear();
    return results.map(({ result }) => result);
  }

  async end(): Promise<void> {
    await this.pair.close();
    this.#wire.close();
  }

  async #reviveEdge(): Promise<void> {
    await this.edge.side.close();
    this.pair.unfollow(this.edge.organization);
    this.#edgeIsDead = false;
    this.edge.adam = this.#mortal(this.#adam);
    this.edge.organization = await this.pair.follow(this.edge.adam);
    this.edge.side = await this.pair.startEdge(this.edge);
    this.#wire.target = this.edge.side.endpoint;
    this.pair.names.setHost(this.edge.fqdn, edgeSyncPort, this.#wire.endpoint);
  }

  /** The directory as one life of the Edge server has it. */
  #mortal(directory: Directory): Directory {
    let dead = false;
    const using = async <T>(use: () => Promise<T>): Promise<T> => {
      if (dead) throw gone();
      const kind = this.#strikes();
      if (kind === "edge dies before" || kind === "edge dies after") {
        if (kind === "edge dies after") await use();
        dead = this.#edgeIsDead = true;
        soon(() => this.#wire.cut());
        throw gone();
      }
      return await use();
    };
    return {
      ...directory,
      write: (writes) => using(() => directory.write(writes)),
      readAll: (ids) => using(() => directory.readAll(ids)),
      objectsAfter: (...about) => using(() => directory.objectsAfter(...about)),
      read: (id) => (dead ? Promise.reject(gone()) : directory.read(id)),
      changesSince: (cookie) => (dead ? Promise.reject(gone()) : directory.changesSince(cookie)),
    };
  }

  #strikes(): Trouble["kind"] | undefined {
    if (!this.#trouble || --this.#trouble.at > 0) return undefined;
    const { kind, hub } = this.#trouble;
    this.#trouble = undefined;
    if (kind === "hub dies") {
      this.#deadHubs.add(hub);
      hub.side.abandon();
    } else if (kind === "connection is cut") this.#wire.cut();
    return kind;
  }
}

const gone = (): LabError => new LabError("DIRECTORY_UNREACHABLE", "The process has died", { remedy: "none" });

/** What the Edge server is to hold, by what Active Directory holds. */
async function wanted({ ad }: Pair): Promise<Map<string, unknown>> {
  const { changes } = await ad.changesSince(undefined);
  return new Map(
    changes.flatMap((change) => {
      const planned =
        change.kind === "changed" ? planObject(change.object, { name: "EDGE1", site: "SiteA" }) : undefined;
      return !planned || "remove" in planned || planned.id === "server/EDGE1"
        ? []
        : [[planned.id, planned.set] as const];
    }),
  );
}

describe("EdgeSync, whatever happens to whom and when,", function () {
  this.timeout(60_000);

  it("converges: at the end the Edge server holds what Active Directory makes of it, and nothing else", async () => {
    const property = fc.asyncProperty(fc.array(event, { maxLength: 14, size: "max" }), async (events) => {
      const mortals = await Mortals.begin();
      const { pair, hubs, edge } = mortals;
      try {
        for (const one of events) {
          if (one.kind === "write") await pair.write(...one.writes);
          else if (one.kind === "wait") await pair.advance(one.minutes * minute);
          else await mortals.synchronize(hubs[one.hub] as TestHub, one.force, one.trouble && { ...one.trouble });
        }
        await pair.settle();
        await pair.advance(10 * minute); // whoever died had the lock for five
        for (const hub of hubs) await mortals.synchronize(hub, false, undefined);
        for (const hub of hubs) {
          expect(await mortals.synchronize(hub, false, undefined)).to.deep.equal(["Success", "Success"]);
        }
        const held = await replicasOf(edge);
        expect(Object.fromEntries(held)).to.deep.equal(Object.fromEntries(await wanted(pair)));
        const positions = edge.organization.objects("edgeSyncPosition");
        expect(positions.map(({ full }) => full)).to.deep.equal([null, null, null]);
        const names = edge.organization.objects("replicationAccount").map(({ userName }) => userName);
        expect(names).to.deep.equal(["ESRA.EDGE1.HUB1.0", "ESRA.EDGE1.HUB2.0"]);
      } finally {
        await mortals.end();
      }
    });
    await fc.assert(property, { numRuns: 8 });
  });
});
