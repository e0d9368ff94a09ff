import { expect } from "chai";
import fc from "fast-check";
import { dotStuffed } from "../../../src/smtp/index.ts";

const stuffed = (text: string): string => dotStuffed(Buffer.from(text, "latin1")).toString("latin1");

describe("dotStuffed", () => {
  for (const [content, expected] of [
    ["", ".\r\n"],
    ["Hi", "Hi\r\n.\r\n"],
    ["Hi\r\n", "Hi\r\n.\r\n"],
    [".", "..\r\n.\r\n"],
    [".\r\n.\r\n", "..\r\n..\r\n.\r\n"],
    ["a\r\n.b\r\n..c", "a\r\n..b\r\n...c\r\n.\r\n"],
    ["a\n.\nMAIL FROM:<x>", "a\r\n..\r\nMAIL FROM:<x>\r\n.\r\n"],
    ["a\r.\rb", "a\r\n..\r\nb\r\n.\r\n"],
    ["a\n.\r\nb", "a\r\n..\r\nb\r\n.\r\n"],
  ] as const)
    it(`makes ${JSON.stringify(content)} ${JSON.stringify(expected)}`, () => {
      expect(stuffed(content)).to.equal(expected);
    });

  it("ends where it says and nowhere before, whatever a receiver takes for a line end", () => {
    const text = fc.array(fc.constantFrom(".", "\r", "\n", "\r\n", "a", "\u00ff")).map((parts) => parts.join(""));
    fc.assert(
      fc.property(text, (content) => {
        const sent = `\r\n${stuffed(content)}`;
        expect(sent.search(/(\r\n|\r|\n)\.(\r\n|\r|\n)/)).to.equal(sent.length - 5);
      }),
    );
  });

  it("is undone by a receiver that follows the standard", () => {
    const lines = fc
      .array(fc.constantFrom("", ".", "..", "a", ".a", "\u00ff"))
      .map((parts) => parts.map((line) => `${line}\r\n`).join(""));
    fc.assert(
      fc.property(lines, (content) => {
        expect(
          stuffed(content)
            .slice(0, -3)
            .replace(/(^|\r\n)\./g, "$1"),
        ).to.equal(content);
      }),
    );
  });
});
