import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { expect } from "chai";
import { certificateCatalogue } from "../../../src/certificates/index.ts";
import { root } from "../../repo/source-tree.ts";

const row = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;

const rows = certificateCatalogue.map(({ name, about, expected }) => {
  const { directTrust, opportunistic, required, domainSecured } = expected;
  return row([`\`${name}\``, about, directTrust, opportunistic, required, domainSecured]);
});

const document = `# Certificates with a fault

Generated from the code by \`npm run docs\`. Each of these is made on the spot, for lab time, wherever a file or a step asks for
it by its name: for an outside host, a server of the lab, or by a \`fault\` step while the lab runs.

\`\`\`yaml
lab: { servers: { EDGE1: { roles: [EdgeTransport], certificate: expired } } }
world: { hosts: { mail.fabrikam.example: { domains: [fabrikam.example], certificate: two-wildcards } } }
steps:
  - fault: { on: mail.fabrikam.example, certificate: wrong-host }
  - fault: { on: Ex2007EE, certificate: { flaw: revoked, issuer: Proexchange Root } }
  - heal: { on: Ex2007EE }
\`\`\`

By its name alone it is issued by the first authority of \`world.authorities\`, where there is one, and otherwise signs itself;
\`{ flaw, issuer, names }\` says more. Whatever else it needs, an intermediate authority, an unknown root, is made with it. A server
of the lab trusts the root that its certificate leads to, where that is one of the lab's authorities, for as long as it has it:
only then does it present it to strangers. In a shell, \`Set-LabFault EDGE1 expired\` does what the step does, \`Get-LabFault\` lists
this table with who has what now, and \`Clear-LabFault EDGE1\` ends it, as does the end of the lab.

What becomes of mail to a server that presents it, in each kind of session:

- **Direct trust**: between Exchange servers. The directory names the certificate for the server, as after
  \`Enable-ExchangeCertificate\`; one that it does not name is never accepted, however sound.
- **Opportunistic**: to a stranger, by a Send connector as it is made.
- **Required**: by a Send connector with \`-RequireTLS $true\`.
- **Domain Security**: to a partner, whose authority the sender trusts.

\`delivered\` is over TLS, \`in the clear\` without. In all other cases the mail waits: \`no TLS\` is offered where it is needed;
\`no handshake\` can be done; or the certificate is judged, and the queue's LastError names the status.

| Name | What it is | Direct trust | Opportunistic | Required | Domain Security |
| --- | --- | --- | --- | --- | --- |
${rows.join("\n")}

Every cell is tried: \`test/scenarios/shown/certificate-faults.test.ts\` has a real server present each certificate in each kind of
session. \`no handshake\` is what OpenSSL, as Node 20 to 24 have it, makes of a certificate; whatever else it would refuse to present
by default (keys below 2048 bits, signatures by SHA-1) is presented at its security level 0.
`;

describe("docs/certificate-faults.md", () => {
  it("is made from the catalogue", () => {
    const path = join(root, "docs/certificate-faults.md");
    if (process.env["UPDATE_DOCS"] === "1") writeFileSync(path, document);
    expect(readFileSync(path, "utf8"), "run npm run docs").to.equal(document);
  });
});
