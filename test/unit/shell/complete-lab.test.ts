import { expect } from "chai";
import { openSession } from "../../../src/shell/index.ts";
import { fakeServer } from "../../helpers/fake-server.ts";

describe("completing what a lab is asked", () => {
  const completed = async (line: string): Promise<readonly string[]> => {
    const { api } = fakeServer();
    const session = openSession({ server: api, serverNamed: () => api, host: undefined });
    return (await session.complete(line, line.length)).candidates;
  };

  it("knows the lab's authorities, and puts names with blanks in quotes", async () => {
    for (const line of ["Get-LabAuthority ", "Submit-LabRequest -Authority ", "Set-LabFault EX1 -Issuer wood"])
      expect(await completed(line), line).to.deep.equal(["'Woodgrove Issuing'"]);
  });

  it("knows who can have a fault, who can trust, and between whom files are carried", async () => {
    expect(await completed("Set-LabFault ")).to.deep.equal(["Ex2007EE", "mail.fabrikam.example", "mallory"]);
    expect(await completed("Clear-LabFault m")).to.deep.equal(["mail.fabrikam.example", "mallory"]);
    expect(await completed("Install-LabRoot -On ")).to.deep.equal(["Ex2007EE", "mail.fabrikam.example"]);
    expect(await completed("Copy-LabFile a.req -To ")).to.deep.equal(["Ex2007EE"]);
  });

  it("knows the certificates of the catalogue and the reasons to revoke", async () => {
    expect(await completed("Set-LabFault Ex2007EE two")).to.deep.equal(["two-wildcards"]);
    expect(await completed("Get-LabFault unk")).to.deep.equal(["unknown-extension", "unknown-issuer"]);
    expect(await completed("Revoke-LabCertificate AB -Reason key")).to.deep.equal(["keyCompromise"]);
  });
});
