import { mkdtemp, readdir, rm } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { once } from "node:events";
import { expect } from "chai";
import { heldClock, LabError } from "../../../src/base/index.ts";
import { type Authorities, type KeySource, openKeySource } from "../../../src/certificates/index.ts";
import { openZone, smtpPort, type Zone } from "../../../src/dns/index.ts";
import type { OutsideMessage } from "../../../src/lab/index.ts";
import { foundAuthorities } from "../../../src/lab/outside/authority-files.ts";
import { startWorld, type World } from "../../../src/lab/outside/world.ts";
import type { DeclaredWorld } from "../../../src/world/index.ts";
import { declaredHost } from "../world/world.ts";

const start = new Date("2008-05-12T10:00:00Z");

const declared: DeclaredWorld = {
  authorities: [
    { name: "Issuing", issuedBy: "Middle" },
    { name: "Middle", issuedBy: "Root" },
    { name: "Root", issuedBy: null },
  ],
  hosts: [
    declaredHost({ name: "mail.fabrikam.example", certificate: { issuer: "Issuing", names: [], flaw: null } }),
    declaredHost({
      name: "backup.fabrikam.example",
      domains: [
        { name: "Fabrikam.example", preference: 20 },
        { name: "woodgrove.example", preference: 10 },
      ],
    }),
    declaredHost({ name: "postfix.elsewhere.example", at: { address: "127.0.0.1", port: 2525 }, certificate: null }),
    declaredHost({
      name: "exim.elsewhere.example",
      domains: [{ name: "exim.example", preference: 10 }],
      at: { address: "127.0.0.1", port: 2526 },
      certificate: { issuer: "Issuing", names: [], flaw: null },
    }),
  ],
  attackers: [
    { name: "mallory", before: "mail.fabrikam.example", service: "smtp", does: "listen", fromTheStart: false },
    { name: "trudy", before: "EX1", service: "smtp", does: "strip-starttls", fromTheStart: true },
  ],
};

const message: OutsideMessage = {
  by: { kind: "host", host: "backup.fabrikam.example" },
  from: "dave@woodgrove.example",
  to: ["carol@fabrikam.example"],
  subject: "Hi",
  text: "Hello",
};

describe("the world of a lab", () => {
  let folder: string;
  let keys: KeySource;
  let names: Zone;
  let world: World;

  const begin = async (about: Partial<DeclaredWorld> = {}, port = 0): Promise<World> =>
    startWorld(
      { ...declared, ...about },
      {
        addresses: { placeOf: () => ({ address: "127.0.0.1", port }), sourceOf: () => undefined },
        names,
        clock: heldClock(start),
        keys,
        authorities: await foundAuthorities(declared, { keys, at: start, dataFolder: folder }),
        dataFolder: folder,
        fqdnOf: (server) => `${server}.proexchange.local`,
      },
    );
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "hubedge-lab-world-"));
    keys = openKeySource({ folder, mode: "p256" });
    names = openZone();
    world = await begin();
  });
  after(async () => {
    await world.close();
    await keys.close();
    await rm(folder, { recursive: true, force: true });
  });
  const rejection = async (promise: Promise<unknown>): Promise<string> => {
    const thrown: unknown = await promise.catch((failure: unknown) => failure);
    return thrown instanceof LabError ? thrown.code : "it did not";
  };

  it("founds every authority below the one that issues it, in whatever order they are declared", async () => {
    const authorities = await foundAuthorities(declared, { keys, at: start, dataFolder: folder });
    expect([...authorities.keys()]).to.deep.equal(["Issuing", "Middle", "Root"]);
    expect(authorities.get("Issuing")?.certificate.issuer).to.equal("CN=Middle");
    expect(authorities.get("Issuing")?.chain.map(({ subject }) => subject)).to.deep.equal(["CN=Issuing", "CN=Middle"]);
    expect(authorities.get("Root")?.certificate.selfSigned).to.equal(true);
  });

  it("keeps each authority in a folder of its own, whatever its name", async () => {
    const office = join(folder, "office");
    const named = ["..", "A/B", "C:\\D"].map((name) => ({ name, issuedBy: null }));
    const found = (): Promise<Authorities> =>
      foundAuthorities({ authorities: named }, { keys, at: start, dataFolder: office });
    const refused = await rejection(found());
    expect(refused).to.equal("CERT_NAME_UNUSABLE"); // the backslash
    named.pop();
    const first = await found();
    expect(await readdir(join(office, "world", "authorities"))).to.have.members(["%2E.", "A%2FB"]);
    const again = await found();
    const prints = (all: Authorities): string[] => [...all.values()].map(({ certificate }) => certificate.thumbprint);
    expect(prints(again)).to.deep.equal(prints(first));
  });

  it("names every host, also one that it does not start, and who takes a domain's mail, by preference", () => {
    const [mail] = world.outsideHosts();
    expect(names.locate("mail.fabrikam.example", smtpPort)).to.deep.equal(mail?.endpoint);
    expect(names.locate("postfix.elsewhere.example", smtpPort)).to.deep.equal({ address: "127.0.0.1", port: 2525 });
    expect(names.mailExchangers("fabrikam.example")).to.deep.equal([
      "mail.fabrikam.example",
      "backup.fabrikam.example",
    ]);
    expect(names.mailExchangers("elsewhere.example")).to.deep.equal(["postfix.elsewhere.example"]);
  });

  it("shows its hosts and attackers, what they present, and what it has made for those that it does not start", async () => {
    const [mail, , postfix, exim] = world.outsideHosts();
    expect(mail).to.deep.include({ name: "mail.fabrikam.example", domains: ["fabrikam.example"], ours: true });
    expect(mail?.certificates).to.have.length(1);
    expect(mail?.certificates[0]).to.deep.include({
      thumbprint: mail?.presents,
      issuer: "CN=Issuing",
      isSelfSigned: false,
    });
    expect(postfix).to.deep.include({ ours: false, presents: null, certificates: [] });
    expect(exim).to.deep.include({ ours: false, presents: null });
    expect(exim?.certificates.map(({ subject, issuer }) => [subject, issuer])).to.deep.equal([
      ["CN=exim.elsewhere.example", "CN=Issuing"],
    ]);
    expect(await readdir(join(folder, "world/exim.elsewhere.example/tls"))).to.include("certificate.pem");
    const attackers = world.attackers().map(({ name, before: target, present }) => [name, target, present]);
    expect(attackers).to.deep.equal([
      ["mallory", "mail.fabrikam.example", false],
      ["trudy", "EX1", true],
    ]);
    expect(names.locate("ex1.proexchange.local", smtpPort)).to.deep.equal(world.attackers()[1]?.endpoint);
  });

  it("sends by a host, and shows what lies at another", async () => {
    const outcome = await world.outsideSend(message, "backup.fabrikam.example");
    expect(outcome).to.deep.include({ accepted: ["carol@fabrikam.example"], refused: [] });
    expect(outcome.presented).to.equal(world.outsideHosts()[0]?.presents);
    expect(outcome.internetMessageId).to.match(/@backup\.fabrikam\.example>$/);
    const [found, ...more] = await world.delivered("Carol@fabrikam.example");
    expect(more).to.deep.equal([]);
    expect(found?.internetMessageId).to.equal(outcome.internetMessageId);
    expect(await world.delivered("carol@nowhere.example")).to.deep.equal([]);
  });

  it("sets and heals faults, and lets attackers come and go", async () => {
    await world.setHostFault("MAIL.fabrikam.example", { tls: "none" });
    expect((await world.outsideSend(message, "backup.fabrikam.example")).presented).to.equal(undefined);
    await world.setHostFault("mail.fabrikam.example", undefined);
    expect((await world.outsideSend(message, "backup.fabrikam.example")).presented).to.be.a("string");
    await world.setAttacker("mallory", true);
    await world.outsideSend(message, "backup.fabrikam.example");
    expect(await world.attackerHeard("mallory")).to.include("EHLO backup.fabrikam.example");
    await world.setAttacker("mallory", false);
    expect(world.attackers()[0]?.present).to.equal(false);
  });

  it("refuses what names nobody, or somebody that it has not started", async () => {
    expect(await rejection(world.setHostFault("mail.other.example", undefined))).to.equal("HOST_UNKNOWN");
    expect(await rejection(world.outsideSend(message, "mail.other.example"))).to.equal("HOST_UNKNOWN");
    expect(await rejection(world.setHostFault("postfix.elsewhere.example", {}))).to.equal("HOST_ELSEWHERE");
    expect(await rejection(world.outsideSend(message, "postfix.elsewhere.example"))).to.equal("HOST_ELSEWHERE");
    expect(await rejection(world.setAttacker("eve", true))).to.equal("ATTACKER_UNKNOWN");
    expect(await rejection(world.attackerHeard("eve"))).to.equal("ATTACKER_UNKNOWN");
  });

  it("leaves nothing behind when it cannot start, and nothing when it ends", async () => {
    const taken = await listening();
    const { port } = taken.address() as { port: number };
    expect(await rejection(begin({ attackers: [] }, port))).to.equal("WORLD_ADDRESS_IN_USE");
    taken.close();
    const one = { hosts: declared.hosts.slice(0, 1), attackers: [] };
    const first = await begin(one);
    const place = first.outsideHosts()[0]?.endpoint.port ?? 0;
    await first.close();
    await (await begin(one, place)).close();
  });
});

async function listening(): Promise<Server> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}
