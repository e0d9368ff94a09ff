import { expect } from "chai";
import { startTestLab, type TestLab, usePlace } from "../helpers/lab.ts";
import { runTool, withTool } from "../helpers/tools.ts";

const hub = "Ex2007EE";
const connector = `"${hub}\\Default ${hub}"`;

describe("swaks", () => {
  before(withTool("swaks"));
  const place = usePlace();
  let lab: TestLab;

  /** Runs swaks against a connector of Ex2007EE. `heard` are the server's replies, one line each. */
  async function swaks(at: "Default" | "Client", ...parameters: string[]) {
    const { address, port } = lab.endpoint(hub, at);
    const to = ["--server", address, "--port", String(port), "--ehlo", "mail.fabrikam.example"];
    const { code, output } = await runTool("swaks", [...to, ...parameters]);
    await lab.settled();
    return { code, output, heard: output.match(/(?<=^<[-~*][ *] )\d{3}[ -].*$/gm) ?? [] };
  }
  const fromCarol = (...to: string[]) => ["--from", "carol@fabrikam.example", "--to", to.join(",")];
  const asAnna = (password: string) => {
    const from = ["--from", "anna@proexchange.local", "--to", "bob@proexchange.local"];
    return [...from, "--auth", "LOGIN", "--auth-user", "anna@proexchange.local", "--auth-password", password];
  };

  before(async () => {
    lab = await startTestLab(place);
    // A second is enough to be seen, and five would only be waited for.
    await lab.shell(hub, `Set-ReceiveConnector ${connector} -TarpitInterval 00:00:00 -ProtocolLoggingLevel Verbose`);
    await lab.shell(hub, `Set-ReceiveConnector "${hub}\\Client ${hub}" -TarpitInterval 00:00:00`);
  });

  describe("and a Hub as Setup leaves it", () => {
    it("with --tls hears that it was not authenticated", async () => {
      const { code, output, heard } = await swaks("Default", "--tls", ...fromCarol("bob@proexchange.local"));
      expect(output).to.match(/=== TLS started with cipher TLSv1\.[23]/);
      expect(heard).to.include("530 5.7.1 Client was not authenticated");
      expect(code).not.to.equal(0);
      expect(await lab.inbox("bob")).to.deep.equal([]);
    });

    it("hears it without TLS too", async () => {
      const { heard } = await swaks("Default", ...fromCarol("bob@proexchange.local"));
      expect(heard).to.include("530 5.7.1 Client was not authenticated");
    });
  });

  describe("and a Hub that anonymous clients may use", () => {
    before(async () => {
      const groups = "AnonymousUsers,ExchangeUsers,ExchangeServers,ExchangeLegacyServers";
      await lab.shell(hub, `Set-ReceiveConnector ${connector} -PermissionGroups ${groups}`);
    });

    it("with --tls delivers to a local mailbox", async () => {
      const words = ["--header", "Subject: By swaks", "--body", "These are the words.\n.and a dot"];
      const { code, heard, output } = await swaks("Default", "--tls", ...fromCarol("b@proexchange.local"), ...words);
      expect({ code, last: heard.at(-1) }, output).to.deep.equal({
        code: 0,
        last: "221 2.0.0 Service closing transmission channel",
      });
      expect(heard.find((line) => /^250 2\.6\.0 <.+> Queued mail for delivery$/.test(line))).to.be.a("string");
      const [content = "", ...more] = await lab.inbox("bob");
      expect(more).to.deep.equal([]);
      expect(content).to.include("\r\nSubject: By swaks\r\n").and.to.include("These are the words.\r\n.and a dot\r\n");
      expect(content).to.match(
        /^Received: from mail\.fabrikam\.example \(127\.[\d.]+\) by Ex2007EE\.proexchange\.local/m,
      );
      expect(content.split("\r\n\r\n")[0]?.replace(/\r\n\s+/g, " ")).to.include(
        "with Microsoft SMTP Server (TLS) id 8.1.",
      );
    });

    it("delivers a whole pipeline of commands", async () => {
      const before = (await lab.inbox("bob")).length;
      const { code } = await swaks("Default", "--tls", "--pipeline", ...fromCarol("bob@proexchange.local"));
      expect(code).to.equal(0);
      expect(await lab.inbox("bob")).to.have.length(before + 1);
    });

    it("is refused relay", async () => {
      const { code, heard } = await swaks("Default", "--tls", ...fromCarol("dave@woodgrove.example"));
      expect(heard).to.include("550 5.7.1 Unable to relay");
      expect(code).not.to.equal(0);
    });

    it("waits out the tarpit before it hears so, and the log says that it did", async () => {
      await lab.shell(hub, `Set-ReceiveConnector ${connector} -TarpitInterval 00:00:01`);
      const began = performance.now();
      await swaks("Default", "--tls", ...fromCarol("dave@woodgrove.example"));
      expect(performance.now() - began).to.be.above(1000);
      const rows = await lab.rows(hub, "SmtpReceive");
      expect(rows.map(({ data }) => data).filter((data) => /^Tarpit for '0\.00:00:01/.test(data))).to.have.length(1);
      await lab.shell(hub, `Set-ReceiveConnector ${connector} -TarpitInterval 00:00:00`);
    });
  });

  describe("and the Client connector", () => {
    const password = () => lab.mailboxes().find(({ name }) => name === "anna")?.password ?? "";

    it("with --tls and AUTH LOGIN sends what anna's password allows", async () => {
      const before = (await lab.inbox("bob")).length;
      const { code, heard, output } = await swaks("Client", "--tls", ...asAnna(password()));
      expect(heard, output).to.include("235 2.7.0 Authentication successful");
      expect(code).to.equal(0);
      expect(await lab.inbox("bob")).to.have.length(before + 1);
    });

    it("hears 535 with another password", async () => {
      const { code, heard } = await swaks("Client", "--tls", ...asAnna(`${password()}x`));
      expect(heard).to.include("535 5.7.3 Authentication unsuccessful");
      expect(code).not.to.equal(0);
    });

    it("finds no AUTH without TLS, and keeps the password to itself", async () => {
      const { output } = await swaks("Client", ...asAnna(password()));
      expect(output).to.match(/Host did not advertise authentication/);
      expect(output).not.to.include(Buffer.from(password()).toString("base64"));
    });
  });
});
