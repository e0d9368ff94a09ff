import { expect } from "chai";
import { fakeServer } from "../../helpers/fake-server.ts";
import { run } from "./run-cmdlet.ts";

const thumbprint = "6F029E0D20605DB1233016B787C4503FD0002C01";
const use = {
  kind: "Service",
  where: "SMTP",
  server: "Ex2007EE",
  thumbprint,
  detail: "enabled for it",
  inStore: true,
} as const;

describe("Get-CertificateUse", () => {
  it("shows what points at the certificate that is named, or at any", async () => {
    const fake = fakeServer();
    fake.uses = [use, { ...use, thumbprint: "0".repeat(40), inStore: false }];
    const service = { Kind: "Service", Server: "Ex2007EE", Where: "SMTP", Detail: "enabled for it" };
    expect(await run(fake, "Get-CertificateUse", { Thumbprint: thumbprint.toLowerCase() })).to.deep.equal([
      { ...service, Thumbprint: thumbprint, InStore: true },
    ]);
    expect(await run(fake, "Get-CertificateUse")).to.have.length(2);
  });

  it("warns that nothing points at a certificate that was named", async () => {
    const warnings: string[] = [];
    const warning = (text: string): void => void warnings.push(text);
    expect(await run(fakeServer(), "Get-CertificateUse", { Thumbprint: "AB" }, { warning })).to.deep.equal([]);
    await run(fakeServer(), "Get-CertificateUse", {}, { warning });
    expect(warnings).to.deep.equal(['Nothing points at a certificate "AB"']);
  });
});
