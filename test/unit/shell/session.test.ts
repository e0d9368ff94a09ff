import { expect } from "chai";
import { LabError } from "../../../src/base/index.ts";
import type { SecureString } from "../../../src/commands/index.ts";
import { openSession, openWindows, type ShellHost, type ShellSession } from "../../../src/shell/index.ts";
import { fakeEdge, fakeServer, subscription } from "../../helpers/fake-server.ts";

describe("a shell session", () => {
  const thumbprint = "6F029E0D20605DB1233016B787C4503FD0002C01";

  function open(host?: Partial<ShellHost>): { session: ShellSession; fake: ReturnType<typeof fakeServer> } {
    const fake = fakeServer();
    const edge = fakeEdge();
    const serverNamed = (name: string) => {
      if (name.toLowerCase() === "edge1") return edge.api;
      throw new LabError("SERVER_UNKNOWN", `no ${name}`, { remedy: "another one" });
    };
    const whole = host && {
      choose: () => Promise.reject(new Error("nothing should be asked")),
      readSecret: () => Promise.reject(new Error("nothing should be asked")),
      ...host,
    };
    return { session: openSession({ server: fake.api, serverNamed, host: whole }), fake };
  }

  it("remembers variables from line to line, and how their objects are shown", async () => {
    const { session } = open();
    await session.run("$s = Get-AdSite SiteA; $n = 5");
    expect((await session.run("$N + 1")).text).to.equal("6");
    expect((await session.run("$s")).text).to.include("HubSiteEnabled");
    await session.run("$big = { $_ -gt $n }");
    expect((await session.run("4,6 | Where-Object $big")).objects).to.deep.equal([6]);
  });

  it("forgets nothing for a line that is refused", async () => {
    const { session } = open();
    await session.run("$x = 1");
    await session.run("$x = 2; Get-Quue").catch(() => undefined);
    expect((await session.run("$x")).text).to.equal("1");
  });

  it("moves to another server, where the rest of the line runs too", async () => {
    const { session } = open();
    expect(session.prompt).to.equal("[PS] Ex2007EE> ");
    const { text } = await session.run("Enter-PSSession edge1; Get-TransportServer | % { $_.Name }");
    expect(text).to.equal("Edge1");
    expect(session.prompt).to.equal("[PS] Edge1> ");
    const refusal = await session.run("Enter-PSSession Nowhere").catch((failure: unknown) => failure);
    expect(refusal).to.have.property("code", "SERVER_UNKNOWN");
    expect(session.prompt).to.equal("[PS] Edge1> ");
  });

  it("asks whoever sits there, and does what the answer says", async () => {
    const answers = ["N", "Y"];
    const { session, fake } = open({
      choose: ({ choices }) => Promise.resolve(choices.findIndex(({ key }) => key === answers[0])),
    });
    await session.run(`Remove-ExchangeCertificate ${thumbprint}`);
    expect(fake.asked).to.deep.equal([]);
    answers.shift();
    await session.run(`Remove-ExchangeCertificate ${thumbprint}`);
    expect(fake.asked).to.deep.equal([["removeExchangeCertificate", thumbprint]]);
  });

  it("reads a password that nothing shows", async () => {
    const asked: string[] = [];
    const { session } = open({
      readSecret: (prompt) => {
        asked.push(prompt);
        return Promise.resolve("p@ss");
      },
    });
    const { objects, text } = await session.run("$p = Read-Host Password -AsSecureString; $p; $p | ConvertTo-Json");
    expect(asked).to.deep.equal(["Password: "]);
    expect((objects[0] as SecureString).reveal()).to.equal("p@ss");
    expect(text + JSON.stringify(objects)).not.to.include("p@ss");
  });

  it("reads the password of a credential, with the account's name or without", async () => {
    const asked: string[] = [];
    const { session } = open({
      readSecret: (prompt) => {
        asked.push(prompt);
        return Promise.resolve("p@ss");
      },
    });
    const { objects, text } = await session.run("(Get-Credential).password; Get-Credential anna; Get-Credential | fl");
    expect(asked).to.deep.equal(["Password: ", "Password for user anna: ", "Password: "]);
    expect((objects[0] as SecureString).reveal()).to.equal("p@ss");
    expect(objects[1]).to.have.property("UserName", "anna");
    expect(text + JSON.stringify(objects)).not.to.include("p@ss");
  });

  it("lets the lab live while a block runs for very many objects", async () => {
    const { session } = open();
    const doubled = " | % { $_; $_ }".repeat(12);
    let turns = 0;
    let timer = setImmediate(function again() {
      turns++;
      timer = setImmediate(again);
    });
    const { objects } = await session.run(`1${doubled} | Measure-Object`);
    clearImmediate(timer);
    expect(objects[0]).to.include({ Count: 4096 });
    expect(turns).to.be.at.least(5);
  });

  it("lays tables out for the window that it is told of", async () => {
    const { session } = open();
    const { text } = await session.run("Get-Queue", 40);
    const [warning, ...table] = text.split("\n");
    expect(warning).to.match(/^WARNING: \d columns do not fit/);
    expect(Math.max(...table.map((line) => line.length))).to.be.at.most(40);
    expect(text).to.include("...");
  });

  describe("completes", () => {
    const cases: readonly [typed: string, start: number, candidates: readonly string[]][] = [
      ["Get-Acc", 0, ["Get-AcceptedDomain"]],
      ["get-ads", 0, ["Get-AdSite"]],
      ["Get-Queue | Where", 12, ["Where-Object", "where"]],
      ["Get-Queue | ? { Get-AdS", 16, ["Get-AdSite"]],
      ["$a = Get-AdS", 5, ["Get-AdSite"]],
      ["Get-AdSite -Id", 11, ["-Identity"]],
      ["Get-AdSite -V", 11, ["-Verbose"]],
      ["Remove-AcceptedDomain -", 22, ["-Identity", "-Verbose", "-WhatIf", "-Confirm"]],
      ["Enable-ExchangeCertificate -Serv SMTP,I", 38, ["IMAP", "IIS"]],
      ["Remove-ExchangeCertificate 6F", 27, [thumbprint]],
      ["Remove-ExchangeCertificate -Thumbprint ", 39, [thumbprint]],
      ["Set-ReceiveConnector c -RequireTLS $f", 35, ["$false"]],
      ["Set-ReceiveConnector c -RequireTLS ", 35, ["$true", "$false"]],
      ["Set-ReceiveConnector 'Ex2007EE\\C", 21, ["'Ex2007EE\\Client Ex2007EE'"]],
      ["Set-ReceiveConnector Ex2007EE\\C", 21, ["'Ex2007EE\\Client Ex2007EE'"]],
      ["Get-TransportServer ex2007s", 20, ["Ex2007SE"]],
      ["Enter-PSSession Ex2007E", 16, ["Ex2007EE"]],
      ["Get-Help Get-AdS", 9, ["Get-AdSite"]],
      ["$si", 0, ["$site"]],
      ["$site.Hub", 0, ["$site.HubSiteEnabled"]],
      ["$na", 0, ["$name"]],
      ["Get-ExchangeCertificate | ? { $_.Notb", 30, ["$_.NotBefore"]],
      ["$site | ? { $_.Na", 12, ["$_.Name"]],
      ["Get-Queue | ? { (Get-Date) -gt 5 -and $_.Mess", 38, ["$_.MessageCount"]],
      ["Get-AdSite | select @{ n = 'x'; e = { $_.Hub", 38, ["$_.HubSiteEnabled"]],
      ["Get-AdSite | ? { $_.Name } | sort Hub", 34, ["HubSiteEnabled"]],
      ["Get-AdSite | Select-Object Name, Ser", 33, ["Servers"]],
      ["Get-AdSite | ft Name -GroupBy Hub", 30, ["HubSiteEnabled"]],
      ["Get-AdSite | select -ExpandProperty Ser", 36, ["Servers"]],
      ["Get-AdSite | group HubSiteEnabled | sort C", 41, ["Count"]],
      ["$site | fl Na", 11, ["Name"]],
      ["(Get-AdSite | measure Ser", 22, ["Servers"]],
      ["New-ExchangeCertificate | fl Thumb", 29, ["Thumbprint"]],
      ["Get-Nothing | sort Na", 19, []],
      ["Get-EdgeSubscription | sort Na", 28, ["Name"]],
      ["sort Na", 5, []],
      ["Get-ReceiveConnector -Server Ex2007", 29, ["Ex2007EE"]],
      ["New-SendConnector x -SourceTransportServers Ex", 44, ["Ex2007EE"]],
      ["Get-ExchangeCertificate -Explain Ex2007EE\\C", 33, ["'Ex2007EE\\Client Ex2007EE'"]],
      ["Get-ExchangeCertificate -Explain Ex2007SE\\", 33, []],
      ["Start-EdgeSynchronization -TargetServer ed", 40, ["Edge1"]],
      ["Get-ExchangeCertificate -Explain Int", 33, ["Internet"]],
      ["Get-ExchangeCertificate -Explain ed", 33, ["Edge1"]],
      ["Set-SendConnector Int", 18, ["Internet"]],
      ["Retry-Queue Ex2007EE\\S", 12, ["Ex2007EE\\Submission"]],
      ["New-ExchangeCertificate -DomainName proex", 36, ["proexchange.local"]],
      [
        "New-ExchangeCertificate -DomainName Ex2007EE.proexchange.local,Ex",
        63,
        ["Ex2007EE", "Ex2007EE.proexchange.local"],
      ],
      ["Set-ReceiveConnector c -ProtocolLoggingLevel v", 45, ["Verbose"]],
      ["Get-Help about_O", 9, ["about_Operators"]],
      ["Get-Variable na", 13, ["name"]],
      ["Get-Nothing -Id", 12, []],
      ["Get-AdSite SiteA ", 17, []],
    ];
    for (const [typed, start, candidates] of cases)
      it(typed, async () => {
        const { session, fake } = open();
        fake.subscriptions.push(subscription("Edge1"));
        await session.run("New-SendConnector Internet -AddressSpaces *");
        await session.run("$site = Get-AdSite SiteA; $name = 'x'");
        expect(await session.complete(typed, typed.length)).to.deep.equal({ start, candidates });
      });

    it("what stands before the cursor, not behind it", async () => {
      const completed = await open().session.complete("Get-AdS | fl", 7);
      expect(completed).to.deep.equal({ start: 0, candidates: ["Get-AdSite"] });
    });
  });
});

describe("windows on several servers", () => {
  it("remember their own variables from line to line, and each line's answers alone", async () => {
    const [hub, edge] = [fakeServer(), fakeEdge()];
    const run = openWindows();
    await run("$x = Get-AdSite SiteA", { server: hub.api });
    expect((await run("$x", { server: hub.api })).text).to.include("HubSiteEnabled");
    const code = (line: string, server: typeof hub): Promise<unknown> =>
      run(line, { server: server.api }).catch((failure: unknown) => (failure as LabError).code);
    expect(await code("$x", edge)).to.equal("SHELL_VARIABLE_UNKNOWN");

    const remove = "Remove-MessageClassification ExAttachmentRemoved";
    await run(remove, { server: hub.api, answers: ["N"] });
    expect(await code(remove, hub)).to.equal("COMMAND_CONFIRMATION_NEEDED");
  });
});
