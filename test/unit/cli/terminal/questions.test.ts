import { expect } from "chai";
import { askingHost } from "../../../../src/cli/terminal/questions.ts";
import type { Typed } from "../../../../src/cli/terminal/window.ts";
import { LabError } from "../../../../src/base/index.ts";

const question = {
  caption: "Overwrite the existing default SMTP certificate?",
  message: "Current certificate: 'A'",
  choices: [
    { key: "Y", label: "Yes", help: "Continue with only the next step of the operation" },
    { key: "N", label: "No", help: "Skip this operation and proceed with the next one" },
    { key: "L", label: "No to All", help: "Skip this operation and all subsequent ones" },
  ],
  default: 0,
};

/** Somebody who answers with these lines; Ctrl-C when there are no more. */
function somebody(...answers: string[]) {
  const seen: string[] = [];
  const ask = async (prompt: string, hidden: boolean): Promise<Typed> => {
    seen.push(hidden ? `${prompt}(hidden)` : prompt);
    const text = answers.shift();
    return text === undefined ? { kind: "interrupt", begun: false } : { kind: "line", text };
  };
  return { host: askingHost({ show: (text) => void seen.push(text), ask }), seen };
}

describe("a question in a terminal", () => {
  it("is laid out as PowerShell does, with the default on Enter", async () => {
    const { host, seen } = somebody("");
    expect(await host.choose(question)).to.equal(0);
    expect(seen).to.deep.equal([
      "\nConfirm\nOverwrite the existing default SMTP certificate?\nCurrent certificate: 'A'\n",
      '[Y] Yes  [N] No  [L] No to All  [?] Help (default is "Y"): ',
    ]);
  });

  for (const [answer, place] of [
    ["y", 0],
    [" N ", 1],
    ["no to all", 2],
    ["Yes", 0],
  ] as const)
    it(`takes "${answer}" for ${question.choices[place]?.label}`, async () => {
      expect(await somebody(answer).host.choose(question)).to.equal(place);
    });

  it("says what each choice means at ?, and asks again after anything else", async () => {
    const { host, seen } = somebody("?", "perhaps", "n");
    expect(await host.choose(question)).to.equal(1);
    expect(seen.filter((text) => text.startsWith("[Y]"))).to.have.length(3);
    expect(seen).to.include(
      "Y - Continue with only the next step of the operation\n" +
        "N - Skip this operation and proceed with the next one\n" +
        "L - Skip this operation and all subsequent ones\n",
    );
  });

  it("is answered by nobody after Ctrl-C", async () => {
    const failure = await somebody()
      .host.choose(question)
      .catch((thrown: unknown) => thrown);
    expect(failure).to.be.instanceOf(LabError).with.property("code", "SHELL_INTERRUPTED");
  });

  it("hides a secret", async () => {
    const { host, seen } = somebody("Pa55word");
    expect(await host.readSecret("Password: ")).to.equal("Pa55word");
    expect(seen).to.deep.equal(["Password: (hidden)"]);
  });
});
