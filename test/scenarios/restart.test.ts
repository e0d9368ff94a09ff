import { expect } from "chai";
import { startTestLab, topologyOf, usePlace } from "../helpers/lab.ts";

describe("a lab that is started again with another file", () => {
  const place = usePlace();

  it("keeps what an administrator has set, and forgets what the file no longer declares", async () => {
    const topology = await topologyOf();
    const first = await startTestLab(place, { keepLogs: true });
    await first.shell("Ex2007EE", `Set-ReceiveConnector "Ex2007EE\\Default Ex2007EE" -Banner "220 hello"`);
    const thumbprint = (await first.server("Ex2007EE").exchangeCertificates())[0]?.thumbprint;
    await first.close();

    const second = await startTestLab(place, {
      keepLogs: true,
      topology: {
        servers: topology.servers.filter(({ name }) => name === "Ex2007EE"),
        mailboxes: topology.mailboxes.filter(({ server }) => server === "Ex2007EE"),
      },
    });
    const [connector] = await second.server("Ex2007EE").receiveConnectors("Ex2007EE\\Default Ex2007EE");
    expect(connector?.banner).to.equal("220 hello");
    expect((await second.server("Ex2007EE").exchangeCertificates())[0]?.thumbprint).to.equal(thumbprint);
    expect((await second.server("Ex2007EE").adSites()).flatMap(({ servers }) => servers)).to.deep.equal(["Ex2007EE"]);
    expect(await second.shell("Ex2007EE", "Get-ReceiveConnector")).not.to.include("Ex2007SE");
  });
});
