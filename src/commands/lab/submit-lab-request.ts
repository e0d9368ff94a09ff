import { defineCmdlet } from "../definition/define-cmdlet.ts";

export const submitLabRequest = defineCmdlet({
  verb: "Submit",
  noun: "LabRequest",
  synopsis:
    "Brings a certificate request from this server's disk to an authority of the lab, and puts its answer there, for Import-ExchangeCertificate.",
  source: "docs/formats.md",
  basis: "ours",
  shouldProcess: "medium",
  errors: ["CERT_AUTHORITY_UNKNOWN", "CERT_REQUEST_KEY", "CERT_REQUEST_MALFORMED", "FILE_UNKNOWN"],
  examples: [
    {
      line: String.raw`Submit-LabRequest -Authority 'Proexchange Root' -RequestFile C:\mail.req -Path C:\mail.p7b`,
      does: "Has the request answered; the .p7b brings the authorities above the certificate.",
    },
  ],
  parameters: {
    RequestFile: {
      type: "string",
      position: 0,
      mandatory: true,
      help: "What New-ExchangeCertificate -GenerateRequest -Path has written",
    },
    Path: {
      type: "string",
      position: 1,
      mandatory: true,
      help: "Where the answer is to lie: a `.p7b` with the authorities above it, any other file the certificate alone",
    },
    Authority: { type: "string", mandatory: true, help: "An authority of the lab, as Get-LabAuthority names it" },
  },
  columns: [{ property: "Thumbprint" }, { property: "Authority" }, { property: "Path" }],
  async *run({ server, shouldProcess }, { RequestFile, Path, Authority }) {
    if (!(await shouldProcess("Submit-LabRequest", RequestFile))) return;
    const files = { on: server.name, request: RequestFile, answer: Path };
    const thumbprint = await server.issueFromRequest({ authority: Authority, ...files });
    yield { Thumbprint: thumbprint, Authority, Path };
  },
});
