import { join } from "node:path";
import { createInterface } from "node:readline";
import process from "node:process";
import { connectRedis, EventJournal, heldClock, messageOf, openDatabase } from "../../src/base/index.ts";
import { authoritiesOf, openKeySource, presentations } from "../../src/certificates/index.ts";
import { followDirectory, objectChange, objectId, objectWrite } from "../../src/directory/index.ts";
import { redisDirectory } from "../../src/directory/redis-store.ts";
import { openZone } from "../../src/dns/index.ts";
import { installServer } from "../../src/lab/server/install.ts";
import { publish, serverWrites } from "../../src/lab/publish.ts";
import { startServer } from "../../src/lab/server/server.ts";
import { declaredTopology } from "./lab.ts";

/*
 * An Edge Transport server as a process of its own: `EDGE_DIRECTORY=<URL of its login> edge-process LAB NAME START FOLDER`.
 * It knows its own ADAM and nothing else. It prints one line of JSON once it listens, and one for each line it is given:
 * `export` (a subscription file), `evaluate SCRIPT KEY` (a Lua script run under its login), `quit`.
 */
const [lab = "", name = "", start = "", folder = ""] = process.argv.slice(2);
const say = (said: object): void => void process.stdout.write(`${JSON.stringify(said)}\n`);

const clock = heldClock(new Date(start));
const login = await connectRedis(process.env["EDGE_DIRECTORY"] ?? "");
const adam = redisDirectory(login, { lab, instance: `adam:${name}`, now: () => clock.now(), description: "its ADAM" });
const organization = await followDirectory(adam);
const topology = declaredTopology({
  organization: "proexchange",
  domains: ["proexchange.local"],
  sites: {},
  servers: { [name]: { roles: ["EdgeTransport"] } },
});
const [declared] = topology.servers;
if (!declared) throw new Error("nothing is declared");
const keys = openKeySource({ folder: join(folder, "keys"), mode: "p256" });
const authorities = authoritiesOf([]);
const installed = await installServer(declared, {
  dataFolder: folder,
  dnsSuffix: "perimeter.example",
  keys,
  at: clock.now(),
  authorities,
  servicesOfOne: ["IIS"],
  journal: new EventJournal(),
});
const database = openDatabase(join(folder, "queue"));
const anyPort = { address: "127.0.0.1", port: 0 };
const server = await startServer(installed, {
  topology,
  clock,
  labClock: clock,
  journal: new EventJournal(),
  organization,
  directory: adam,
  names: openZone(),
  database,
  keys,
  presentations: presentations(declared.tlsSettings),
  domain: "PERIMETER",
  dataFolder: folder,
  logsFolder: join(folder, "logs"),
  place: { smtp: anyPort, client: anyPort, edgeSync: anyPort, source: undefined },
});
const itself = objectWrite("organization", { name, dnsSuffix: "perimeter.example" });
await publish([itself, ...serverWrites(installed, server.bindings, organization)], adam, organization);
// Nobody waits for refusals here.
for (const connector of organization.receiveConnectors(name)) {
  const id = objectId("receiveConnector", connector);
  await organization.caughtUp(await adam.write([objectChange("receiveConnector", id, { tarpitIntervalMs: 0 })]));
}
await server.begin(() => undefined);
const edge = server.edgeSync?.role === "edge" ? server.edgeSync.edge : undefined;
if (!edge) throw new Error("this is no Edge server");
say({ fqdn: installed.fqdn, smtp: server.bindings[0], edgeSync: edge.endpoint });

for await (const line of createInterface({ input: process.stdin })) {
  const [word, ...rest] = line.split(" ");
  if (word === "quit") break;
  if (word === "export") say({ text: (await edge.exportSubscription()).text });
  if (word === "evaluate") {
    const key = rest.pop() ?? "";
    const found = login.evaluate(rest.join(" "), key === "-" ? [] : [key], []);
    say(
      await found.then(
        (answer) => ({ answer }),
        (failure: unknown) => ({ refusal: messageOf(failure) }),
      ),
    );
  }
}
await server.close();
organization.close();
await database.close();
await keys.close();
await login.close();
