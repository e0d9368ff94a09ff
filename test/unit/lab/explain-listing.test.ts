import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { LabError } from "../../../src/base/index.ts";
import { type CertificateExplanation, explainListing } from "../../../src/lab/index.ts";
import { root } from "../../repo/source-tree.ts";

const file = "01-exchange-2007-console.txt";
const bytes = readFileSync(join(root, "test/unit/certificates/listing", file));
const mail = "0A1B2C3D4E5F60718293A4B5C6D7E8F901234567";
const own = "6F029E0D20605DB1233016B787C4503FD0002C01";
const at = new Date("2008-07-01T00:00:00Z");

const explained = (fqdn: string, published?: string, text: Uint8Array = bytes): CertificateExplanation =>
  explainListing(text, file, { fqdn, published, at });

describe("explainListing", () => {
  it("says which of a real server's certificates a connector of that name presents, and why", () => {
    const { choices } = explained("mail.contoso.com");
    expect(choices).to.have.length(1);
    expect(choices[0]).to.deep.include({ selection: "Inbound STARTTLS", about: "mail.contoso.com", chosen: mail });
    expect(choices[0]?.candidates.map(({ thumbprint, fate, reason }) => [thumbprint, fate, reason])).to.deep.equal([
      [mail, "chosen", "the first valid PKI one is presented"],
      [own, "unfit", "its names are EX2007, EX2007.contoso.local"],
    ]);
  });

  it("prefers the authority's certificate to the self-signed one where both bear the name", () => {
    const [choice] = explained("EX2007.contoso.local").choices;
    expect(choice?.chosen).to.equal(mail);
    expect(choice?.candidates[1]?.reason).to.equal(`signs itself, and ${mail} is a valid PKI one`);
  });

  it("says nothing of X-ANONYMOUSTLS unless it is known which certificate the directory publishes", () => {
    expect(explained("mail.contoso.com").assumptions).to.include(
      "X-ANONYMOUSTLS is left out: which certificate the directory publishes is not in the listing",
    );
    const known = explained("mail.contoso.com", own.toLowerCase().replace(/../g, "$& "));
    expect(known.choices.map(({ selection, chosen }) => [selection, chosen])).to.deep.equal([
      ["Inbound STARTTLS", mail],
      ["Inbound X-ANONYMOUSTLS", own],
    ]);
    expect(known.assumptions.join()).not.to.include("X-ANONYMOUSTLS");
    const beside = Buffer.concat([bytes, Buffer.from(`InternalTransportCertificateThumbprint : ${own}\n`)]);
    expect(explained("mail.contoso.com", undefined, beside).choices[1]?.chosen).to.equal(own);
  });

  it("leaves out requests, and says so", () => {
    const text = Buffer.from(`${bytes.toString()}\nThumbprint : 55\nStatus : PendingRequest\n`);
    expect(explained("mail.contoso.com", undefined, text).assumptions[0]).to.match(/^55 is a request .* left out$/);
  });

  it("refuses a text that lists no certificate", () => {
    for (const text of ["", "Thumbprint : 55\nStatus : PendingRequest\n"])
      try {
        explained("mail.contoso.com", undefined, Buffer.from(text));
        expect.fail("it was not refused");
      } catch (failure) {
        if (!(failure instanceof LabError)) throw failure;
        expect(failure.code).to.equal("CERT_LISTING_EMPTY");
        expect(failure.message.includes("but requests, 1 of them")).to.equal(text !== "");
      }
  });
});
