import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { leftovers, runProgram } from "../../helpers/cli.ts";
import { usePlace } from "../../helpers/lab.ts";
import { root } from "../../repo/source-tree.ts";

const scenarios = join(root, "scenarios");

describe("every scenario, where the machine has less to offer", () => {
  const place = usePlace();
  let count: number;
  before(async () => {
    count = (await readdir(scenarios)).filter((name) => name.endsWith(".yaml")).length;
    expect(count).to.be.at.least(6);
  });

  for (const { probe, directory, endpoint } of [
    { probe: "single-address,no-unix-socket", directory: "auto", endpoint: /127\.0\.0\.1:(?!25\b|2525\b)\d{4,5}/ },
    { probe: "no-low-ports", directory: "embedded", endpoint: /127\.\d+\.1\.1:2525/ },
  ]) {
    it(`passes with HUBEDGE_PROBE=${probe}`, async function () {
      this.timeout(60_000);
      const parameters = ["run", scenarios, "--jobs", "2", "--directory", directory, "--logs", probe];
      const { code, out, err } = await runProgram(place, parameters, { HUBEDGE_PROBE: probe });
      expect({ code, err }, out).to.deep.equal({ code: 0, err: "" });
      expect(out).to.include(`${count} of ${count} scenarios passed`);
      const log = "01-mail-between-sites/Ex2007SE/ProtocolLog/SmtpSend/SEND20080512-1.LOG";
      expect(await readFile(join(place.path, probe, log), "utf8")).to.match(endpoint);
      expect(await leftovers(place)).to.deep.equal([]);
    });
  }
});
