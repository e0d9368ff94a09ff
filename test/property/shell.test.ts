import { expect } from "chai";
import fc from "fast-check";
import { LabError } from "../../src/base/index.ts";
import { cmdlets } from "../../src/commands/index.ts";
import { bind } from "../../src/shell/bind.ts";
import { type Argument, type Element, parse, type Pipeline, type Value } from "../../src/shell/parse.ts";
import { printPipeline } from "../../src/shell/print.ts";

/** Characters that mean something to the shell, more often than chance would have them. */
const sign = fc.constantFrom(..."'\"`$|;,#-:@(){}<>& \t\r\n\\\u2018\u2019\u201c\u201d\u2013abTrue0");
const text = fc.oneof(fc.string(), fc.string({ unit: sign }), fc.string({ unit: "binary" }));

const at = 0;
const textElement = text.map((written): Element => ({ kind: "text", text: written, at }));
const literal = fc.constantFrom(true, false, null).map((value): Element => ({ kind: "literal", value, at }));
const element = fc.oneof(textElement, literal);
const value: fc.Arbitrary<Value> = fc.oneof(
  element,
  fc.array(element, { minLength: 2, maxLength: 4 }).map((items): Value => ({ kind: "list", items, at })),
);
const name = fc.oneof(
  fc.stringMatching(/^[A-Za-z_]\w{0,12}$/),
  fc.constantFrom(...cmdlets.flatMap((cmdlet) => Object.keys(cmdlet.parameters))),
);
const argument: fc.Arbitrary<Argument> = fc.oneof(
  value.map((given): Argument => ({ kind: "value", value: given })),
  fc
    .record({ name, value: fc.option(value, { nil: undefined }) })
    .map((given): Argument => ({ kind: "parameter", ...given, at })),
);
const command = fc.record({ name: text, at: fc.constant(at), arguments: fc.array(argument, { maxLength: 5 }) });
const pipeline = fc
  .array(command, { minLength: 1, maxLength: 3 })
  .map(([head, ...rest]): Pipeline => [head as (typeof rest)[number], ...rest]);

describe("the shell's grammar", () => {
  it("parses every printed command back to itself", () => {
    fc.assert(
      fc.property(fc.array(pipeline, { maxLength: 3 }), (pipelines) => {
        const line = pipelines.map(printPipeline).join("; ");
        expect(withoutPlaces(parse(line))).to.deep.equal(withoutPlaces(pipelines));
      }),
    );
  });

  it("reads or refuses any line, and says where", () => {
    fc.assert(
      fc.property(text, (line) => {
        try {
          parse(line);
        } catch (failure) {
          expectShellError(failure);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it("binds or refuses any arguments of any cmdlet", () => {
    fc.assert(
      fc.property(fc.constantFrom(...cmdlets), fc.array(argument), (cmdlet, written) => {
        try {
          bind(cmdlet, { name: cmdlet.name, at, arguments: written }, "");
        } catch (failure) {
          expectShellError(failure);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("takes no longer than in proportion to the line", () => {
    // Each of these would take hours if any part of the reader were quadratic in what it reads.
    const million = 1_000_000;
    for (const [line, code] of [
      ["'".repeat(million + 1), "SHELL_QUOTE_OPEN"],
      [`x ${"`".repeat(million + 1)}`, "SHELL_BACKTICK_TRAILING"],
      [`x ${"$".repeat(million)}a`, "SHELL_VARIABLE_UNKNOWN"],
      [`x ${"a,".repeat(million)}`, "SHELL_VALUE_WANTED"],
      [`x ${"-a ".repeat(million)}(`, "SHELL_CHARACTER_UNEXPECTED"],
    ] as const)
      expect(() => parse(line))
        .to.throw(LabError)
        .with.property("code", code);
    expect(parse(";\n# \n".repeat(million / 5))).to.deep.equal([]);
  }).timeout(20_000);
});

function expectShellError(failure: unknown): void {
  expect(failure).to.be.instanceOf(LabError);
  expect((failure as LabError).code).to.match(/^SHELL_/);
  expect((failure as LabError).message).to.match(/column \d+$/);
}

/** The same commands, as if everything stood at the beginning of the line. */
const withoutPlaces = (pipelines: readonly Pipeline[]): unknown =>
  JSON.parse(JSON.stringify(pipelines), (key, held: unknown) => (key === "at" ? at : held));
