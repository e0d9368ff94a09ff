import { type LabFault, tlsVersions, toHostFault } from "../../lab/index.ts";
import { parametersExclude } from "../certificates/errors.ts";
import { defineCmdlet } from "../definition/define-cmdlet.ts";
import { faultNames } from "./lab-fault.ts";

export const setLabFault = defineCmdlet({
  verb: "Set",
  noun: "LabFault",
  synopsis:
    "Gives a server or an outside host a certificate of the catalogue, has an outside host behave otherwise, or lets an attacker stand in the way, until Clear-LabFault; what was set before goes.",
  source: "docs/certificate-faults.md",
  basis: "ours",
  shouldProcess: "medium",
  errors: [
    "CERT_AUTHORITY_UNKNOWN",
    "CERT_NAME_UNUSABLE",
    "COMMAND_PARAMETERS_EXCLUDE",
    "HOST_ELSEWHERE",
    "LAB_FAULT_UNFIT",
    "LAB_NOBODY",
  ],
  examples: [
    { line: "Set-LabFault EDGE1 expired", does: "Puts an expired certificate on EDGE1." },
    {
      line: "Set-LabFault mail.woodgrove.example wrong-host -Issuer 'Woodgrove Root'",
      does: "The same for a partner, from an authority that is named.",
    },
    { line: "Set-LabFault mail.woodgrove.example -Tls none", does: "Has a partner offer no TLS." },
    { line: "Set-LabFault mallory", does: "Lets an attacker stand in the way." },
  ],
  parameters: {
    On: { type: "string", position: 0, mandatory: true, help: "The server, outside host or attacker" },
    Certificate: {
      type: "enum",
      values: ["none", ...faultNames],
      position: 1,
      help: "A certificate of the catalogue, as Get-LabFault lists it; `none`: an outside host has none",
    },
    Issuer: {
      type: "string",
      help: "The authority that issues the certificate",
      default: "the lab's first, where there is one; with DomainName: itself",
    },
    DomainName: { type: "stringList", help: "Its names, the first is the common name", default: "the host's own" },
    Published: {
      type: "boolean",
      help: "Of a server: whether the directory names the certificate for it",
      default: "yes",
    },
    Tls: { type: "enum", values: ["none", "offered", "required"], help: "Of an outside host: STARTTLS on the way in" },
    ClientCertificates: {
      type: "enum",
      values: ["ignored", "asked", "required"],
      help: "Of an outside host: whether it asks clients for a certificate",
    },
    Sends: {
      type: "enum",
      values: ["in-the-clear", "opportunistic", "required", "verified"],
      help: "Of an outside host: how it uses TLS when it sends",
    },
    MaxTlsVersion: { type: "enum", values: tlsVersions, help: "Of an outside host: the newest version that it speaks" },
  },
  columns: [],
  async run({ server, shouldProcess }, given) {
    const { On, Certificate, Issuer, DomainName, Published } = given;
    const beside = Issuer === undefined ? (DomainName === undefined ? undefined : "DomainName") : "Issuer";
    if (Certificate === "none" && beside !== undefined)
      throw parametersExclude("Set-LabFault", beside, "Certificate none");
    const fault: LabFault = {
      on: On,
      ...toHostFault({
        certificate:
          beside === undefined ? Certificate : { issuer: Issuer, names: [...(DomainName ?? [])], flaw: Certificate },
        tls: given.Tls,
        clientCertificates: given.ClientCertificates,
        sends: given.Sends,
        versions: given.MaxTlsVersion && { max: given.MaxTlsVersion },
      }),
      ...(Published !== undefined && { published: Published }),
    };
    if (await shouldProcess("Set-LabFault", On)) await server.setFault(fault);
  },
});
