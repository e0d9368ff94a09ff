import { defineCmdlet } from "../definition/define-cmdlet.ts";
import {
  certificateTable,
  checkDomainController,
  domainController,
  preview,
  shownCertificate,
  warnIfInvalid,
} from "./exchange-certificate.ts";

export const importExchangeCertificate = defineCmdlet({
  verb: "Import",
  noun: "ExchangeCertificate",
  synopsis:
    "Takes a certificate into the store of the server it runs on: an authority's answer to a request that waits there, or a PKCS #12 file. No service uses it yet.",
  source: "[exchange-certificate-cmdlets]",
  shouldProcess: "medium",
  parameters: {
    Path: { type: "string", position: 0, mandatory: true, help: "The file: .cer, .crt, .p7b, .pfx or .p12" },
    Password: { type: "secureString", help: "Of a PKCS #12 file" },
    FriendlyName: {
      type: "string",
      length: [1, 63],
      help: "What administrators know it by",
      default: "as in the file",
    },
    PrivateKeyExportable: {
      type: "boolean",
      help: "Whether a key that comes with the file can be exported again",
      default: "no",
    },
    DomainController: domainController,
  },
  errors: [
    "CERT_ANSWER_FOREIGN",
    "CERT_DUPLICATE",
    "CERT_FILE_EMPTY",
    "CERT_KEY_MISMATCH",
    "CERT_MALFORMED",
    "CERT_PFX_MALFORMED",
    "CERT_PFX_PASSWORD",
  ],
  examples: [
    { line: String.raw`Import-ExchangeCertificate C:\mail.p7b`, does: "Completes the request that the answer is for." },
    {
      line: String.raw`Import-ExchangeCertificate C:\mail.pfx -Password (ConvertTo-SecureString -String secret -AsPlainText -Force)`,
      does: "Takes a certificate in together with its key.",
    },
  ],
  ...certificateTable,
  async *run(context, { Path, Password, FriendlyName, PrivateKeyExportable = false, DomainController }) {
    const { server, shouldProcess } = context;
    checkDomainController("Import-ExchangeCertificate", server, DomainController);
    const wanted = {
      path: Path,
      ...(Password && { password: Password.reveal() }),
      ...(FriendlyName !== undefined && { friendlyName: FriendlyName }),
      privateKeyExportable: PrivateKeyExportable,
    };
    await preview(context, { kind: "import", wanted });
    if (!(await shouldProcess("Import-ExchangeCertificate", Path))) return;
    const imported = await server.importCertificate(wanted);
    warnIfInvalid(context, imported);
    yield shownCertificate(imported, server);
  },
});
