import { defineCmdlet } from "../definition/define-cmdlet.ts";
import {
  certificateOf,
  checkDomainController,
  domainController,
  oneThumbprint,
  preview,
} from "./exchange-certificate.ts";

export const exportExchangeCertificate = defineCmdlet({
  verb: "Export",
  noun: "ExchangeCertificate",
  synopsis:
    "Writes a certificate with its private key and chain as PKCS #12, or a request that waits as PKCS #10 once more.",
  source: "[exchange-certificate-cmdlets]",
  shouldProcess: "medium",
  parameters: {
    Thumbprint: oneThumbprint,
    Path: {
      type: "string",
      basis: "inferred",
      help: "The file",
      default: "what would be written is shown as FileData",
    },
    Password: { type: "secureString", help: "Of the PKCS #12 file, and needed for one" },
    BinaryEncoded: { type: "switch", help: "Writes DER in place of base64" },
    Force: { type: "switch", basis: "inferred", help: "Overwrites the file" },
    DomainController: domainController,
  },
  errors: ["COMMAND_THUMBPRINT_UNKNOWN", "CERT_KEY_NOT_EXPORTABLE", "CERT_PASSWORD_NEEDED", "CERT_PRIVATE_KEY_MISSING"],
  examples: [
    {
      line: String.raw`Export-ExchangeCertificate 6F029E0D20605DB1233016B787C4503FD0002C01 -BinaryEncoded -Path C:\mail.pfx -Password (ConvertTo-SecureString -String secret -AsPlainText -Force)`,
      does: "Writes the certificate with its key to a PFX file.",
    },
  ],
  columns: [{ property: "FileData" }],
  async *run(context, { Thumbprint, Path, Password, BinaryEncoded = false, Force = false, DomainController }) {
    const { server, shouldProcess } = context;
    checkDomainController("Export-ExchangeCertificate", server, DomainController);
    const { thumbprint } = await certificateOf(server, Thumbprint);
    const wanted = {
      thumbprint,
      ...(Path !== undefined && { path: Path }),
      ...(Password && { password: Password.reveal() }),
      binaryEncoded: BinaryEncoded,
      overwrite: Force,
    };
    await preview(context, { kind: "export", wanted });
    if (!(await shouldProcess("Export-ExchangeCertificate", thumbprint))) return;
    const content = await server.exportCertificate(wanted);
    if (Path === undefined) yield { FileData: BinaryEncoded ? [...content] : Buffer.from(content).toString("latin1") };
  },
});
