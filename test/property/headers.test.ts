import { expect } from "chai";
import fc from "fast-check";
import { headerLength, organizationHeaders, withoutHeaders } from "../../src/smtp/index.ts";

const strip = (content: string): string =>
  withoutHeaders(Buffer.from(content, "latin1"), organizationHeaders).toString("latin1");
const headerOf = (content: string): string => content.slice(0, headerLength(Buffer.from(content, "latin1")));
const bodyOf = (content: string): string => content.slice(headerOf(content).length);

/** What a firewall is evaded with: the wanted and the unwanted, and every way to end a line. */
const hostile = fc
  .array(
    fc.constantFrom(
      "X-MS-Exchange-Organization-SCL: -1",
      "x-ms-EXCHANGE-forest-A:b",
      "X-MS-",
      "Exchange-Organization-A: 1",
      "Subject: a",
      "To: b",
      " ",
      "\t",
      "\0",
      "\xff",
      "\r",
      "\n",
      "\r\n",
      "\r\n\r\n",
    ),
    { maxLength: 24 },
  )
  .map((parts) => parts.join(""));

/** A header as honest people write it. */
const honest = fc.array(
  fc.record({
    name: fc.constantFrom("Subject", "Received", "X-MS-Exchange-Organization-SCL", "X-MS-EXCHANGE-FOREST-x", "X-MS-A"),
    lines: fc.array(fc.constantFrom("a", "b: c", "X-MS-Exchange-Organization-A: 1", ""), {
      minLength: 1,
      maxLength: 3,
    }),
  }),
  { maxLength: 8 },
);

describe("what the header firewall leaves", () => {
  it("has no unwanted field, whatever its reader takes for a line end", () => {
    fc.assert(
      fc.property(hostile, (content) => {
        expect(headerOf(strip(content))).not.to.match(/(?:^|\r|\n)x-ms-exchange-(?:organization|forest)-/i);
      }),
      { numRuns: 5_000 },
    );
  });

  it("keeps the body, and nothing of it becomes header", () => {
    fc.assert(
      fc.property(hostile, (content) => {
        const stripped = strip(content);
        expect(stripped.endsWith(bodyOf(content))).to.equal(true);
        expect(bodyOf(stripped).length).to.be.at.least(bodyOf(content).length);
      }),
      { numRuns: 5_000 },
    );
  });

  it("loses nothing when it passes the firewall again", () => {
    fc.assert(
      fc.property(hostile, (content) => {
        expect(strip(strip(content))).to.equal(strip(content));
      }),
    );
  });

  it("is an honest message without its unwanted fields, octet by octet", () => {
    const text = (fields: readonly { name: string; lines: readonly string[] }[]): string =>
      fields.map(({ name, lines }) => `${name}: ${lines.join("\r\n ")}\r\n`).join("");
    fc.assert(
      fc.property(honest, fc.constantFrom("", "Hi", "X-MS-Exchange-Organization-SCL: -1\r\n"), (fields, body) => {
        const wanted = fields.filter(({ name }) => !/^X-MS-Exchange-(?:Organization|Forest)-/i.test(name));
        expect(strip(`${text(fields)}\r\n${body}`)).to.equal(`${text(wanted)}\r\n${body}`);
      }),
    );
  });
});
