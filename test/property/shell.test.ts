import { expect } from "chai";
import fc from "fast-check";
import { LabError } from "../../src/base/index.ts";
import { cmdlets } from "../../src/commands/index.ts";
import { languageCommands } from "../../src/shell/cmdlets/language-commands.ts";
import { wordAt } from "../../src/shell/complete/word-at.ts";
import type { Argument, Command, Expression, Script, Statement } from "../../src/shell/language/ast.ts";
import { keywords } from "../../src/shell/language/not-spoken.ts";
import { numberOf } from "../../src/shell/language/numbers.ts";
import { levels, tight } from "../../src/shell/language/operators.ts";
import { needsMore, parse } from "../../src/shell/language/parse.ts";
import { printScript } from "../../src/shell/language/print.ts";
import { prepare } from "../../src/shell/run/prepare.ts";
import { openSession, runLine } from "../../src/shell/index.ts";
import { fakeServer } from "../helpers/fake-server.ts";

/** Characters that mean something to the shell, more often than chance would have them. */
const sign = fc.constantFrom(..."'\"`$|;,#-:@(){}[]<>&=.+*/%!? \t\r\n\\\u2018\u2019\u201c\u201d\u2013abTrue0_");
const word = fc.constantFrom(
  "$x",
  "$_",
  "Get-Queue",
  " -eq ",
  "@(",
  "$(",
  "@{",
  "@'\n",
  '\n"@',
  "-not ",
  "1MB",
  "? {",
  " | ",
  "1..3",
  " -f ",
  " -join ",
  "-split ",
  "[int]",
  "[Byte[]]",
  "if",
  "foreach ",
  "$x += ",
);
const text = fc.oneof(
  fc.string(),
  fc.string({ unit: sign }),
  fc.string({ unit: "binary" }),
  fc.array(fc.oneof(word, sign), { maxLength: 40 }).map((parts) => parts.join("")),
);

const at = 0;
const identifier = fc.stringMatching(/^[A-Za-z_]\w{0,8}$/);
const variableName = fc
  .oneof(identifier, fc.stringMatching(/^[^}`]{1,8}$/))
  .filter((name) => !/^(?:true|false|null)$/i.test(name));
const number = fc.oneof(
  fc.integer({ min: -1e9, max: 1e9 }),
  fc.integer({ min: -1e9, max: 1e9 }).map((thousands) => thousands / 1000),
);
const commandName = fc
  .stringMatching(/^[A-Za-z_][\w-]{0,12}$/)
  .filter((name) => !Object.hasOwn(keywords, name.toLowerCase()));
/** A word that is a number where one will do. */
const bareNumber = fc
  .constantFrom("5", "-5", "0012", "1.50", "10MB", ".5", "3kb")
  .map((written) => ({ kind: "text" as const, text: written, number: numberOf(written) as number, at }));
const parameterName = fc.oneof(
  identifier,
  fc.constantFrom(...cmdlets.flatMap((cmdlet) => Object.keys(cmdlet.parameters))),
);

/** Whatever the grammar can say. */
const { script } = fc.letrec<{
  script: Script;
  statement: Statement;
  command: Command;
  argument: Argument;
  expression: Expression;
}>((tie) => {
  const scripts = fc.array(tie("statement"), { maxLength: 2 });
  const leaf: fc.Arbitrary<Expression> = fc.oneof(
    text.map((value) => ({ kind: "text" as const, text: value, at })),
    number.map((value) => ({ kind: "number" as const, value: value === 0 ? 0 : value, at })),
    fc.constantFrom(true, false, null).map((value) => ({ kind: "literal" as const, value, at })),
    variableName.map((name) => ({ kind: "variable" as const, name, at })),
  );
  const looked = fc.oneof(
    variableName.map((name) => ({ kind: "variable" as const, name, at })),
    fc.constantFrom(true, null).map((value) => ({ kind: "literal" as const, value, at })),
    scripts.map((body) => ({ kind: "sub" as const, body, at })),
  );
  const expandable = fc
    .tuple(looked, fc.array(fc.oneof(text, looked), { maxLength: 3 }))
    .map(([first, more]) => ({ kind: "expandable" as const, parts: joined([first, ...more]), at }));
  /** What `(…)` leaves a trace of: anything but a lone expression. */
  const grouped = tie("statement").filter(
    (one) => one.kind === "assignment" || one.rest.length > 0 || one.first.kind === "command",
  );
  return {
    script: scripts,
    statement: fc.oneof(
      { depthSize: "small" },
      fc
        .record({
          first: fc.oneof(tie("command"), tie("expression")),
          rest: fc.array(tie("command"), { maxLength: 2 }),
        })
        .map(({ first, rest }): Statement => ({ kind: "pipeline", first, rest, at })),
      fc
        .record({ name: variableName.filter((name) => name !== "_"), value: tie("statement") })
        .map((given): Statement => ({ kind: "assignment", ...given, at })),
    ),
    command: fc
      .record({
        name: fc.oneof(commandName, fc.constantFrom("?", "%")),
        arguments: fc.array(tie("argument"), { maxLength: 3 }),
      })
      .map((given) => ({ kind: "command" as const, ...given, at })),
    argument: fc.oneof(
      fc.oneof(tie("expression"), bareNumber).map((value): Argument => ({ kind: "value", value })),
      fc
        .record({ name: parameterName, value: fc.option(tie("expression"), { nil: undefined }) })
        .map((given): Argument => ({ kind: "parameter", ...given, at })),
    ),
    expression: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      leaf,
      expandable,
      fc
        .record({ of: tie("expression"), name: identifier })
        .map((given) => ({ kind: "member" as const, ...given, at })),
      fc
        .record({ of: tie("expression"), index: tie("expression") })
        .map((given) => ({ kind: "index" as const, ...given, at })),
      fc
        .record({ of: tie("expression"), name: identifier, arguments: fc.array(tie("expression"), { maxLength: 2 }) })
        .map((given) => ({ kind: "call" as const, ...given, at })),
      fc
        .array(tie("expression"), { minLength: 2, maxLength: 3 })
        .map((items) => ({ kind: "list" as const, items, at })),
      grouped.map((body) => ({ kind: "group" as const, body, at })),
      fc
        .constantFrom("sub", "array", "block")
        .chain((kind) => scripts.map((body) => ({ kind, body, at }))) as fc.Arbitrary<Expression>,
      fc
        .array(fc.record({ key: text, value: tie("statement") }), { maxLength: 2 })
        .map((entries) => ({ kind: "hash" as const, entries, at })),
      fc
        .record({ operator: fc.constantFrom("not", "-", ...tight), operand: tie("expression") })
        .map((given) => ({ kind: "unary" as const, ...given, at })),
      fc
        .record({ operator: fc.constantFrom(...levels.flat()), left: tie("expression"), right: tie("expression") })
        .map((given) => ({ kind: "binary" as const, ...given, at })),
    ),
  };
});

/** No two texts side by side, and none that is empty: as the parser makes them. */
function joined<T>(parts: readonly (string | T)[]): (string | T)[] {
  const made: (string | T)[] = [];
  for (const part of parts) {
    const last = made.at(-1);
    if (typeof part === "string" && typeof last === "string") made[made.length - 1] = last + part;
    else if (part !== "") made.push(part);
  }
  return made;
}

describe("the shell's grammar", () => {
  it("parses every printed script back to itself", () => {
    fc.assert(
      fc.property(script, (made) => {
        expect(withoutPlaces(parse(printScript(made)))).to.deep.equal(withoutPlaces(made));
      }),
      { numRuns: 300 },
    );
  });

  it("reads or refuses any line, and says where; what it reads it can print and prepare", () => {
    fc.assert(
      fc.property(text, (line) => {
        unlessRefused(() => {
          const read = parse(line);
          expect(withoutPlaces(parse(printScript(read)))).to.deep.equal(withoutPlaces(read));
          prepare(read, line, { cmdlets, language: languageCommands }, ["x"]);
        });
        needsMore(line);
      }),
      { numRuns: 1000 },
    );
  });

  it("binds or refuses any arguments of any command", () => {
    const commands = [...cmdlets, ...languageCommands];
    fc.assert(
      fc.property(fc.constantFrom(...commands), script, ({ name }, [statement]) => {
        const first =
          statement?.kind === "pipeline" && statement.first.kind === "command" ? statement.first : undefined;
        const called = { kind: "command" as const, name, arguments: first?.arguments ?? [], at };
        const line = printScript([{ kind: "pipeline", first: called, rest: [], at }]);
        unlessRefused(() => void prepare(parse(line), line, { cmdlets, language: languageCommands }, []));
      }),
      { numRuns: 400 },
    );
  });

  it("runs or refuses any expression", async () => {
    const expression = script.filter((made) =>
      made.every((one) => one.kind === "pipeline" && one.first.kind !== "command" && one.rest.length === 0),
    );
    await fc.assert(
      fc.asyncProperty(expression, async (made) => {
        await runLine(printScript(made), { server: fakeServer().api }).catch((failure: unknown) =>
          expectShellError(failure),
        );
      }),
      { numRuns: 300 },
    );
  });

  it("reads or refuses 10,000 characters of nonsense", () => {
    const nonsense = fc.array(fc.oneof(word, sign), { minLength: 5000, maxLength: 10_000, size: "max" });
    fc.assert(
      fc.property(nonsense, (parts) => unlessRefused(() => void parse(parts.join("")))),
      { numRuns: 20 },
    );
  });

  it("completes any line at any cursor, or offers nothing", async () => {
    const { api } = fakeServer();
    const session = openSession({ server: api, serverNamed: () => api, host: undefined });
    const begun = fc
      .tuple(fc.constantFrom("", ...cmdlets.map(({ name }) => `${name} -`)), text)
      .map((parts) => parts.join(""));
    await fc.assert(
      fc.asyncProperty(begun, fc.nat(60), async (line, cursor) => {
        const { start, candidates } = await session.complete(line, cursor);
        expect(start).to.be.at.most(Math.min(cursor, line.length));
        expect(candidates).to.deep.equal([...new Set(candidates)]);
      }),
    );
  });

  it("finds the word at any cursor of any line", () => {
    fc.assert(
      fc.property(text, fc.nat(50), (line, cursor) => {
        expect(wordAt(line, cursor).start).to.be.at.most(Math.min(cursor, line.length));
      }),
    );
  });

  it("takes no longer than in proportion to the line", () => {
    // Each of these would take hours if any part of the reader were quadratic in what it reads.
    const many = 100_000;
    for (const [line, code] of [
      ["'".repeat(many + 1), "SHELL_QUOTE_OPEN"],
      [`x ${"`".repeat(many + 1)}`, "SHELL_BACKTICK_TRAILING"],
      [`x ${"$".repeat(many)}a (`, "SHELL_BRACKET_OPEN"],
      [`x ${"a,".repeat(many)}`, "SHELL_VALUE_WANTED"],
      [`x ${"-a ".repeat(many)}<`, "SHELL_CHARACTER_UNEXPECTED"],
      ["(".repeat(many), "SHELL_TOO_DEEP"],
      ["-not ".repeat(many), "SHELL_TOO_DEEP"],
      ["1+".repeat(many), "SHELL_TOO_DEEP"],
      ['"$('.repeat(many), "SHELL_TOO_DEEP"],
      ["@{a=".repeat(many), "SHELL_TOO_DEEP"],
      ["$a=".repeat(many), "SHELL_TOO_DEEP"],
      ["$a[".repeat(many), "SHELL_TOO_DEEP"],
      ["[int]".repeat(many), "SHELL_TOO_DEEP"],
      ["-join ".repeat(many), "SHELL_TOO_DEEP"],
      ["1..".repeat(many), "SHELL_TOO_DEEP"],
      [`1${".".repeat(many)}`, "SHELL_VALUE_WANTED"],
      [`[${"a".repeat(many)}`, "SHELL_CHARACTER_UNEXPECTED"],
      [`$a${" ".repeat(many)}+=`, "SHELL_NOT_SPOKEN"],
    ] as const)
      expect(() => parse(line), line.slice(0, 10))
        .to.throw(LabError)
        .with.property("code", code);
    expect(parse(";\n# \n".repeat(many / 5))).to.deep.equal([]);
    for (const part of ["a |", "a = ", "? { ", "(", "a b "])
      expect(wordAt(part.repeat(many), Infinity).text).to.equal("");
  });

  it("evaluates the deepest script that it reads", async () => {
    const chain = `${"+1".repeat(60)}`;
    let line = "1";
    for (let depth = 0; depth < 30; depth++) line = `(${line}${chain})`;
    const { objects } = await runLine(line, { server: fakeServer().api });
    expect(objects).to.deep.equal([1801]);
  });
});

function unlessRefused(act: () => void): void {
  try {
    act();
  } catch (failure) {
    if (!(failure instanceof LabError)) throw failure;
    expectShellError(failure);
  }
}

function expectShellError(failure: unknown): void {
  if (!(failure instanceof LabError)) throw failure;
  expect(failure.code).to.match(/^SHELL_/);
  expect(failure.message).to.match(/column \d+$/);
}

/** The same script, as if everything stood at the beginning of the line. */
const withoutPlaces = (made: Script): unknown =>
  JSON.parse(JSON.stringify(made), (key, held: unknown) => (key === "at" ? at : held));
