import type { AuthorityView } from "../../lab/index.ts";
import { defineCmdlet } from "../definition/define-cmdlet.ts";
import { nothingNamed } from "../definition/errors.ts";

export const getLabAuthority = defineCmdlet({
  verb: "Get",
  noun: "LabAuthority",
  synopsis:
    "Shows the certification authorities of the lab, what they have revoked, and where their certificates and revocation lists lie on this machine.",
  source: "docs/formats.md",
  basis: "ours",
  errors: ["COMMAND_IDENTITY_UNKNOWN"],
  examples: [
    { line: "Get-LabAuthority", does: "Shows every authority." },
    {
      line: "(Get-LabAuthority 'Proexchange Root').RevocationList",
      does: "Shows where its list lies, to be read by openssl crl.",
    },
  ],
  parameters: { Name: { type: "string", position: 0, help: "One of them", default: "all" } },
  columns: [
    { property: "Name" },
    { property: "IssuedBy" },
    { property: "Thumbprint" },
    { property: "Revoked" },
    { property: "RevocationList" },
  ],
  async *run({ server }, { Name }) {
    const all = await server.authorities();
    const found = all.filter(({ name }) => Name === undefined || name.toLowerCase() === Name.toLowerCase());
    const names = all.map(({ name }) => name);
    if (Name !== undefined && found.length === 0)
      throw nothingNamed({ noun: "LabAuthority", called: "authority" }, Name, names);
    for (const authority of found) yield shown(authority);
  },
});

const shown = ({ name, issuedBy, subject, thumbprint, notBefore, notAfter, revoked, list, files }: AuthorityView) => ({
  Name: name,
  IssuedBy: issuedBy,
  Subject: subject,
  Thumbprint: thumbprint,
  NotBefore: notBefore,
  NotAfter: notAfter,
  Certificate: files.certificate,
  Revoked: revoked.length,
  RevokedCertificates: revoked.map(({ serialNumber, at, reason }) => `${serialNumber} ${at.toISOString()} ${reason}`),
  RevocationList: files.list,
  RevocationListDer: files.listDer,
  ListNumber: list.number,
  ThisUpdate: list.thisUpdate,
  NextUpdate: list.nextUpdate,
});
