import { expect } from "chai";
import { LabError } from "../../../src/base/index.ts";
import type { CmdletContext, CommonParameters } from "../../../src/commands/index.ts";
import { contextOf } from "../../../src/shell/run/call-context.ts";
import type { ShellQuestion } from "../../../src/shell/shell-session.ts";
import { fakeServer } from "../../helpers/fake-server.ts";

describe("what a call can ask and say", () => {
  interface Call {
    shouldProcess?: "high" | "medium";
    common?: CommonParameters;
    /** What whoever sits there answers, in order; nobody sits there without it. */
    answers?: string[];
  }

  function call({ shouldProcess, common = {}, answers }: Call, signal = new AbortController().signal) {
    const said: string[] = [];
    const asked: ShellQuestion[] = [];
    const host = answers && {
      choose: (question: ShellQuestion) => {
        asked.push(question);
        const key = answers.shift();
        return Promise.resolve(question.choices.findIndex((choice) => choice.key === key));
      },
      readSecret: () => Promise.reject(new Error("nothing is secret here")),
    };
    const cmdlet = shouldProcess === undefined ? {} : { shouldProcess };
    const say = (text: string): void => void said.push(text);
    return { said, asked, context: contextOf({ cmdlet, server: fakeServer().api, common, host, signal, say }) };
  }

  const process = ({ shouldProcess }: CmdletContext, target = "it"): Promise<boolean> =>
    shouldProcess("Remove-Thing", target);
  const question = { caption: "Sure?", message: "It matters." };
  const codeOf = (asked: Promise<boolean>): Promise<unknown> =>
    asked.then(
      (answer) => answer,
      (failure: unknown) => (failure instanceof LabError ? failure.code : failure),
    );

  const whoAsks: readonly [Call, boolean | string][] = [
    [{ shouldProcess: "high" }, "COMMAND_CONFIRMATION_NEEDED"],
    [{ shouldProcess: "high", common: { Confirm: false } }, true],
    [{ shouldProcess: "medium" }, true],
    [{ shouldProcess: "medium", common: { Confirm: true } }, "COMMAND_CONFIRMATION_NEEDED"],
    [{ shouldProcess: "high", answers: ["Y"] }, true],
    [{ shouldProcess: "high", answers: ["N"] }, false],
    [{ shouldProcess: "high", answers: ["Y"], common: { WhatIf: true } }, false],
  ];
  for (const [given, answer] of whoAsks)
    it(`comes to ${String(answer)} for ${JSON.stringify(given)}`, async () => {
      expect(await codeOf(process(call(given).context))).to.equal(answer);
    });

  it("asks nothing more once the line is to stop", async () => {
    const { context, asked } = call({ shouldProcess: "high", answers: ["Y"] }, AbortSignal.abort());
    expect(await codeOf(process(context))).to.equal("SHELL_INTERRUPTED");
    expect(asked).to.deep.equal([]);
  });

  it("names what to add where nobody can be asked", async () => {
    const refusal = await process(call({ shouldProcess: "high" }).context).catch((failure: unknown) => failure);
    expect(refusal).to.include({ remedy: "Add -Confirm:$false to say yes" });
    expect((refusal as LabError).message).to.include('Performing operation "Remove-Thing" on Target "it".');
  });

  it("says under -WhatIf what would be done", async () => {
    const { context, said } = call({ shouldProcess: "high", common: { WhatIf: true } });
    await process(context);
    expect(said).to.deep.equal(['What if: Performing operation "Remove-Thing" on Target "it".']);
  });

  for (const [key, answers] of [
    ["A", [true, true, true]],
    ["L", [false, false, false]],
  ] as const)
    it(`asks no more once ${key} was answered, of either kind of question`, async () => {
      const { context, asked } = call({ shouldProcess: "high", answers: [key, key] });
      expect([await process(context, "a"), await process(context, "b"), await process(context, "c")]).to.deep.equal(
        answers,
      );
      expect([await context.ask(question), await context.ask(question)]).to.deep.equal(answers.slice(1));
      expect(asked.map(({ caption }) => caption)).to.deep.equal([
        "Are you sure you want to perform this action?",
        "Sure?",
      ]);
    });

  it("takes -Confirm:$false for the answer to what the cmdlet asks, where it has -Confirm", async () => {
    expect(await codeOf(call({ common: {} }).context.ask(question))).to.equal("COMMAND_CONFIRMATION_NEEDED");
    expect(await codeOf(call({ shouldProcess: "medium" }).context.ask(question))).to.equal(
      "COMMAND_CONFIRMATION_NEEDED",
    );
    const certain = call({ shouldProcess: "medium", common: { Confirm: false } });
    expect(await certain.context.ask(question)).to.equal(true);
  });

  it("warns always, and tells how it came to it under -Verbose", () => {
    for (const [common, expected] of [
      [{}, ["WARNING: mind"]],
      [{ Verbose: true }, ["VERBOSE: because", "WARNING: mind"]],
    ] as const) {
      const { context, said } = call({ common });
      context.verbose("because");
      context.warning("mind");
      expect(said).to.deep.equal(expected);
    }
  });
});
