import { expect } from "chai";
import { formatList, formatTable, formatValue } from "../../../src/shell/show/format.ts";

describe("formatTable", () => {
  it("puts a certificate's columns at 0, 42 and 53, as the Exchange Management Shell does", () => {
    const columns = [
      { property: "Thumbprint", width: 41 },
      { property: "ServicesStringForm", label: "Services", width: 10 },
      { property: "Subject" },
    ];
    const certificate = {
      Thumbprint: "6F029E0D20605DB1233016B787C4503FD0002C01",
      ServicesStringForm: "IP.WS",
      Subject: "CN=EX2007",
    };
    expect(formatTable([certificate], columns).split("\n")).to.deep.equal([
      "Thumbprint                                Services   Subject",
      "----------                                --------   -------",
      "6F029E0D20605DB1233016B787C4503FD0002C01  IP.WS      CN=EX2007",
    ]);
  });

  it("cuts what is too long for its column, or for the window, with three dots", () => {
    const columns = [{ property: "A", width: 8 }, { property: "B" }];
    const [, , row] = formatTable([{ A: "abcdefghij", B: "klmnopqrstuv" }], columns, 18).split("\n");
    expect(row).to.equal("abcde... klmnop...");
  });

  it("goes on below with what has no room in a last column that wraps", () => {
    const columns = [
      { property: "A", width: 4 },
      { property: "B", wrap: true },
    ];
    const text = formatTable(
      [
        { A: "abcdef", B: "one two three" },
        { A: "x", B: "four" },
      ],
      columns,
      13,
    );
    expect(text).to.equal("A    B\n-    -\na... one two\n     three\nx    four");
  });

  it("makes a column without a width as wide as what stands in it", () => {
    const text = formatTable([{ A: "a long value", B: "x" }], [{ property: "A" }, { property: "B" }]);
    expect(text).to.equal("A            B\n-            -\na long value x");
  });

  it("says which columns have no room, as PowerShell does", () => {
    const columns = ["A", "B", "C"].map((property) => ({ property, width: 8 }));
    const top = (width: number): string | undefined =>
      formatTable([{ A: 1, B: 2, C: 3 }], columns, width).split("\n")[0];
    expect(top(18)).to.equal('WARNING: column "C" does not fit into the display and was removed.');
    expect(top(9)).to.equal("WARNING: 2 columns do not fit into the display and were removed.");
    expect(top(27)).to.equal("A        B        C");
  });

  it("aligns numbers and Booleans to the right where a property was asked for by name", () => {
    const columns = [
      { property: "Count", alignByValue: true, width: 8 },
      { property: "On", alignByValue: true, width: 6 },
      { property: "Name", alignByValue: true, width: 6 },
    ];
    const text = formatTable([{ Count: 7, On: true, Name: "x" }], columns);
    expect(text).to.equal("   Count     On Name\n   -----     -- ----\n       7   True x");
  });
});

describe("formatList", () => {
  it("aligns names, and parts objects by an empty line", () => {
    const objects = [
      { Name: "a", HubSiteEnabled: false },
      { Name: "b", HubSiteEnabled: true },
    ];
    expect(formatList(objects, ["Name", "HubSiteEnabled"])).to.equal(
      "Name           : a\nHubSiteEnabled : False\n\nName           : b\nHubSiteEnabled : True",
    );
  });

  it("leaves out properties that an object does not have", () => {
    expect(formatList([{ Name: "a" }], ["Name", "Other"])).to.equal("Name  : a");
  });

  it("wraps a long value between words and under its beginning", () => {
    const LastError = "451 4.4.0 Primary target IP address responded with 421 4.2.1 Unable to connect";
    expect(formatList([{ LastError }], ["LastError"], 50).split("\n")).to.deep.equal([
      "LastError : 451 4.4.0 Primary target IP address",
      "            responded with 421 4.2.1 Unable to",
      "            connect",
    ]);
  });

  it("breaks a word that is longer than a line", () => {
    expect(formatList([{ A: "x".repeat(50) }], ["A"], 34).split("\n")).to.deep.equal([
      `A : ${"x".repeat(30)}`,
      `    ${"x".repeat(20)}`,
    ]);
  });
});

describe("formatValue", () => {
  const cases: readonly [unknown, string][] = [
    [true, "True"],
    [false, "False"],
    [null, ""],
    [undefined, ""],
    [7, "7"],
    ["text", "text"],
    [["a", "b"], "{a, b}"],
    [[], "{}"],
    [Array.from({ length: 17 }, (_, index) => index), "{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, ...}"],
    [new Date("2008-05-12T10:00:00Z"), "5/12/2008 10:00:00 AM"],
    [new Date("2008-12-01T00:05:09Z"), "12/1/2008 12:05:09 AM"],
    [new Date("2008-12-01T12:00:00Z"), "12/1/2008 12:00:00 PM"],
    [new Date("2008-12-01T23:59:59Z"), "12/1/2008 11:59:59 PM"],
    [{ a: 1 }, '{"a":1}'],
  ];
  for (const [value, text] of cases)
    it(`prints ${JSON.stringify(value)} as ${JSON.stringify(text)}`, () => expect(formatValue(value)).to.equal(text));
});
