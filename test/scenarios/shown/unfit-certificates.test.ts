import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { LabError } from "../../../src/base/index.ts";
import { answering } from "../../helpers/answering.ts";
import { declaredTopology, startTestLab, type TestLab, usePlace } from "../../helpers/lab.ts";

const clock = "2008-05-12T10:00:00Z";

describe("certificates of a server that Exchange can't use", () => {
  const place = usePlace();
  let lab: TestLab;

  const refusals = {
    "client-eku-only": "PkixKpServerAuthNotFoundInEnhancedKeyUsage",
    "wrong-key-usage": "SigningNotSupported",
    "weak-key-768": "KeyAlgorithmUnsupported",
    ecdsa: "KeyAlgorithmUnsupported",
    ed25519: "KeyAlgorithmUnsupported",
    "no-private-key": "PrivateKeyMissing",
  };
  const warnings = { expired: "DateInvalid", "not-yet-valid": "DateInvalid", "unknown-issuer": "Untrusted" };
  const sound = ["no-eku", "weak-key-1024"];

  before(async () => {
    const flaws = [...Object.keys(refusals), ...Object.keys(warnings), ...sound];
    const certificates = flaws.map((flaw) => ({ issuer: "Proexchange Root", flaw, names: [`${flaw}.example`] }));
    lab = await startTestLab(place, {
      topology: declaredTopology(
        {
          organization: "proexchange",
          domains: ["proexchange.local"],
          clock,
          keys: "p256",
          sites: { SiteA: {} },
          servers: {
            HUB1: { site: "SiteA", roles: ["HubTransport"], certificates, trusts: ["Proexchange Root"] },
            CAS1: { site: "SiteA", roles: ["ClientAccess"] },
          },
        },
        { authorities: { "Proexchange Root": {} } },
      ),
    });
  });

  const held = async (flaw: string) =>
    (await lab.server("HUB1").exchangeCertificates()).find(({ subject }) => subject === `CN=${flaw}.example`);
  const internal = async () =>
    (await lab.server("HUB1").exchangeCertificates()).find(({ internalTransport }) => internalTransport)?.thumbprint;
  /** What is shown to somebody who always says no, or the refusal; `asked` counts the questions. */
  async function type(line: string, on = "HUB1"): Promise<{ text: string; asked: number }> {
    const person = answering(lab, on, "N");
    const text = await person
      .run(line)
      .catch((failure: unknown) =>
        failure instanceof LabError ? `${failure.code} ${failure.message}` : String(failure),
      );
    return { text, asked: person.asked.length };
  }

  for (const [flaw, reason] of Object.entries(refusals))
    it(`are refused before anything is asked, with the reason: ${flaw}, ${reason}`, async () => {
      const found = await held(flaw);
      const { text, asked } = await type(`Enable-ExchangeCertificate ${found?.thumbprint} -Services SMTP`);
      const words = `The certificate with thumbprint ${found?.thumbprint} was found but is not valid for use with Exchange Server`;
      expect(text).to.include(`${words} (reason: ${reason})`);
      expect(asked).to.equal(0);
      expect((await held(flaw))?.invalidity).to.deep.equal({ reason, refused: true });
    });

  for (const [flaw, reason] of Object.entries(warnings))
    it(`are taken with a warning where that may pass: ${flaw}, ${reason}`, async () => {
      const found = await held(flaw);
      const { text } = await type(`Enable-ExchangeCertificate ${found?.thumbprint} -Services IIS`);
      expect(text).to.match(new RegExp(`WARNING: .*${found?.thumbprint}.*reason: ${reason}`));
      expect((await held(flaw))?.services).to.include("IIS");
    });

  for (const flaw of sound)
    it(`are not meant by that: ${flaw} is taken without a word`, async () => {
      expect((await type(`Enable-ExchangeCertificate ${(await held(flaw))?.thumbprint} -Services IIS`)).text).to.equal(
        "",
      );
    });

  it("are taken in from a file with the warning, and still of no use", async () => {
    const found = await held("client-eku-only");
    const secret = "-Password (ConvertTo-SecureString -String geheim -AsPlainText -Force)";
    await lab.shell("HUB1", `Export-ExchangeCertificate ${found?.thumbprint} -Path C:\\a.pfx ${secret}`);
    await lab.carryFile("C:\\a.pfx", "HUB1", "CAS1");
    const { text } = await type(`Import-ExchangeCertificate C:\\a.pfx ${secret}`, "CAS1");
    expect(text).to.match(/WARNING: .*reason: PkixKpServerAuthNotFoundInEnhancedKeyUsage.*No service can be enabled/s);
    const failure = await type(`Enable-ExchangeCertificate ${found?.thumbprint} -Services IIS`, "CAS1");
    expect(failure.text).to.match(/^CERT_NOT_FOR_EXCHANGE /);
  });

  it("show no PrivateKey where it is no RSA key, as .NET has none to show", async () => {
    const shown = async (flaw: string) =>
      (await type(`Get-ExchangeCertificate ${(await held(flaw))?.thumbprint} | Format-List PrivateKey`)).text.trim();
    expect(await shown("weak-key-1024")).to.match(/: System\.Security\.Cryptography\.RSACryptoServiceProvider$/);
    for (const flaw of ["ecdsa", "ed25519", "no-private-key"])
      expect(await shown(flaw), flaw).to.match(/^PrivateKey :$/);
  });

  it("are not removed, nor said to be, while the directory publishes them: nobody is asked", async () => {
    const inUse = await internal();
    for (const line of [`Remove-ExchangeCertificate ${inUse}`, `Remove-ExchangeCertificate ${inUse} -WhatIf`]) {
      const { text, asked } = await type(line);
      expect(text).to.match(/^CERT_IN_USE /);
      expect(asked).to.equal(0);
    }
  });

  it("are asked about where nothing stands against it", async () => {
    const { text, asked } = await type(`Remove-ExchangeCertificate ${(await held("no-eku"))?.thumbprint}`);
    expect({ text, asked }).to.deep.equal({ text: "", asked: 1 });
    expect(await held("no-eku")).not.to.equal(undefined);
  });

  const password = "-Password (ConvertTo-SecureString -String geheim -AsPlainText -Force)";
  for (const [line, code] of [
    ["New-ExchangeCertificate -SubjectName nonsense", "CERT_SUBJECT_MALFORMED"],
    ["New-ExchangeCertificate -DomainName *.example", "CERT_WILDCARD_SERVICE"],
    [`New-ExchangeCertificate -GenerateRequest -Path C:\\a.req -SubjectName nonsense`, "CERT_SUBJECT_MALFORMED"],
    ["Import-ExchangeCertificate C:\\nowhere.cer", "FILE_UNKNOWN"],
    ["Import-ExchangeCertificate C:\\foreign.cer", "CERT_ANSWER_FOREIGN"],
    ["New-ExchangeCertificate -DomainName mail_1.example -Services SMTP", "COMMAND_DOMAIN_MALFORMED"],
    ["New-ExchangeCertificate -GenerateRequest -Path C:\\ -Force", "FILE_UNWRITABLE"],
    [`Export-ExchangeCertificate OWN -Path C:\\a.pfx ${password}`, "CERT_KEY_NOT_EXPORTABLE"],
  ] as const)
    it(`promise nothing that would be refused: ${line.slice(0, 60)}`, async () => {
      const [elsewhere] = await lab.server("CAS1").exchangeCertificates();
      await writeFile(join(lab.dataFolder, "servers", "HUB1", "files", "foreign.cer"), elsewhere?.der ?? "");
      const before = (await lab.server("HUB1").exchangeCertificates()).length;
      for (const more of ["-WhatIf", "-Confirm"]) {
        const { text, asked } = await type(`${line.replace("OWN", (await internal()) ?? "")} ${more}`);
        expect(text).to.match(new RegExp(`^${code} `));
        expect(asked).to.equal(0);
      }
      expect(await lab.server("HUB1").exchangeCertificates()).to.have.length(before);
    });

  it("say under -Verbose what would come of it, also where nothing does: -WhatIf", async () => {
    const { text } = await type("New-ExchangeCertificate -DomainName mail.proexchange.local -Verbose -WhatIf");
    expect(text).to.match(/^VERBOSE: Common name: HUB1$/m);
    expect(text).to.match(/^VERBOSE: Names: HUB1, mail\.proexchange\.local$/m);
    expect(text).to.match(/^VERBOSE: Services: IMAP, POP, SMTP$/m);
    expect(text).to.match(new RegExp(`^VERBOSE: The default SMTP certificate is ${await internal()}$`, "m"));
    expect(text).to.match(/^What if: /m);
  });

  it("are for SMTP by default only where there is a transport role", async () => {
    const services = async (line: string) => {
      const { text } = await type(`${line} | Format-List Services`, "CAS1");
      return text.trim();
    };
    expect(await services("New-ExchangeCertificate -Confirm:$false")).to.equal("Services : IMAP, POP");
    expect(await services("New-ExchangeCertificate -IncludeAcceptedDomains")).to.equal("Services : IMAP, POP");
    expect(await services("New-ExchangeCertificate -Services SMTP")).to.equal("Services : SMTP");
  });
});

describe("a Hub whose private key is gone from its disk", () => {
  const place = usePlace();
  const [ee, se] = ["Ex2007EE", "Ex2007SE"];
  let lab: TestLab;
  let lost: string;

  before(async () => {
    const first = await startTestLab(place);
    lost = (await first.server(ee).exchangeCertificates())[0]?.thumbprint ?? "";
    await first.close();
    await rm(join(place.path, "data/servers", ee, "certificates", `${lost}.key`));
    lab = await startTestLab(place, { keepLogs: true });
    await lab.sendAndSettle();
  });

  const events = () => [...new Set(lab.facts.events().flatMap(({ server, id }) => (server === ee ? [id] : [])))].sort();
  const queue = async () => (await lab.server(se).queues()).find(({ messageCount }) => messageCount > 0);

  it("still lists the certificate, without a key, and can't have it used for anything", async () => {
    const text = await lab.shell(
      ee,
      "Get-ExchangeCertificate | Format-List HasPrivateKey, Status, PrivateKey, AccessRules",
    );
    expect(text).to.match(/^HasPrivateKey : False$/m);
    expect(text).to.match(/^Status +: Valid$/m);
    expect(text).to.match(/^PrivateKey +:$/m);
    expect(text).to.match(/^AccessRules +: \{\}$/m);
    const failure: unknown = await lab
      .shell(ee, `Enable-ExchangeCertificate ${lost} -Services POP`)
      .catch((thrown: unknown) => thrown);
    expect(failure).to.include({ code: "CERT_PRIVATE_KEY_MISSING" });
  });

  it("offers no TLS by either verb, and says why", async () => {
    const rows = await lab.rows(ee, "SmtpReceive");
    expect(rows.filter(({ data }) => /^250-(STARTTLS|X-ANONYMOUSTLS)$/.test(data))).to.deep.equal([]);
    expect(events()).to.include.members([12013, 12014]);
    const choices = await lab.shell(
      ee,
      `Get-ExchangeCertificate -Explain "${ee}\\Default ${ee}" | Format-List Fate, Reason`,
    );
    expect(choices)
      .to.match(/Unfit/)
      .and.match(/private key/);
  });

  it("gets no mail from the other Hub, which waits, and gets it once it has a certificate with a key", async () => {
    expect(await lab.inbox("bob")).to.deep.equal([]);
    expect(await queue()).to.include({ status: "Retry", messageCount: 1 });
    expect((await queue())?.lastError).to.include("STARTTLS is required to send mail");
    await lab.shell(ee, "New-ExchangeCertificate -Services SMTP -Force");
    await lab.shell(se, `Retry-Queue "${(await queue())?.identity}"`);
    await lab.settled();
    expect(await lab.inbox("bob")).to.have.length(1);
  });
});
