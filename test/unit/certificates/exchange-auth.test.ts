import { once } from "node:events";
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, createSecureContext, type SecureContext, TLSSocket } from "node:tls";
import { expect } from "chai";
import {
  createAuthenticator,
  newMachineKey,
  openMachineKey,
  replayCache,
  verifyAuthenticator,
} from "../../../src/certificates/index.ts";
import { makeCertificate } from "./make.ts";

const now = new Date("2008-06-01T12:00:00Z");
const minutes = (count: number): Date => new Date(now.getTime() + count * 60_000);
const session = { channelBinding: Buffer.alloc(32, 7), serverCertificateSha256: "AB".repeat(32), now };
const sender = newMachineKey();
const receiver = newMachineKey();
const stranger = newMachineKey();
const names = { from: "ex2.contoso.com", to: "ex1.contoso.com" };

const create = (
  changes: Partial<Parameters<typeof createAuthenticator>[0]> = {},
): ReturnType<typeof createAuthenticator> => createAuthenticator({ ...session, ...names, key: sender, ...changes });
const verify = (
  blob: string,
  changes: Partial<Parameters<typeof verifyAuthenticator>[1]> = {},
): ReturnType<typeof verifyAuthenticator> =>
  verifyAuthenticator(blob, {
    ...session,
    self: names.to,
    key: receiver,
    keyOf: (fqdn) => (fqdn === names.from ? sender.publicKey : undefined),
    replay: replayCache(),
    ...changes,
  });
const refusal = (result: ReturnType<typeof verifyAuthenticator>): string =>
  result.kind === "refused" ? result.steps.map(({ text }) => text).join() : "accepted";

describe("the X-EXPS authenticator", () => {
  it("is one line of base64 of less than 1000 characters", () => {
    expect(create().blob).to.match(/^[A-Za-z0-9+/]+=*$/);
    const long = "a-rather-long-name.in-a-child-domain.of-some-organization.example";
    expect(create({ from: `ex2.${long}`, to: `ex1.${long}` }).blob.length).to.be.below(1000);
  });

  it("tells the receiver who sends, and the sender that the receiver is genuine", () => {
    const { blob, checkAnswer } = create();
    const result = verify(blob);
    expect(result).to.include({ kind: "accepted", from: names.from });
    expect(result.kind === "accepted" && checkAnswer(result.answer, receiver.publicKey).outcome).to.equal(true);
  });

  it("does not depend on the case in which a server's name is written", () => {
    expect(verify(create({ to: "EX1.Contoso.Com" }).blob).kind).to.equal("accepted");
  });

  it("is refused where it was not made for", () => {
    const refusals: [Parameters<typeof create>[0], Parameters<typeof verify>[1], RegExp][] = [
      [{ channelBinding: Buffer.alloc(32, 8) }, {}, /LogonDenied: it was made for another TLS session/],
      [{ serverCertificateSha256: "CD".repeat(32) }, {}, /LogonDenied: its maker saw another server certificate/],
      [{ to: "ex3.contoso.com" }, {}, /LogonDenied: it was made for ex3.contoso.com/],
      [{ from: "ex9.contoso.com" }, {}, /LogonDenied: the directory has no key for ex9.contoso.com/],
      [{ key: stranger }, {}, /LogonDenied: it is not signed with the key of ex2.contoso.com/],
      [{}, { now: minutes(5) }, /LogonDenied: it expired at 2008-06-01T12:05:00.000Z/],
      [{ now: minutes(5.1) }, {}, /LogonDenied: its maker's clock is more than 5 minutes ahead/],
      [{}, { keyOf: () => "no key" }, /LogonDenied: it is not signed/],
    ];
    for (const [made, checked, why] of refusals) expect(refusal(verify(create(made).blob, checked))).to.match(why);
  });

  it("bears clocks that differ by less than five minutes, either way", () => {
    expect(verify(create({ now: minutes(4.9) }).blob).kind).to.equal("accepted");
    expect(verify(create({ now: minutes(-4.9) }).blob).kind).to.equal("accepted");
  });

  it("is accepted once only", () => {
    const replay = replayCache();
    const { blob } = create();
    expect(verify(blob, { replay }).kind).to.equal("accepted");
    expect(refusal(verify(blob, { replay }))).to.match(/LogonDenied: it was used before/);
    expect(verify(create().blob, { replay }).kind).to.equal("accepted");
  });

  it("does not use up the nonce of an authenticator that is refused for something else", () => {
    const replay = replayCache();
    const { blob } = create();
    verify(blob, { replay, channelBinding: Buffer.alloc(32, 9) });
    expect(verify(blob, { replay }).kind).to.equal("accepted");
  });

  it("is told from what is none, and from one of another purpose", () => {
    const answer = verify(create().blob);
    for (const blob of [
      "",
      "!",
      "AAAA",
      Buffer.alloc(200).toString("base64"),
      answer.kind === "accepted" ? answer.answer : "",
    ]) {
      expect(verify(blob)).to.include({ kind: "refused", error: "IllegalMessage" });
    }
    const bytes = Buffer.from(create().blob, "base64");
    const other = bytes.subarray(64).toString().replace("authenticator", "answer");
    const blob = Buffer.concat([bytes.subarray(0, 64), Buffer.from(other)]).toString("base64");
    expect(verify(blob)).to.include({ kind: "refused", error: "UnexpectedExchangeAuthBlob" });
  });

  it("is answered for itself alone: neither another's answer nor another's key will do", () => {
    const first = create();
    const second = create();
    const result = verify(first.blob);
    const answer = result.kind === "accepted" ? result.answer : "";
    expect(first.checkAnswer(answer, receiver.publicKey).outcome).to.equal(true);
    expect(second.checkAnswer(answer, receiver.publicKey).outcome).to.equal(false);
    expect(first.checkAnswer(answer, stranger.publicKey).outcome).to.equal(false);
    expect(first.checkAnswer(first.blob, receiver.publicKey).outcome).to.equal(false);
    expect(first.checkAnswer("", receiver.publicKey).outcome).to.equal(false);
    expect(first.checkAnswer(answer, "").outcome).to.equal(false);
  });
});

describe("the X-EXPS authenticator over real TLS", () => {
  for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
    it(`holds in the ${version} session it was made in, and in no other`, async () => {
      const { keyPair, pem } = await makeCertificate();
      const secureContext = createSecureContext({
        key: keyPair.privateKeyPem,
        cert: pem,
        minVersion: version,
        maxVersion: version,
      });
      const [one, other] = [await shakeHands(secureContext), await shakeHands(secureContext)];
      expect(one.server).to.deep.equal(one.client);
      const { blob } = create({ channelBinding: one.client });
      expect(verify(blob, { channelBinding: one.server }).kind).to.equal("accepted");
      expect(refusal(verify(blob, { channelBinding: other.server }))).to.match(/another TLS session/);
    });
  }

  /** What each end of one TLS session exports. */
  const shakeHands = async (secureContext: SecureContext): Promise<{ server: Buffer; client: Buffer }> => {
    const listener = createServer().listen(0, "127.0.0.1");
    await once(listener, "listening");
    const client = connect({
      host: "127.0.0.1",
      port: (listener.address() as AddressInfo).port,
      rejectUnauthorized: false,
    });
    const [plain] = (await once(listener, "connection")) as [Socket];
    const server = new TLSSocket(plain, { isServer: true, secureContext });
    await Promise.all([once(client, "secureConnect"), once(server, "secure")]);
    const exported = [server, client].map((end) =>
      end.exportKeyingMaterial(32, "EXPORTER-Channel-Binding", Buffer.alloc(0)),
    );
    client.destroy();
    server.destroy();
    listener.close();
    await once(listener, "close");
    return { server: exported[0]!, client: exported[1]! };
  };
});

describe("replayCache", () => {
  it("refuses what it can't remember, and has room again once something has expired", () => {
    const replay = replayCache(2);
    expect(replay.use("a", minutes(1), now)).to.equal(true);
    expect(replay.use("b", minutes(5), now)).to.equal(true);
    expect(replay.use("c", minutes(5), now)).to.equal(false);
    expect(replay.use("c", minutes(5), minutes(1))).to.equal(true);
    expect(replay.use("b", minutes(5), minutes(1))).to.equal(false);
  });
});

describe("openMachineKey", () => {
  let folder: string;
  before(async () => void (folder = await mkdtemp(join(tmpdir(), "hubedge-machine-"))));
  after(() => rm(folder, { recursive: true }));

  it("makes a key that only its owner can read, and finds it again", async () => {
    const server = join(folder, "ex1");
    const made = await openMachineKey(server);
    expect((await stat(join(server, "machine.key"))).mode & 0o777).to.equal(0o600);
    const found = await openMachineKey(server);
    expect(found.publicKey).to.equal(made.publicKey);
    expect(found.privateKey.equals(made.privateKey)).to.equal(true);
  });

  it("refuses a file that holds something else", async () => {
    await writeFile(join(folder, "machine.key"), "something else");
    const failure = await openMachineKey(folder).catch((thrown: unknown) => thrown);
    expect(failure).to.have.property("code", "CERT_MACHINE_KEY_UNREADABLE");
  });
});
