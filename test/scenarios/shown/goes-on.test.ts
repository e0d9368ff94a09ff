import { on } from "node:events";
import { watch } from "node:fs";
import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { createTransport } from "nodemailer";
import { startUp, type UpLab } from "../../helpers/cli.ts";
import { usePlace } from "../../helpers/lab.ts";
import { root } from "../../repo/source-tree.ts";

const [ee, se] = ["Ex2007EE", "Ex2007SE"];
const parameters = [join(root, "scenarios/01-mail-between-sites.yaml"), "--data", "data"];
const authMechanism = (mechanisms: string) =>
  `Set-ReceiveConnector "${ee}\\Default ${ee}" -AuthMechanism ${mechanisms}; Get-ReceiveConnector "${ee}\\Default ${ee}" | fl Name`;

describe("`hubedge up` that is killed while a message waits", () => {
  const place = usePlace();
  const mailbox = (server: string, name: string): string => join(place.path, "data/mailboxes", server, name);
  let up: UpLab;
  let thumbprint: string;

  const start = async (...more: string[]): Promise<void> => {
    up = await startUp(place, [...parameters, ...more]);
    await up.ask(`Enter-PSSession ${ee}`, /^/);
  };
  const currentThumbprint = async (): Promise<string> =>
    (await up.ask("Get-ExchangeCertificate | fl Thumbprint", /Thumbprint : ([0-9A-F]{40})\n/))[1] ?? "";
  /** Logs on to Ex2007SE as anna; resolves when the server has answered 250. */
  const send = async (to: string): Promise<void> => {
    const { address: host, port } = up.endpoint(`${se}\\Client ${se}`);
    const auth = { user: "anna", pass: up.password("anna@proexchange.local") };
    const client = createTransport({ host, port, auth, requireTLS: true, tls: { rejectUnauthorized: false } });
    const messageId = `<to-${to}@test>`;
    const { response } = await client.sendMail({
      from: "anna@proexchange.local",
      to: `${to}@proexchange.local`,
      subject: "Patience",
      text: "It will come.",
      messageId,
    });
    client.close();
    expect(response).to.equal(`250 2.6.0 ${messageId} Queued mail for delivery`);
  };

  before(async () => {
    await mkdir(mailbox(se, "anna"), { recursive: true });
    await mkdir(mailbox(ee, "bob"), { recursive: true });
    await start();
    thumbprint = await currentThumbprint();
    await up.ask(authMechanism("Integrated"), /Name : Default/); // without Tls nothing comes from Ex2007SE
    const toAnna = arrival(mailbox(se, "anna"));
    await send("anna");
    await toAnna;
    await send("bob");
    await up.end("SIGKILL");
  });

  it("leaves nothing in the mailbox that the message is for", async () => {
    expect(await readdir(mailbox(ee, "bob"))).to.deep.equal([]);
  });

  it("goes on at the next start with its certificates, its settings and its mailboxes", async () => {
    await start();
    expect(await currentThumbprint()).to.equal(thumbprint);
    // A name alone is that of the server's own connector.
    await up.ask(`Get-ReceiveConnector "Default ${ee}" | fl AuthMechanism`, /AuthMechanism : Integrated\n/);
    expect(await readdir(mailbox(se, "anna"))).to.have.length(1);
  });

  it("still has the message in its queue, and delivers it once", async () => {
    await up.ask(`Enter-PSSession ${se}`, /^/);
    await up.ask("Get-Queue | fl NextHopDomain, MessageCount", /NextHopDomain : SiteA\nMessageCount +: 1\n/);
    const toBob = arrival(mailbox(ee, "bob"));
    await up.ask(`Enter-PSSession ${ee}`, /^/);
    await up.ask(authMechanism("Tls,Integrated,BasicAuth,BasicAuthRequireTLS,ExchangeServer"), /Name : Default/);
    await up.ask(`Enter-PSSession ${se}`, /^/);
    up.type(`Retry-Queue "${se}\\1"`);
    await toBob;
    up.type("quit");
    expect(await up.exit).to.include({ code: 0, err: "" });
    const [file = "", ...more] = await readdir(mailbox(ee, "bob"));
    expect(more).to.deep.equal([]);
    expect(await readFile(join(mailbox(ee, "bob"), file), "utf8")).to.match(/^Message-ID: <to-bob@test>\r$/m);
  });

  it("has nothing left to deliver after that, whatever is killed then", async () => {
    await start();
    await up.ask(`Enter-PSSession ${se}`, /^/);
    const [queues] = await up.ask("Get-Queue | fl Identity, MessageCount", /(?:Identity.*\nMessageCount.*\n\s*)+/);
    expect(queues).not.to.match(/MessageCount : [^0]/);
    await up.end("SIGKILL");
    expect(await readdir(mailbox(ee, "bob"))).to.have.length(1);
  });

  it("begins anew with --fresh: another certificate, no mail", async () => {
    await start("--fresh");
    expect(await currentThumbprint())
      .to.match(/^[0-9A-F]{40}$/)
      .and.not.to.equal(thumbprint);
    expect(await readdir(join(place.path, "data"))).not.to.include("mailboxes");
    up.type("quit");
    expect(await up.exit).to.include({ code: 0, err: "" });
  });
});

/** Waits for the next `.eml` in a folder that exists. */
async function arrival(folder: string): Promise<void> {
  const watcher = watch(folder);
  try {
    for await (const [, name] of on(watcher, "change")) if (String(name).endsWith(".eml")) return;
  } finally {
    watcher.close();
  }
}
