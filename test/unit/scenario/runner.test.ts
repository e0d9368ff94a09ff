import { expect } from "chai";
import { LabError } from "../../../src/base/index.ts";
import { FakeLab, last, refusal, runSteps } from "./fake-lab.ts";

const notes = "  - note: one\n  - note: two\n";

describe("runScenario", () => {
  it("takes the steps in order and closes the lab", async () => {
    const fake = new FakeLab();
    const result = await runSteps(notes, fake);
    expect(result).to.include({
      status: "passed",
      directory: "memory",
      logsFolder: "logs/fake",
      dataFolder: "data/fake",
    });
    expect(result.steps.map(({ summary, status }) => `${summary} ${status}`)).to.deep.equal(["one held", "two held"]);
    expect(fake.closed).to.equal(true);
  });

  it("skips what comes after a failed step, and lets somebody look before it closes the lab", async () => {
    const fake = new FakeLab();
    fake.execute = () => {
      throw refusal;
    };
    let looked = false;
    const afterFailure = async (): Promise<void> => {
      looked = !fake.closed;
    };
    const result = await runSteps(`  - shell: { on: Ex2007EE, run: x }\n${notes}`, fake, { afterFailure });
    expect(result.status).to.equal("failed");
    expect(result.steps.map(({ status }) => status)).to.deep.equal(["failed", "skipped", "skipped"]);
    expect(looked).to.equal(true);
    expect(fake.closed).to.equal(true);
  });

  it("is broken when the lab does not start, and points at the key of an address", async () => {
    const start = async (): Promise<never> => {
      throw new LabError("ADDRESS_IN_USE", "Cannot start", { remedy: "Stop it", details: { server: "Ex2007EE" } });
    };
    const { status, steps, failure } = await runSteps(notes, undefined, { start });
    expect(status).to.equal("broken");
    expect(steps.map((step) => step.status)).to.deep.equal(["skipped", "skipped"]);
    expect(failure?.found).to.equal("fake.yaml:8:71 lab.servers.Ex2007EE.address: Cannot start");
  });

  it("points at no key when nothing declared the address", async () => {
    const start = async (): Promise<never> => {
      throw new LabError("ADDRESS_IN_USE", "Cannot start", { remedy: "Stop it", details: { server: "Ex2007SE" } });
    };
    expect((await runSteps(notes, undefined, { start })).failure?.found).to.equal("Cannot start");
  });

  it("stops at Ctrl-C in the middle of a step, and closes the lab", async () => {
    const fake = new FakeLab();
    const stop = new AbortController();
    const running = runSteps(
      "  - send: { from: anna, to: bob, as: x }\n  - expect: { delivered: x, to: bob, within: 1h }\n  - note: never\n",
      fake,
      { signal: stop.signal },
    );
    setImmediate(() => stop.abort());
    const result = await running;
    expect(result.status).to.equal("interrupted");
    expect(last(result).status).to.equal("skipped");
    expect(fake.closed).to.equal(true);
  });

  it("does not start a lab after Ctrl-C", async () => {
    let started = false;
    const start = async (): Promise<never> => {
      started = true;
      throw refusal;
    };
    expect((await runSteps(notes, undefined, { start, signal: AbortSignal.abort() })).status).to.equal("interrupted");
    expect(started).to.equal(false);
  });

  it("lets a bug through, and closes the lab all the same", async () => {
    const fake = new FakeLab();
    fake.execute = () => {
      throw new TypeError("a bug");
    };
    const outcome = await runSteps(
      "  - dialog: { with: Ex2007EE, lines: [TLS] }\n",
      Object.assign(fake, { dialog: fake.execute }),
    ).catch((failure: unknown) => failure);
    expect(outcome).to.be.instanceOf(TypeError);
    expect(fake.closed).to.equal(true);
  });
});
