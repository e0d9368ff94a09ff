import { expect } from "chai";
import { maskLog, type Names } from "../helpers/golden.ts";

const names: Names = {
  addresses: new Map([
    ["127.1.1.1", "Ex2007EE"],
    ["127.1.2.1", "Ex2007SE"],
  ]),
  listeners: new Map([["127.1.1.1:25", "Default"]]),
  thumbprints: new Map([["6F029E0D20605DB1233016B787C4503FD0002C01", "Ex2007EE"]]),
};
const header = "#Software: Microsoft Exchange Server\n#Date: 2008-05-12T10:00:00.000Z\n";
const row = (session: string, sequence: number, rest: string, local = "127.1.2.1:4711"): string =>
  `2008-05-12T10:00:00.123Z,Intra,${session},${sequence},${local},127.1.1.1:25,${rest}\n`;
const masked = (...rows: string[]): string[] =>
  maskLog(header + rows.join(""), names)
    .split("\n")
    .slice(2, -1);
const [a, b] = ["08CA822E1320D000", "08CA822E1320D001"];

describe("a masked log", () => {
  it("has its endpoints, thumbprints and times by name", () => {
    expect(maskLog(header, names)).to.include("#Date: <time>");
    expect(
      masked(
        row(a, 0, "*,,attempting to connect", ""),
        row(a, 1, "*,6F029E0D20605DB1233016B787C4503FD0002C01,Certificate thumbprint"),
      ),
    ).to.deep.equal([
      "<time>,Intra,<session:1>,0,,<ip:Ex2007EE>:<port:Default>,*,,attempting to connect",
      "<time>,Intra,<session:1>,1,<ip:Ex2007SE>:<port>,<ip:Ex2007EE>:<port:Default>,*,<thumbprint:Ex2007EE>,Certificate thumbprint",
    ]);
  });

  it("masks whatever varies in the data, and nothing else", () => {
    const data = (text: string): string =>
      masked(row(a, 0, text))[0]
        ?.split(",")
        .slice(6)
        .join(",") ?? "";
    expect(data('<,"220 x ready at Mon, 12 May 2008 10:00:00 +0000",')).to.equal("<,220 x ready at <time>,");
    expect(data("<,250-x Hello [127.1.2.1],")).to.equal("<,250-x Hello [<ip:Ex2007SE>],");
    expect(data("<,250-x Hello [127.0.0.1],")).to.equal("<,250-x Hello [<ip:outside>],");
    expect(data(">,MAIL FROM:<a@b> SIZE=481,")).to.equal(">,MAIL FROM:<a@b> SIZE=<size>,");
    expect(data(">,BDAT 481 LAST,")).to.equal(">,BDAT <size> LAST,");
    expect(data("*,61A2B3C4D5E6F7A8,Certificate serial number")).to.equal("*,<serial>,Certificate serial number");
    expect(data(`*,${a};2008-05-12T10:00:00.309Z;1,receiving message`)).to.equal(
      "*,<session:1>;<time>;1,receiving message",
    );
    expect(data("<,250 2.6.0 <3a8592b5-8023-4d45-a264-e659006485de@x.local> Queued,")).to.equal(
      "<,250 2.6.0 <id@x.local> Queued,",
    );
    expect(data("<,550 5.7.1 Unable to relay,")).to.equal("<,550 5.7.1 Unable to relay,");
  });

  it("still shows a certificate of nobody as one of nobody", () => {
    expect(masked(row(a, 0, `*,${"0".repeat(40)},Certificate thumbprint`))[0]).to.include("<thumbprint:unknown>");
  });

  it("is the same whichever way two sessions were interleaved", () => {
    const [a0, a1, b0, b1] = [
      row(a, 0, ">,EHLO a,"),
      row(a, 1, ">,QUIT,"),
      row(b, 0, ">,EHLO b,"),
      row(b, 1, ">,QUIT,"),
    ];
    const apart = masked(a0, a1, b0, b1);
    expect(masked(a0, b0, a1, b1)).to.deep.equal(apart);
    expect(masked(a0, b0, b1, a1)).to.deep.equal(apart);
    expect(apart[2]).to.include("<session:2>,0");
  });

  it("differs when a row is lost, or another one, or out of order", () => {
    const good = masked(row(a, 0, ">,STARTTLS,"), row(a, 1, "<,220 ready,"));
    expect(masked(row(a, 0, ">,STARTTLS,"))).to.not.deep.equal(good);
    expect(masked(row(a, 0, ">,X-ANONYMOUSTLS,"), row(a, 1, "<,220 ready,"))).to.not.deep.equal(good);
    expect(masked(row(a, 0, "<,220 ready,"), row(a, 1, ">,STARTTLS,"))).to.not.deep.equal(good);
  });
});
