import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import {
  decodeListing,
  defaultDisputedRules,
  type ListedCertificate,
  readListing,
  rulesByListing,
  selectForStartTls,
} from "../../../src/certificates/index.ts";
import { dateOrderOf, readListedDate } from "../../../src/certificates/select/listing/dates.ts";
import { readNames, readServices } from "../../../src/certificates/select/listing/values.ts";

const listingOf = (file: string): ReturnType<typeof readListing> =>
  readListing(decodeListing(readFileSync(join(import.meta.dirname, "listing", file))));

describe("readListing", () => {
  it("reads an Exchange 2007 console's listing, with names and subjects that go on in the next line", () => {
    const { certificates, requests, published, assumptions } = listingOf("01-exchange-2007-console.txt");
    const [mail, own] = certificates as [ListedCertificate, ListedCertificate];
    expect(certificates).to.have.length(2);
    expect({ requests, published }).to.deep.equal({ requests: [], published: undefined });
    expect(mail).to.deep.include({
      thumbprint: "0A1B2C3D4E5F60718293A4B5C6D7E8F901234567",
      subject: 'CN=mail.contoso.com, OU=IT, O="Contoso, Ltd.", L=Redmond, S=WA, C=US',
      certificateDomains: ["mail.contoso.com", "autodiscover.contoso.com", "EX2007", "EX2007.contoso.local"],
      notBefore: new Date("2008-06-02T11:20:31Z"),
      services: ["IMAP", "POP", "IIS", "SMTP"],
      selfSigned: false,
      hasPrivateKey: true,
      publicKey: { kind: "RSA", bits: 2048 },
      status: "Valid",
    });
    expect(own).to.deep.include({
      certificateDomains: ["EX2007", "EX2007.contoso.local"],
      notAfter: new Date("2009-05-17T22:30:00Z"),
      services: ["SMTP"],
      selfSigned: true,
    });
    expect(assumptions).to.deep.equal([
      "of every certificate: it may be used for server authentication",
      "of every certificate: it is of X.509 version 3",
    ]);
  });

  it("reads a listing out of a mail, with dates of another culture, services of later editions and names cut off", () => {
    const { certificates, assumptions } = listingOf("02-german-console-mailed.txt");
    const [mail, auth] = certificates as [ListedCertificate, ListedCertificate];
    expect(mail).to.deep.include({
      certificateDomains: ["mail.contoso.de", "autodiscover.contoso.de", "ex01", "ex01.contoso.local", "..."],
      notBefore: new Date("2012-04-02T02:00:00Z"),
      services: ["IMAP", "POP", "UM", "IIS", "SMTP"],
      status: "Gültig",
    });
    expect(auth.certificateDomains).to.deep.equal(["Microsoft Exchange Server Auth Certificate"]);
    expect(assumptions).to.include.members([
      `of ${mail.thumbprint}: its chain leads to a trusted root (Status is Gültig)`,
      `of ${mail.thumbprint}: the names that the listing cuts off do not matter ($FormatEnumerationLimit = -1 shows all)`,
    ]);
  });

  it("reads every property of a later edition, and takes a request for no certificate", () => {
    const { certificates, requests, assumptions } = listingOf("03-format-list-star-2013.txt");
    const [wildcard, client] = certificates as [ListedCertificate, ListedCertificate];
    expect(certificates).to.have.length(2);
    expect(requests).to.deep.equal(["5".repeat(40)]);
    expect(wildcard).to.deep.include({
      certificateDomains: ["*.contoso.com", "contoso.com"],
      enhancedKeyUsage: ["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"],
      notAfter: new Date("2014-12-31T23:59:59Z"),
      services: ["IIS", "SMTP"],
      status: "Untrusted",
    });
    expect(client).to.deep.include({ x509Version: 1, hasPrivateKey: false, services: [], selfSigned: true });
    expect(client.notBefore).to.deep.equal(new Date("2014-03-02T00:00:00Z"));
    expect(assumptions).to.deep.equal([]);
  });

  it("takes for granted what half a listing leaves out, and says so", () => {
    const { certificates, published, assumptions } = listingOf("04-half-a-listing.txt");
    const [bare, typed] = certificates as [ListedCertificate, ListedCertificate];
    expect(published).to.equal(typed.thumbprint);
    expect(bare).to.deep.include({
      thumbprint: "6".repeat(40),
      certificateDomains: ["mail.contoso.com"],
      selfSigned: false,
      hasPrivateKey: true,
      services: ["SMTP"],
      x509Version: 3,
    });
    expect(typed).to.deep.include({
      certificateDomains: ["mail.contoso.com", "..."],
      notBefore: new Date("2008-02-03T01:00:00Z"),
      services: ["IMAP", "POP", "IIS", "SMTP"],
    });
    expect(assumptions).to.include.members([
      "dates are written month first: none of them has a number above 12 to tell",
      `of ${bare.thumbprint}: an authority issued it`,
      `of ${bare.thumbprint}: its chain leads to a trusted root (Status is not given)`,
      `of ${bare.thumbprint}: it is older than the others (NotBefore cannot be read)`,
      `of ${bare.thumbprint}: it has not expired (NotAfter cannot be read)`,
      `of ${bare.thumbprint}: its private key is there`,
      `of ${bare.thumbprint}: it is enabled for SMTP`,
      "of every certificate: its key is RSA of 2048 bits",
    ]);
  });

  it("reads nothing out of the table, which has neither names nor dates, and out of no listing at all", () => {
    const table = `Thumbprint                                Services   Subject
----------                                --------   -------
6F029E0D20605DB1233016B787C4503FD0002C01  IP.WS      CN=EX2007`;
    for (const text of [table, "", "The term 'Get-ExchangeCertificate' is not recognized : check the spelling"])
      expect(readListing(text)).to.deep.equal({
        certificates: [],
        requests: [],
        published: undefined,
        assumptions: [],
      });
  });

  it("takes a certificate that was pasted twice once, and a listing with empty lines between all lines as it is", () => {
    const text = readFileSync(join(import.meta.dirname, "listing/01-exchange-2007-console.txt"), "utf8");
    const once = readListing(text);
    expect(readListing(text + text)).to.deep.equal(once);
    expect(
      readListing(text.replaceAll("\n", "\r\n\r\n")).certificates.map((one) => one.certificateDomains),
    ).to.deep.equal(once.certificates.map((one) => one.certificateDomains));
  });
});

describe("decodeListing", () => {
  it("reads what PowerShell writes to a file, what editors do, and code pages", () => {
    const text = "Subject : CN=Müller";
    const wide = Buffer.from(text, "utf16le");
    for (const bytes of [
      Buffer.from(text, "utf8"),
      Buffer.from(`\ufeff${text}`, "utf8"),
      Buffer.concat([Buffer.of(0xff, 0xfe), wide]),
      Buffer.concat([Buffer.of(0xfe, 0xff), Buffer.from(wide).swap16()]),
      wide,
      Buffer.from(wide).swap16(),
      Buffer.from(text, "latin1"),
    ])
      expect(decodeListing(bytes)).to.equal(text);
  });
});

describe("the dates of a listing", () => {
  const may = "2009-05-17T";
  for (const [text, wanted] of [
    ["5/17/2009 10:30:00 PM", `${may}22:30:00Z`],
    ["5/17/2009 12:30:00 AM", `${may}00:30:00Z`],
    ["17/05/2009 10:30:00", `${may}10:30:00Z`],
    ["17/05/2009 10:30:00 p.m.", `${may}22:30:00Z`],
    ["17.05.2009 10:30:00", `${may}10:30:00Z`],
    ["17.5.2009 10.30.00", `${may}10:30:00Z`],
    ["17-5-2009 10:30:00", `${may}10:30:00Z`],
    ["2009-05-17 10:30:00", `${may}10:30:00Z`],
    ["2009/5/17 10:30:00", `${may}10:30:00Z`],
    ["2009. 05. 17. 10:30:00", `${may}10:30:00Z`],
    ["2009-05-17 오후 10:30:00", `${may}22:30:00Z`],
    ["2009/05/17 午前 10:30:00", `${may}10:30:00Z`],
    ["17/05/09 10:30", `${may}10:30:00Z`],
    ["17/05/2009", `${may}00:00:00Z`],
  ] as const)
    it(`are read: ${text}`, () => {
      expect(readListedDate(text, dateOrderOf([text]).order)).to.deep.equal(new Date(wanted));
    });

  for (const text of [
    "",
    "tomorrow",
    "31.02.2009 10:00:00",
    "13/13/2009",
    "17/05/2552 10:30:00",
    "1/1/1601 1:00:00 AM",
    "1.2.2009 99:99",
  ])
    it(`are none: "${text}"`, () => {
      expect(readListedDate(text, "day first")).to.equal(undefined);
    });

  it("tell their order by a number above 12, wherever in the listing it stands", () => {
    expect(dateOrderOf(["2/3/2008", "2/13/2008"])).to.deep.equal({ order: "month first", sure: true });
    expect(dateOrderOf(["2/3/2008 1:00 PM", "13/2/2008 1:00 PM"])).to.deep.equal({ order: "day first", sure: true });
    expect(dateOrderOf(["2/3/2008 1:00:00 PM"])).to.deep.equal({ order: "month first", sure: false });
    expect(dateOrderOf(["02/03/2008 13:00:00"])).to.deep.equal({ order: "day first", sure: false });
    expect(dateOrderOf(["02.03.2008 13:00:00"])).to.include({ sure: true });
  });
});

describe("the collections of a listing", () => {
  it("are cut where the console cut them: a last name without the end of the list is none", () => {
    expect(readNames("{a.b, c.d}")).to.deep.equal({ names: ["a.b", "c.d"], cut: false });
    expect(readNames("{a.b, c.d...}")).to.deep.equal({ names: ["a.b", "c.d"], cut: true });
    expect(readNames("{a.b, c.d…}")).to.deep.equal({ names: ["a.b", "c.d"], cut: true });
    expect(readNames("{a.b, c....")).to.deep.equal({ names: ["a.b"], cut: true });
    expect(readNames("{}")).to.deep.equal({ names: [], cut: false });
    expect(readNames("")).to.deep.equal({ names: [], cut: false });
  });

  it("name services by words or by letters, whatever else stands there", () => {
    expect(readServices("IMAP, POP, UM, IIS, SMTP, Federation, UMCallRouter")).to.deep.equal([
      "IMAP",
      "POP",
      "UM",
      "IIS",
      "SMTP",
    ]);
    for (const none of ["None", ".....", "", "SMTPS", "Keine"]) expect(readServices(none)).to.deep.equal([]);
    expect(readServices("IP.WSF.")).to.deep.equal(["IMAP", "POP", "IIS", "SMTP"]);
    expect(readServices("....S")).to.deep.equal(["SMTP"]);
  });
});

describe("a selection among listed certificates", () => {
  const at = new Date("2009-01-01T00:00:00Z");
  const withStatus = (status: string): ListedCertificate => {
    const [mail] = listingOf("01-exchange-2007-console.txt").certificates;
    return { ...(mail as ListedCertificate), status };
  };
  const chosen = (...certificates: ListedCertificate[]): string | undefined => {
    const connector = { name: "Default EX2007", authMechanism: ["Tls"] as const, fqdn: "mail.contoso.com" };
    const rules = rulesByListing(at, defaultDisputedRules);
    return selectForStartTls(connector, "EX2007.contoso.local", certificates, rules).outcome?.status;
  };

  it("takes the server's own word for their chains", () => {
    for (const status of ["Valid", "DateInvalid", "Unknown", "Gültig"])
      expect(chosen(withStatus(status)), status).to.equal(status);
    for (const status of ["Untrusted", "Revoked", "RevocationCheckFailure", "Invalid", "INVALID"])
      expect(chosen(withStatus(status)), status).to.equal(undefined);
  });
});
