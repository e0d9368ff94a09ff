import { revocationReasons } from "../../lab/index.ts";
import { defineCmdlet } from "../definition/define-cmdlet.ts";
import { checkOneOf } from "./one-of.ts";

export const revokeLabCertificate = defineCmdlet({
  verb: "Revoke",
  noun: "LabCertificate",
  synopsis:
    "Has an authority of the lab take back a certificate that it has issued, and issue its next revocation list. Nothing gives it back.",
  source: "docs/fidelity.md#chains",
  basis: "ours",
  shouldProcess: "medium",
  errors: [
    "CERT_AUTHORITY_UNKNOWN",
    "CERT_FILE_EMPTY",
    "CERT_REVOKED_ALREADY",
    "CERT_REVOKE_FOREIGN",
    "CERT_REVOKE_UNKNOWN",
    "COMMAND_ONE_PARAMETER_OF",
    "FILE_UNKNOWN",
  ],
  examples: [
    {
      line: "Get-ExchangeCertificate -DomainName mail.proexchange.local | Revoke-LabCertificate -Reason keyCompromise",
      does: "Has those certificates taken back.",
    },
    { line: String.raw`Revoke-LabCertificate -Path C:\mail.cer`, does: "The same for the certificate in a file." },
  ],
  parameters: {
    Thumbprint: {
      type: "string",
      position: 0,
      fromPipeline: "propertyName",
      help: "Of a certificate of any server, outside host or authority of the lab",
    },
    Path: { type: "string", help: "A file on this server's disk with the certificate, PEM or DER" },
    Authority: { type: "string", help: "Who is to take it back", default: "the authority that has issued it" },
    Reason: { type: "enum", values: revocationReasons, help: "What the list says of why", default: "unspecified" },
  },
  columns: [
    { property: "Authority" },
    { property: "Thumbprint" },
    { property: "Subject" },
    { property: "Reason" },
    { property: "RevocationList" },
  ],
  async *run({ server, shouldProcess }, { Thumbprint, Path, Authority, Reason }) {
    checkOneOf("Revoke-LabCertificate", { Thumbprint, Path });
    if (!(await shouldProcess("Revoke-LabCertificate", Thumbprint ?? Path ?? ""))) return;
    const which = Path === undefined ? { thumbprint: Thumbprint ?? "" } : { on: server.name, file: Path };
    const revoked = await server.revokeCertificate({ ...which, authority: Authority, reason: Reason });
    yield {
      Authority: revoked.authority,
      Thumbprint: revoked.thumbprint,
      Subject: revoked.subject,
      SerialNumber: revoked.serialNumber,
      Reason: revoked.reason,
      RevokedAt: revoked.at,
      ListNumber: revoked.listNumber,
      RevocationList: revoked.list,
    };
  },
});
