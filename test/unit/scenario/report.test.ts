import { expect } from "chai";
import { makeReporter, type ScenarioResult } from "../../../src/scenario/index.ts";
import { parseScenario } from "../../../src/scenario/load.ts";

const loaded = parseScenario(
  "name: A <lesson>\nlab: { organization: o, domains: [o.local], sites: { S: {} }, servers: { EX1: { site: S, roles: [HubTransport] } } }\nsteps: [{ note: hello }]\n",
  "a.yaml",
);
const scenario = "scenario" in loaded ? loaded.scenario : undefined;

const row = {
  at: "2008-05-12T10:00:00.000Z",
  connectorId: "Intra",
  sessionId: "08CA822E1320D000",
  sequence: 14,
  local: "127.1.2.1:4000",
  remote: "127.1.1.1:25",
  event: ">",
  data: "STARTTLS",
  context: "",
};
const certificate = {
  thumbprint: "6F029E0D20605DB1233016B787C4503FD0002C01",
  server: "Ex2007EE",
  subject: "CN=Ex2007EE",
  issuer: "CN=Ex2007EE",
  selfSigned: true,
  notBefore: new Date("2008-05-12T10:00:00Z"),
  notAfter: new Date("2009-05-12T10:00:00Z"),
};
const passed: ScenarioResult = {
  file: "a.yaml",
  name: "A <lesson>",
  status: "passed",
  durationMs: 1234,
  directory: "memory",
  logsFolder: "logs/a",
  dataFolder: "data/a",
  steps: [
    { kind: "note", summary: "hello", line: 3, status: "held", durationMs: 0 },
    {
      kind: "expect",
      summary: "the log has it",
      line: 4,
      status: "held",
      durationMs: 12,
      evidence: { log: "Ex2007SE SmtpSend", rows: [row], certificates: [certificate], text: "TLSv1.3" },
    },
  ],
};
const failure = {
  expected: "a & b",
  found: "\u0007nothing",
  reasons: ["[ours] why"],
  around: [">,QUIT,"],
  remedy: "Wait",
};
const failed: ScenarioResult = {
  ...passed,
  status: "failed",
  steps: [
    { kind: "shell", summary: "one\ntwo", line: 3, status: "failed", durationMs: 5, failure },
    { kind: "note", summary: "never said", line: 4, status: "skipped", durationMs: 0 },
  ],
};
const broken: ScenarioResult = {
  file: "a.yaml",
  name: "A <lesson>",
  status: "broken",
  durationMs: 1,
  steps: [],
  failure,
};

function show(kind: "pretty" | "json" | "junit", results: readonly ScenarioResult[], change = {}): string {
  let text = "";
  const reporter = makeReporter(kind, (more) => (text += more), {
    colour: false,
    quiet: false,
    interleaved: false,
    ...change,
  });
  if (!scenario) throw new Error("the scenario does not load");
  for (const result of results) {
    if (result.directory !== undefined) reporter.begin?.(scenario, result.directory);
    for (const step of result.steps) reporter.step?.(scenario, step);
    reporter.scenario?.(scenario, result);
  }
  reporter.end?.(results);
  return text;
}

describe("the pretty report", () => {
  it("shows each step, the rows that prove it and the certificate they name", () => {
    const text = show("pretty", [passed]);
    expect(text).to.include("A <lesson>  a.yaml\n  directory: memory\n");
    expect(text).to.include("  │ hello\n");
    expect(text).to.include("  ✓ expect   the log has it\n");
    expect(text).to.include(
      "      Ex2007SE SmtpSend, session 08CA822E1320D000\n      2008-05-12T10:00:00.000Z  14 > STARTTLS\n",
    );
    expect(text).to.include(
      "      certificate of Ex2007EE: CN=Ex2007EE, self-signed, valid 2008-05-12 to 2009-05-12\n      thumbprint 6F029E0D20605DB1233016B787C4503FD0002C01\n",
    );
    expect(text).to.match(/passed A <lesson> \(1\.2 s\)\n {7}logs logs\/a\n1 of 1 scenarios passed\n$/);
  });

  it("says who issued a certificate that did not sign itself, and whose it is", () => {
    const issued = {
      ...certificate,
      server: "mail.fabrikam.example",
      issuer: "CN=Woodgrove Issuing",
      selfSigned: false,
    };
    const [first, second] = passed.steps;
    const steps = [first, { ...second, evidence: { certificates: [issued] } }] as ScenarioResult["steps"];
    expect(show("pretty", [{ ...passed, steps }])).to.include(
      "certificate of mail.fabrikam.example: CN=Ex2007EE, issued by CN=Woodgrove Issuing, valid 2008-05-12",
    );
  });

  it("shows expected beside found, why, the log around it, and where the data lies", () => {
    const text = show("pretty", [failed]);
    expect(text).to.match(
      /✗ shell {4}one\n {13}two\n {6}expected a & b\n {6}found {4}.*nothing\n {6}remedy {3}Wait\n {6}why\n {8}\[ours\] why\n {6}the log around it\n {8}>,QUIT,\n/,
    );
    expect(text).to.include("       data data/a\n0 of 1 scenarios passed\n");
    expect(text).to.not.include("never said");
  });

  it("shows a scenario whole at its end when several run at once, and one that could not start", () => {
    expect(show("pretty", [passed], { interleaved: true })).to.include("✓ expect");
    expect(show("pretty", [broken]))
      .to.include("BROKEN A <lesson>")
      .and.to.include("expected a & b");
  });

  it("is silent about what passed when it is to be quiet", () => {
    expect(show("pretty", [passed], { quiet: true })).to.not.include("expect");
    expect(show("pretty", [failed], { quiet: true })).to.include("✗ shell");
  });

  it("has colour only where it is wanted", () => {
    expect(show("pretty", [passed, broken])).to.not.include("\u001B");
    expect(show("pretty", [passed], { colour: true })).to.include("\u001B[32m✓\u001B[0m");
  });
});

describe("the JSON report", () => {
  it("is one document with every scenario, step and proof", () => {
    const report = JSON.parse(show("json", [passed, failed])) as { version: number; scenarios: ScenarioResult[] };
    expect(report.version).to.equal(1);
    expect(report.scenarios.map(({ status }) => status)).to.deep.equal(["passed", "failed"]);
    expect(report.scenarios[0]?.steps[1]?.evidence?.rows).to.deep.equal([row]);
  });
});

describe("the JUnit report", () => {
  it("has a suite per scenario and a case per step, and nothing that XML forbids", () => {
    const text = show("junit", [failed]);
    expect(text).to.include(
      '<testsuite name="A &#60;lesson&#62;" file="a.yaml" tests="2" failures="1" errors="0" skipped="1"',
    );
    expect(text).to.include('<testcase name="1 shell: one; two"');
    expect(text).to.include('<failure message="expected a &#38; b, found ?nothing">');
    expect(text).to.include("<skipped/>");
    expect(text).to.not.match(/[\u0000-\u0008]/);
  });

  it("shows the text that proves a step", () => {
    const text = '+ adam:Edge1:object:server/Ex2007EE\n    name "Ex2007EE"';
    const steps = [
      { kind: "expect", summary: "x", line: 3, status: "held" as const, durationMs: 1, evidence: { text } },
    ];
    expect(show("junit", [{ ...passed, steps }])).to.include(
      "<system-out>+ adam:Edge1:object:server/Ex2007EE\n    name &#34;Ex2007EE&#34;</system-out></testcase>",
    );
    const json = JSON.parse(show("json", [{ ...passed, steps }])) as { scenarios: ScenarioResult[] };
    expect(json.scenarios[0]?.steps[0]?.evidence?.text).to.equal(text);
    expect(show("pretty", [{ ...passed, steps }])).to.include("      + adam:Edge1:object:server/Ex2007EE\n");
  });

  it("has an error where the lab did not start", () => {
    expect(show("junit", [broken]))
      .to.include('tests="1" failures="0" errors="1"')
      .and.to.include("<error message=");
  });
});
