import { expect } from "chai";
import { fakeServer } from "../../helpers/fake-server.ts";
import { refusalOf, run } from "./run-cmdlet.ts";

describe("the cmdlets of message classifications", () => {
  it("make one, show it, change it, and remove it", async () => {
    const fake = fakeServer();
    const shown = { Name: "Secret", DisplayName: "Secret", SenderDescription: "Tell nobody" };
    expect(await run(fake, "New-MessageClassification", shown)).to.deep.equal([shown]);
    await run(fake, "Set-MessageClassification", { Identity: "secret", DisplayName: "Top secret" });
    expect(await run(fake, "Get-MessageClassification", { Identity: "SECRET" })).to.deep.equal([
      { ...shown, DisplayName: "Top secret" },
    ]);
    expect(await run(fake, "Get-MessageClassification")).to.have.length(2);
    await run(fake, "Remove-MessageClassification", { Identity: "Secret" });
    expect(fake.configuration.messageClassification.map(({ name }) => name)).to.deep.equal(["ExAttachmentRemoved"]);
  });

  it("refuse a name that is taken, and names that nothing has", async () => {
    const fake = fakeServer();
    const given = { Name: "exattachmentremoved", DisplayName: "x", SenderDescription: "x" };
    expect((await refusalOf(fake, "New-MessageClassification", given)).code).to.equal("COMMAND_NAME_TAKEN");
    for (const verb of ["Get", "Set", "Remove"]) {
      const refusal = await refusalOf(fake, `${verb}-MessageClassification`, { Identity: "x" });
      expect(refusal.code, verb).to.equal("COMMAND_IDENTITY_UNKNOWN");
    }
    expect(fake.configuration.messageClassification).to.have.length(1);
  });
});
