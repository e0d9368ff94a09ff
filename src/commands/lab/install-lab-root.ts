import { defineCmdlet } from "../definition/define-cmdlet.ts";
import { checkOneOf } from "./one-of.ts";

export const installLabRoot = defineCmdlet({
  verb: "Install",
  noun: "LabRoot",
  synopsis:
    "Puts a certificate into the trusted root store of a server or an outside host: an authority's own, or the one in a file on this server's disk.",
  source: "docs/formats.md",
  basis: "ours",
  shouldProcess: "medium",
  errors: [
    "CERT_AUTHORITY_UNKNOWN",
    "CERT_FILE_EMPTY",
    "CERT_MALFORMED",
    "CERT_PFX_PASSWORD",
    "COMMAND_ONE_PARAMETER_OF",
    "FILE_UNKNOWN",
    "HOST_ELSEWHERE",
    "LAB_NOBODY",
  ],
  examples: [
    {
      line: "Install-LabRoot -On mail.woodgrove.example -Authority 'Proexchange Root'",
      does: "Has a partner's host believe what that authority issues.",
    },
    {
      line: String.raw`Install-LabRoot -Path C:\webmail.cer`,
      does: "Has this server trust the certificate in a file.",
    },
  ],
  parameters: {
    On: {
      type: "string",
      help: "The server or outside host that is to trust it",
      default: "the server the cmdlet runs on",
    },
    Authority: { type: "string", help: "Whose certificate, as Get-LabAuthority names it" },
    Path: { type: "string", help: "A file with a certificate, PEM or DER, or PKCS #12, whose key stays where it is" },
    Password: { type: "secureString", help: "Of a PKCS #12 file" },
  },
  columns: [{ property: "On" }, { property: "Thumbprint" }],
  async *run({ server, shouldProcess }, { On = server.name, Authority, Path, Password }) {
    checkOneOf("Install-LabRoot", { Authority, Path });
    if (!(await shouldProcess("Install-LabRoot", `${Authority ?? Path} on ${On}`))) return;
    const what =
      Path === undefined
        ? { authority: Authority ?? "" }
        : { on: server.name, file: Path, ...(Password && { password: Password.reveal() }) };
    yield { On, Thumbprint: await server.trustCertificate({ by: On, ...what }) };
  },
});
