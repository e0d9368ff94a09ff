import { join } from "node:path";
import { expect } from "chai";
import { runProgram, startUp, type UpLab } from "../helpers/cli.ts";
import { startTestLab, type TestLab, usePlace } from "../helpers/lab.ts";
import { seenByOpenssl, withTool } from "../helpers/tools.ts";
import { root } from "../repo/source-tree.ts";

const [ee, se] = ["Ex2007EE", "Ex2007SE"];
const scenario = join(root, "scenarios/01-mail-between-sites.yaml");

describe("openssl s_client and a lab in which mail has crossed", () => {
  before(withTool("openssl"));
  const place = usePlace();
  let lab: TestLab;
  let logged: string[];

  before(async () => {
    lab = await startTestLab(place);
    await lab.shell(se, `Set-TransportServer ${se} -IntraOrgConnectorProtocolLoggingLevel Verbose`);
    await lab.sendAndSettle();
    const rows = await lab.rows(se, "SmtpSend");
    logged = rows.filter(({ context }) => context === "Certificate thumbprint").map(({ data }) => data);
  });

  it("take the certificate whose thumbprint stands in the Send log from the server that presented it", async () => {
    const { thumbprint } = await seenByOpenssl(place, lab.endpoint(ee));
    expect(logged).to.deep.equal([thumbprint]);
  });

  it("take another one from the server that sent", async () => {
    const { thumbprint } = await seenByOpenssl(place, lab.endpoint(se));
    expect(thumbprint).to.match(/^[0-9A-F]{40}$/);
    expect(logged).not.to.include(thumbprint);
  });

  it("agree on the self-signed certificate on the Client connector's port too", async () => {
    const { thumbprint, output } = await seenByOpenssl(place, lab.endpoint(ee, "Client"));
    expect(logged).to.deep.equal([thumbprint]);
    expect(output).to.match(/subject=CN ?= ?Ex2007EE\n[\s\S]*issuer=CN ?= ?Ex2007EE\n/);
    expect(output).to.match(/self-signed certificate/);
  });
});

describe("openssl s_client and a lab that `hubedge up` has started", () => {
  before(withTool("openssl"));
  const place = usePlace();
  let up: UpLab;
  let seen: string;

  before(async () => {
    up = await startUp(place, [scenario, "--data", "data", "--directory", "embedded"]);
    seen = (await seenByOpenssl(place, up.endpoint(`${ee}\\Default ${ee}`))).thumbprint;
  });

  it("get the certificate whose thumbprint Get-ExchangeCertificate prints, typed at its standard input", async () => {
    await up.ask(`Enter-PSSession ${ee}`, /^/);
    const [, printed] = await up.ask("Get-ExchangeCertificate | fl Thumbprint", /Thumbprint : ([0-9A-F]{40})\n/);
    expect(printed).to.equal(seen);
  });

  it("get the certificate that `hubedge shell -c` prints from another process", async () => {
    const { code, out, err } = await runProgram(place, ["shell", "--on", ee, "-c", "Get-ExchangeCertificate"]);
    expect({ code, err }).to.deep.equal({ code: 0, err: "" });
    expect(out).to.match(new RegExp(`^${seen} +IP\\.WS +CN=${ee}$`, "m"));
  });

  it("get it again at the next start, which goes on from the data", async () => {
    up.type("quit");
    expect(await up.exit).to.include({ code: 0, err: "" });
    up = await startUp(place, [scenario, "--data", "data", "--directory", "embedded"]);
    expect((await seenByOpenssl(place, up.endpoint(`${ee}\\Default ${ee}`))).thumbprint).to.equal(seen);
  });
});
