import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { usePlace } from "../../helpers/lab.ts";
import { root } from "../../repo/source-tree.ts";
import { fakeIo } from "./fake-io.ts";
import { main } from "../../../src/cli/index.ts";

const listing = join(root, "test/unit/certificates/listing/01-exchange-2007-console.txt");

describe("hubedge explain", () => {
  const place = usePlace();

  async function explain(...argv: string[]): Promise<{ out: string; err: string; code: number | undefined }> {
    const io = fakeIo(place.path);
    await main(["explain", ...argv], io, "0.0.0");
    return io.written;
  }

  it("prints the choice, every candidate with its reason, the events, and what was taken for granted", async () => {
    const { out, code } = await explain(listing, "--fqdn", "mail.contoso.com", "--at", "2009-06-03");
    expect(out.split("\n")).to.deep.equal([
      "Inbound STARTTLS as mail.contoso.com: 0A1B2C3D4E5F60718293A4B5C6D7E8F901234567",
      '  presented  0A1B2C3D4E5F60718293A4B5C6D7E8F901234567  CN=mail.contoso.com, OU=IT, O="Contoso, Ltd.", L=Redmond, S=WA, C=US',
      "             the first PKI one with a trusted chain is presented [bb430748#7]",
      "  unfit      6F029E0D20605DB1233016B787C4503FD0002C01  CN=EX2007",
      "             its names are EX2007, EX2007.contoso.local [bb430748#4]",
      "  event 12016  0A1B2C3D4E5F60718293A4B5C6D7E8F901234567 has expired and is presented all the same",
      "",
      "taken for granted",
      "  of every certificate: it may be used for server authentication",
      "  of every certificate: it is of X.509 version 3",
      "  X-ANONYMOUSTLS is left out: which certificate the directory publishes is not in the listing",
      "",
    ]);
    expect(code).to.equal(0);
  });

  it("says that none is presented, and explains X-ANONYMOUSTLS where the internal certificate is named", async () => {
    const { out } = await explain(listing, "--fqdn", "smtp.contoso.com", "--internal", "AB", "--at", "2008-07-01");
    expect(out).to.match(/^Inbound STARTTLS as smtp\.contoso\.com: none is presented\n/);
    expect(out).to.include("Inbound X-ANONYMOUSTLS as smtp.contoso.com: none is presented\n");
    expect(out).to.match(/ {2}event 12013 {2}AB, which the directory publishes, is not in the store\n/);
  });

  it("takes a listing that is pasted into standard input", async () => {
    const io = fakeIo(place.path);
    io.input.end(readFileSync(listing));
    await main(["explain", "-", "--fqdn", "mail.contoso.com"], io, "0.0.0");
    expect(io.written.out).to.match(/^Inbound STARTTLS as mail\.contoso\.com: 0A1B2C3D/);
  });

  it("judges by the present day where no other is asked for", async () => {
    expect((await explain(listing, "--fqdn", "mail.contoso.com")).out).to.include("event 12016");
  });

  it("ends with 2 and a remedy where the file cannot be read, lists nothing, or the date is none", async () => {
    const empty = await place.write("empty.txt", "nothing\n");
    const wrong: [string[], RegExp][] = [
      [[join(place.path, "absent.txt")], /^LISTING_UNREADABLE: Cannot read ".*absent.txt": ENOENT.*\n {4}remedy: /],
      [[empty], /^CERT_LISTING_EMPTY: /],
      [[listing, "--at", "tomorrow"], /^LISTING_AT_MALFORMED: Cannot judge certificates at "tomorrow"/],
    ];
    for (const [argv, message] of wrong) {
      const { out, err, code } = await explain(...argv, "--fqdn", "mail.contoso.com");
      expect(err).to.match(message);
      expect({ out, code }).to.deep.equal({ out: "", code: 2 });
    }
  });
});
