import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { LabError } from "../../../src/base/index.ts";
import { makeReporter, reportKinds, runScenario } from "../../../src/scenario/index.ts";
import { runLine } from "../../../src/shell/index.ts";
import { answering } from "../../helpers/answering.ts";
import { declaredTopology, startTestLab, type TestLab, usePlace } from "../../helpers/lab.ts";
import { loadOwn } from "../run-scenario.ts";

const clock = "2008-05-12T10:00:00Z";

/** A Hub and Client Access server, an Edge server that is not subscribed, and authorities that the Hub trusts. */
const declared = () =>
  declaredTopology(
    {
      organization: "proexchange",
      domains: ["proexchange.local"],
      clock,
      sites: { SiteA: {} },
      servers: {
        EX1: { site: "SiteA", roles: ["HubTransport", "ClientAccess", "Mailbox"], trusts: ["Contoso Root"] },
        EX2: { site: "SiteA", roles: ["HubTransport", "Mailbox"] },
      },
      mailboxes: { anna: { server: "EX1" } },
    },
    { authorities: { "Contoso Root": {}, "Contoso Issuing": { issuedBy: "Contoso Root" } } },
  );

describe("a server's certificates, by cmdlet", function () {
  this.timeout(60_000);
  const place = usePlace();
  let lab: TestLab;

  before(async () => void (lab = await startTestLab(place, { topology: declared() })));

  const certificates = async (server = "EX1") => lab.server(server).exchangeCertificates();
  const internal = async (server = "EX1") =>
    (await certificates(server)).find(({ internalTransport }) => internalTransport)?.thumbprint;
  const published = async (server: string): Promise<string> => {
    const objects = await lab.directoryObjects(server);
    const found = objects.find(({ key }) => key === `ad:object:server/${server}`);
    return JSON.parse(found?.attributes["internalTransportCertificateThumbprint"] ?? "null") as string;
  };
  const thumbprintIn = (printed: string): string => /\b[0-9A-F]{40}\b/.exec(printed)?.[0] ?? "";
  const make = async (line: string, server = "EX1"): Promise<string> => thumbprintIn(await lab.shell(server, line));
  const named = async (thumbprint: string, server = "EX1") =>
    (await certificates(server)).find((one) => one.thumbprint === thumbprint);
  const failureOf = async (server: string, line: string): Promise<LabError> => {
    const failure: unknown = await lab.shell(server, line).then(
      (text) => new Error(`it succeeded: ${text}`),
      (thrown: unknown) => thrown,
    );
    if (failure instanceof LabError) return failure;
    throw failure;
  };
  const codeOf = async (server: string, line: string): Promise<string> => (await failureOf(server, line)).code;
  const disk = (server: string, ...more: string[]): string => join(lab.dataFolder, "servers", server, ...more);

  it("has names, key and settings as asked for, and by default the server's", async () => {
    const plain = await named(await make("New-ExchangeCertificate -Services None -Confirm:$false"));
    expect(plain).to.deep.include({
      subject: "CN=EX1",
      certificateDomains: ["EX1", "EX1.proexchange.local"],
      services: [],
      privateKeyExportable: false,
      rootCaType: "None",
      friendlyName: "Microsoft Exchange",
      publicKeySize: 2048,
      status: "Valid",
    });
    const custom = await named(
      await make(
        'New-ExchangeCertificate -SubjectName "c=US,o=Contoso,cn=webmail.proexchange.global" -DomainName EX1 ' +
          "-IncludeAcceptedDomains -IncludeAutoDiscover -FriendlyName Web -KeySize 1024 -PrivateKeyExportable $true -Services IIS",
      ),
    );
    expect(custom).to.deep.include({
      subject: "C=US, O=Contoso, CN=webmail.proexchange.global",
      certificateDomains: ["webmail.proexchange.global", "EX1", "proexchange.local", "autodiscover.proexchange.local"],
      services: ["IIS"],
      privateKeyExportable: true,
      friendlyName: "Web",
      publicKeySize: 1024,
    });
    expect((await certificates()).filter(({ services }) => services.includes("IIS"))).to.have.length(1);
  });

  for (const [answers, replaced] of [
    ["Y", true],
    ["A", true],
    ["N", false],
    ["L", false],
  ] as const)
    it(`asks whether the default SMTP certificate may be replaced, and does as ${answers} says`, async () => {
      const before = await internal();
      const { run, asked } = answering(lab, "EX1", answers);
      const made = thumbprintIn(await run("New-ExchangeCertificate -Services SMTP"));
      expect(asked).to.have.length(1);
      expect(asked[0]).to.match(/Overwrite the existing default SMTP certificate\?/);
      expect(asked[0]).to.include(`Current certificate: '${before}' (expires 5/12/2009 `);
      expect(asked[0]).to.include(`Replace it with certificate: '${made}' (expires 5/12/2009 10:0`);
      expect(await internal()).to.equal(replaced ? made : before);
      expect(await published("EX1")).to.equal(replaced ? made : before);
      expect((await named(made))?.services).to.deep.equal(["SMTP"]);
    });

  it("leaves nothing behind where nobody can be asked", async () => {
    const before = (await certificates()).map(({ thumbprint }) => thumbprint);
    expect(await codeOf("EX1", "New-ExchangeCertificate")).to.equal("COMMAND_CONFIRMATION_NEEDED");
    expect((await certificates()).map(({ thumbprint }) => thumbprint)).to.deep.equal(before);
  });

  it("is listed with the same properties by whichever cmdlet it comes from", async () => {
    const properties = (text: string) => text.split("\n").flatMap((line) => /^(\w+) +:/.exec(line)?.[1] ?? []);
    const own = properties(await lab.shell("EX2", "Get-ExchangeCertificate | Format-List"));
    const made = properties(await lab.shell("EX2", "New-ExchangeCertificate -Services None | Format-List"));
    expect(own).to.include("Status").and.not.to.include("RawData");
    expect(made).to.deep.equal(own);
  });

  it("is explained for a target or listed for names, not both", async () => {
    const line = String.raw`Get-ExchangeCertificate -DomainName EX1 -Explain "EX1\Default EX1"`;
    expect(await codeOf("EX1", line)).to.equal("COMMAND_PARAMETERS_EXCLUDE");
  });

  it("is renewed with its names and services, IIS too, and the old one keeps all but IIS", async () => {
    const old = await make(
      "New-ExchangeCertificate -DomainName EX1,mail.proexchange.global -FriendlyName Old -Services IIS,SMTP,UM -Force",
    );
    const renewed = await make(`Get-ExchangeCertificate ${old} | New-ExchangeCertificate -Force`);
    const [before, after] = [await named(old), await named(renewed)];
    for (const property of ["subject", "certificateDomains", "friendlyName", "privateKeyExportable"] as const)
      expect(after?.[property]).to.deep.equal(before?.[property]);
    expect(after?.services).to.deep.equal(["UM", "IIS", "SMTP"]);
    expect(before?.services).to.deep.equal(["UM", "SMTP"]);
    expect(await internal()).to.equal(renewed);
  });

  it("is not removed while the directory publishes it", async () => {
    const inUse = await internal();
    const failure = await failureOf("EX1", `Remove-ExchangeCertificate ${inUse} -Confirm:$false`);
    expect(failure.code).to.equal("CERT_IN_USE");
    expect(await internal()).to.equal(inUse);
    const next = await make("New-ExchangeCertificate -Services SMTP -Force");
    await lab.shell("EX1", `Remove-ExchangeCertificate ${inUse} -Confirm:$false`);
    expect(await named(inUse ?? "")).to.equal(undefined);
    expect(await published("EX1")).to.equal(next);
  });

  it("is not exported where its key is not exportable, by whatever way", async () => {
    const setups = await internal("EX2");
    const password = "(ConvertTo-SecureString -String geheim -AsPlainText -Force)";
    for (const more of ["-Path C:\\a.pfx", "-BinaryEncoded", ""])
      expect(await codeOf("EX2", `Export-ExchangeCertificate ${setups} ${more} -Password ${password}`)).to.equal(
        "CERT_KEY_NOT_EXPORTABLE",
      );
    const all = await lab.shell("EX2", "Get-ExchangeCertificate | ConvertTo-Json");
    const key = await readFile(disk("EX2", "certificates", `${setups}.key`), "utf8");
    expect(all).not.to.include(key.split("\n")[1]);
  });

  it("goes from one server to another as PKCS #12, with its password only", async () => {
    const password = "(ConvertTo-SecureString -String geheim -AsPlainText -Force)";
    const made = await make(
      "New-ExchangeCertificate -DomainName shared.proexchange.local -PrivateKeyExportable $true -Services None",
    );
    const exported = `Export-ExchangeCertificate ${made} -BinaryEncoded -Path C:\\shared.pfx`;
    expect(await codeOf("EX1", exported)).to.equal("CERT_PASSWORD_NEEDED");
    await lab.shell("EX1", `${exported} -Password ${password}`);
    expect(await codeOf("EX1", `${exported} -Password ${password}`)).to.equal("FILE_EXISTS");
    await lab.shell("EX1", `${exported} -Password ${password} -Force`);
    expect((await stat(disk("EX1", "files", "shared.pfx"))).mode & 0o777).to.equal(0o600);

    await lab.carryFile("C:\\shared.pfx", "EX1", "EX2");
    const other = "(ConvertTo-SecureString -String other -AsPlainText -Force)";
    expect(await codeOf("EX2", `Import-ExchangeCertificate C:\\shared.pfx -Password ${other}`)).to.equal(
      "CERT_PFX_PASSWORD",
    );
    expect(await codeOf("EX2", "Import-ExchangeCertificate C:\\shared.pfx")).to.equal("CERT_PFX_PASSWORD");
    expect(await named(made, "EX2")).to.equal(undefined);
    await lab.shell("EX2", `Import-ExchangeCertificate C:\\shared.pfx -Password ${password}`);
    expect(await named(made, "EX2")).to.deep.include({
      hasPrivateKey: true,
      privateKeyExportable: false,
      services: [],
    });

    await lab.shell("EX1", `Export-ExchangeCertificate ${made} -Path C:\\text.pfx -Password ${password}`);
    await lab.carryFile("C:\\text.pfx", "EX1", "EX2");
    expect(await codeOf("EX2", `Import-ExchangeCertificate C:\\text.pfx -Password ${password}`)).to.equal(
      "CERT_DUPLICATE",
    );
  });

  it("is asked for by a request, answered by an authority, and enabled", async () => {
    const request = "New-ExchangeCertificate -GenerateRequest -Path C:\\mail.req -DomainName mail.proexchange.local";
    const pending = await make(request);
    expect(await named(pending)).to.deep.include({ status: "PendingRequest", rootCaType: "Unknown", services: [] });
    expect(await codeOf("EX1", request)).to.equal("FILE_EXISTS");
    for (const line of [
      `Enable-ExchangeCertificate ${pending} -Services SMTP`,
      `Get-ExchangeCertificate ${pending} | New-ExchangeCertificate`,
    ])
      expect(await codeOf("EX1", line)).to.equal("CERT_REQUEST_WAITS");
    await lab.shell("EX1", `Export-ExchangeCertificate ${pending} -Path C:\\again.req`);
    expect(await readFile(disk("EX1", "files", "again.req"))).to.deep.equal(
      await readFile(disk("EX1", "files", "mail.req")),
    );

    const issue = { authority: "Contoso Issuing", on: "EX1", request: "C:\\mail.req", answer: "C:\\mail.p7b" };
    const issued = await lab.issueFromRequest(issue);
    await lab.carryFile("C:\\mail.p7b", "EX1", "EX2");
    const foreign = await failureOf("EX2", "Import-ExchangeCertificate C:\\mail.p7b");
    expect(foreign).to.include({ code: "CERT_ANSWER_FOREIGN" });
    expect(foreign.message).to.match(/\(reason: PrivateKeyMissing\)$/);
    expect(await make("Import-ExchangeCertificate C:\\mail.p7b")).to.equal(issued);
    expect(await named(pending)).to.equal(undefined);
    expect(await codeOf("EX1", "Import-ExchangeCertificate C:\\mail.p7b")).to.equal("CERT_DUPLICATE");
    expect(await named(issued)).to.deep.include({
      issuer: "CN=Contoso Issuing",
      status: "Valid",
      rootCaType: "Enterprise",
      isSelfSigned: false,
    });
    const unknown = lab
      .issueFromRequest({ ...issue, authority: "Nobody" })
      .catch((thrown: { code: string }) => thrown.code);
    expect(await unknown).to.equal("CERT_AUTHORITY_UNKNOWN");
  });

  it("is not for POP or IMAP where it has a wildcard", async () => {
    const made = await make("New-ExchangeCertificate -DomainName *.proexchange.local -Services IIS");
    for (const line of [
      `Enable-ExchangeCertificate ${made} -Services pop`,
      "New-ExchangeCertificate -DomainName *.proexchange.local -Force",
    ])
      expect(await codeOf("EX1", line)).to.equal("CERT_WILDCARD_SERVICE");
    expect((await named(made))?.services).to.deep.equal(["IIS"]);
  });

  it("keeps keys and passwords out of everything that is written, shown or refused", async () => {
    await lab.settled();
    const keys: string[] = [];
    for (const server of ["EX1", "EX2"]) {
      const folder = disk(server, "certificates");
      for (const name of (await readdir(folder)).filter((one) => one.endsWith(".key"))) {
        expect((await stat(join(folder, name))).mode & 0o777, name).to.equal(0o600);
        keys.push(...(await readFile(join(folder, name), "utf8")).split("\n").slice(1, -2));
      }
    }
    expect(keys.length).to.be.above(100);
    const written = await filesUnder(lab.logsFolder);
    written.push(await lab.shell("EX1", "Get-ExchangeCertificate | Format-List *"));
    written.push(JSON.stringify(await lab.directoryObjects("EX1")));
    for (const text of written) {
      expect(text).not.to.match(/geheim|PRIVATE KEY/);
      expect(keys.filter((line) => line.length === 64 && text.includes(line))).to.deep.equal([]);
    }
  });
});

describe("renewal in a lab with renewalKeepsIis: false", () => {
  const place = usePlace();

  it("leaves IIS where it was, and takes the other services over", async () => {
    const lab = await startTestLab(place, { topology: { ...declared(), renewalKeepsIis: false } });
    await lab.shell("EX1", "Get-ExchangeCertificate | New-ExchangeCertificate -FriendlyName New -Force");
    const services = (await lab.server("EX1").exchangeCertificates()).map(({ friendlyName, services }) => [
      friendlyName,
      services,
    ]);
    expect(services).to.have.deep.members([
      ["New", ["IMAP", "POP", "SMTP"]],
      ["Microsoft Exchange", ["IMAP", "POP", "IIS", "SMTP"]],
    ]);
  });
});

describe("a scenario about keys and passwords", function () {
  this.timeout(60_000);
  const place = usePlace();

  it("shows neither of them in any of its reports, logs or journals", async () => {
    const scenario = await loadOwn("23-custom-names.yaml");
    let lab: TestLab | undefined;
    const written: string[] = [];
    const write = (text: string): void => void written.push(text);
    const options = { colour: false, quiet: false, interleaved: false };
    const reporters = reportKinds.map((kind) => makeReporter(kind, write, options));
    const result = await runScenario(scenario, {
      startLab: async (topology) => ({
        ...(lab = await startTestLab(place, { topology })),
        close: () => Promise.resolve(), // its folders are looked into
      }),
      execute: (running, server, line, answers) => runLine(line, { server: running.server(server), answers }),
      signal: new AbortController().signal,
      onStep: (_, step) => {
        for (const reporter of reporters) reporter.step?.(scenario, step);
      },
    });
    for (const reporter of reporters) reporter.scenario?.(scenario, result);
    for (const reporter of reporters) reporter.end?.([result]);
    if (!lab) throw new Error("no lab was started");
    await lab.settled();
    written.push(...(await filesUnder(lab.logsFolder)));

    const keyFiles = (await readdir(lab.dataFolder, { recursive: true })).filter((name) => name.endsWith(".key"));
    const keys = await Promise.all(keyFiles.map((name) => readFile(join(lab?.dataFolder ?? "", name), "utf8")));
    const lines = keys.flatMap((key) => key.split("\n").filter((line) => line.length === 64));
    expect(result.status).to.equal("passed");
    expect(written.join("")).to.match(/ConvertTo-SecureString -String \*\*\* -AsPlainText/);
    for (const text of written) {
      expect(text).not.to.match(/\bsecret\b|PRIVATE KEY/);
      expect(lines.filter((line) => text.includes(line))).to.deep.equal([]);
    }
    expect(lines.length).to.be.above(50);
  });
});

/** The text of every file below a folder. */
async function filesUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return Promise.all(
    entries.filter((entry) => entry.isFile()).map((entry) => readFile(join(entry.parentPath, entry.name), "latin1")),
  );
}
