import { expect } from "chai";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectRedis, type Database, openDatabase, type RedisConnection } from "../../../src/base/index.ts";
import { embeddedDirectory } from "../../../src/directory/embedded-store.ts";
import { type Directory, objectChange, objectWrite } from "../../../src/directory/index.ts";
import { redisDirectory } from "../../../src/directory/redis-store.ts";
import { mailboxObject } from "../../helpers/objects.ts";
import { TestRedis } from "../directory/test-redis.ts";
import { hour, minute, Pair, replicasOf } from "./pair.ts";

type OpenStore = (instance: string, now: () => Date) => Promise<Directory>;

/** The same story on each store that a lab may have. */
function describeOn(
  name: string,
  open: (context: Mocha.Context) => Promise<OpenStore>,
  close: () => Promise<void>,
): void {
  describe(`EdgeSync on ${name}`, () => {
    let openStore: OpenStore;
    before(async function () {
      openStore = await open(this);
    });
    after(() => close());

    it("subscribes, synchronizes in full and by what changed, takes over and ends", async () => {
      const pair = await Pair.open({ openStore });
      try {
        const [hub1, hub2] = [await pair.hub("HUB1"), await pair.hub("HUB2")];
        const edge = await pair.edge();
        await pair.subscribe(edge, hub1);
        await pair.write(
          ...Array.from({ length: 700 }, (_, index) => objectWrite("mailbox", mailboxObject({ name: `user${index}` }))),
        );
        const [first] = await hub1.side.synchronize({});
        expect(first).to.include({ result: "Success", added: 700, scanned: 700 });
        await pair.write(
          { id: "mailbox/user1", remove: true },
          objectChange("mailbox", "mailbox/user2", { addresses: ["other@proexchange.local"] }),
        );
        await pair.advance(5 * minute);
        const [second] = await hub2.side.synchronize({});
        expect(second).to.include({ result: "Success", added: 0, updated: 1, deleted: 1, scanned: 2 });
        const [third] = await hub1.side.synchronize({ forceFullSync: true });
        expect(third).to.include({
          result: "Success",
          added: 0,
          updated: 0,
          deleted: 0,
          scanned: 699,
          targetScanned: 699,
        });
        await pair.advance(5 * hour);
        const [status] = await hub1.side.test({ compare: true, excludeRecipients: false, maxReportSize: 10 });
        expect(status).to.deep.include({ syncStatus: "Normal", recipientStatus: "Synchronized", differences: [] });
        await edge.side.removeSubscription();
        expect((await replicasOf(edge)).size).to.equal(0);
      } finally {
        await pair.close();
      }
    });
  });
}

let folder: string;
const databases: Database[] = [];
describeOn(
  "embedded LMDB",
  async () => {
    folder = mkdtempSync(join(tmpdir(), "hubedge-test-"));
    return async (instance, now) => {
      const database = openDatabase(join(folder, instance.replace(":", "-")));
      databases.push(database);
      return await embeddedDirectory(database, { instance, now, fresh: false });
    };
  },
  async () => {
    for (const database of databases) await database.close();
    rmSync(folder, { recursive: true });
  },
);

let redis: TestRedis | undefined;
const connections: RedisConnection[] = [];
describeOn(
  "Redis",
  async (context) => {
    const running = await TestRedis.start(context);
    redis = running;
    return async (instance, now) => {
      const connection = await connectRedis(running.url);
      connections.push(connection);
      return redisDirectory(connection, { lab: "edgesync", instance, now, description: "Redis for tests" });
    };
  },
  async () => {
    for (const connection of connections) await connection.close();
    await redis?.close();
  },
);
