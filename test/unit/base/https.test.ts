import { X509Certificate } from "node:crypto";
import { createServer } from "node:net";
import { once } from "node:events";
import { createSecureContext, type SecureContext } from "node:tls";
import { expect } from "chai";
import { generate } from "selfsigned";
import {
  connectHttps,
  type HttpsRequest,
  type HttpsServer,
  LabError,
  startHttpsServer,
} from "../../../src/base/index.ts";

interface Identity {
  secureContext: SecureContext;
  fingerprint: string;
}

async function identity(name: string): Promise<Identity> {
  const { cert, private: key } = await generate([{ name: "commonName", value: name }], {
    keyType: "ec",
    algorithm: "sha256",
  });
  return { secureContext: createSecureContext({ cert, key }), fingerprint: new X509Certificate(cert).fingerprint };
}

const fingerprintOf = (der: Buffer | undefined): string | undefined => der && new X509Certificate(der).fingerprint;

describe("the door to HTTPS", () => {
  let server: HttpsServer;
  let seen: HttpsRequest[];
  let shown: Identity | undefined;
  let mine: Identity;
  let first: Identity;
  let answer: (request: HttpsRequest) => Promise<{ status: number; body: string }>;

  before(async () => {
    [mine, first] = [await identity("client"), await identity("server")];
  });
  beforeEach(async () => {
    seen = [];
    shown = first;
    answer = async ({ body }) => ({ status: 200, body: body.toString().toUpperCase() });
    server = await startHttpsServer({
      address: "127.0.0.1",
      port: 0,
      secureContext: () => shown?.secureContext,
      longestBody: ({ path }) => (path === "/short" ? 4 : 1000),
      handle(request) {
        seen.push(request);
        return answer(request);
      },
    });
  });
  afterEach(() => server.close());

  const connect = (secureContext = mine.secureContext) =>
    connectHttps({ ...server.endpoint, name: "edge.example", secureContext, patienceMs: 2000 });
  const codeOf = (failing: Promise<unknown>): Promise<string> =>
    failing.then(
      () => "nothing failed",
      (failure: unknown) => (failure instanceof LabError ? failure.code : String(failure)),
    );

  it("shows each side the other's certificate, and says nothing before it is asked to", async () => {
    const connection = await connect();
    expect(fingerprintOf(connection.peerCertificate)).to.equal(first.fingerprint);
    expect(seen).to.deep.equal([]);
    expect(await connection.post("/a", "one")).to.deep.equal({ status: 200, body: "ONE" });
    expect(await connection.post("/b", "two")).to.deep.equal({ status: 200, body: "TWO" });
    expect(seen.map(({ path }) => path)).to.deep.equal(["/a", "/b"]);
    expect(seen.map(({ peerCertificate }) => fingerprintOf(peerCertificate))).to.deep.equal([
      mine.fingerprint,
      mine.fingerprint,
    ]);
    expect(seen[0]?.connection).to.equal(seen[1]?.connection);
    connection.close();
  });

  it("lets in a client without a certificate, and says so", async () => {
    const connection = await connect(createSecureContext());
    await connection.post("/", "");
    expect(seen[0]?.peerCertificate).to.equal(undefined);
    connection.close();
  });

  it("shows a new certificate to whoever connects next", async () => {
    const before = await connect();
    shown = await identity("renewed");
    const after = await connect();
    expect(fingerprintOf(after.peerCertificate)).to.equal(shown.fingerprint);
    expect((await before.post("/", "still here")).body).to.equal("STILL HERE");
    before.close();
    after.close();
  });

  it("cuts who is there, and takes who comes", async () => {
    const before = await connect();
    await before.post("/", "");
    server.cut();
    expect(await codeOf(before.post("/", ""))).to.equal("HTTPS_CONNECTION_LOST");
    const after = await connect();
    expect((await after.post("/", "again")).body).to.equal("AGAIN");
    after.close();
  });

  it("hangs up where there is nothing to show", async () => {
    shown = undefined;
    expect(await codeOf(connect())).to.equal("HTTPS_UNREACHABLE");
  });

  it("never opens a second connection in place of one that broke", async () => {
    const connection = await connect();
    await connection.post("/", "");
    await server.close();
    expect(await codeOf(connection.post("/", ""))).to.equal("HTTPS_CONNECTION_LOST");
    expect(await codeOf(connection.post("/", ""))).to.equal("HTTPS_CONNECTION_LOST");
    expect(connection.alive).to.equal(false);
    expect(seen).to.have.lengthOf(1);
  });

  it("says that the answer did not come when the server is cut off in between", async () => {
    const connection = await connect();
    answer = async () => {
      await server.close();
      return { status: 200, body: "" };
    };
    expect(await codeOf(connection.post("/", ""))).to.equal("HTTPS_CONNECTION_LOST");
  });

  it("reads no more of a request than it may have, says so, and hangs up", async () => {
    const connection = await connect();
    expect(await connection.post("/short", "four")).to.deep.equal({ status: 200, body: "FOUR" });
    expect(await connection.post("/long", "five!")).to.deep.equal({ status: 200, body: "FIVE!" });
    expect(await connection.post("/short", "five!")).to.deep.equal({ status: 413, body: "{}" });
    expect(seen.map(({ path }) => path)).to.deep.equal(["/short", "/long"]);
    expect(await codeOf(connection.post("/short", "four"))).to.equal("HTTPS_CONNECTION_LOST");
  });

  it("answers 500 for a handler that throws, and goes on", async () => {
    const connection = await connect();
    answer = async () => {
      throw new Error("a bug");
    };
    expect(await connection.post("/", "")).to.deep.equal({ status: 500, body: "{}" });
    expect((await connection.post("/", "")).status).to.equal(500);
    connection.close();
  });

  it("rejects where nobody listens, and where what listens speaks no TLS", async () => {
    const { endpoint } = server;
    await server.close();
    const options = { ...endpoint, name: "edge.example", secureContext: mine.secureContext };
    expect(await codeOf(connectHttps(options))).to.equal("HTTPS_UNREACHABLE");
    const mute = createServer((socket) => socket.on("error", () => {}).end("220 hello\r\n")).listen(0, "127.0.0.1");
    await once(mute, "listening");
    const { port } = mute.address() as { port: number };
    expect(await codeOf(connectHttps({ ...options, port }))).to.equal("HTTPS_UNREACHABLE");
    mute.close();
  });

  it("gives up on a server that takes the connection and never speaks", async () => {
    const silent = createServer(() => {}).listen(0, "127.0.0.1");
    await once(silent, "listening");
    const { port } = silent.address() as { port: number };
    const options = { address: "127.0.0.1", port, name: "x", secureContext: mine.secureContext, patienceMs: 50 };
    expect(await codeOf(connectHttps(options))).to.equal("HTTPS_UNREACHABLE");
    silent.close();
  });
});
