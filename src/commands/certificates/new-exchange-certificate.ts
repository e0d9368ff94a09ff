import { isEdge, isHub } from "../../directory/index.ts";
import type {
  CertificateChange,
  CertificateView,
  NewCertificate,
  ServerApi,
  WantedCertificateFields,
} from "../../lab/index.ts";
import { keySizes } from "../../lab/index.ts";
import { type CmdletContext, defineCmdlet } from "../definition/define-cmdlet.ts";
import { isDomain } from "../organization/domains.ts";
import { domainMalformed } from "../organization/errors.ts";
import { parameterNeeds, parametersExclude } from "./errors.ts";
import {
  certificateTable,
  certificateOf,
  certificateOfObject,
  confirmDefaultSmtp,
  checkDomainController,
  domainController,
  preview,
  serviceNames,
  servicesOf,
  shownCertificate,
} from "./exchange-certificate.ts";
import type { Given, ParameterSpecs } from "../definition/parameter.ts";
import { same } from "../definition/same.ts";

const name = "New-ExchangeCertificate";

const parameters = {
  SubjectName: {
    type: "string",
    help: "Its subject, like `c=US,o=Contoso,cn=mail.contoso.com`",
    default: "the server's name as CN",
  },
  DomainName: {
    type: "stringList",
    help: "The names it is for; without it and the switches below, the server's host name and FQDN. The CN is added",
  },
  IncludeAcceptedDomains: { type: "switch", help: "Every accepted domain is among the names" },
  IncludeAutoDiscover: { type: "switch", help: "`autodiscover.` before every accepted domain is among the names" },
  FriendlyName: {
    type: "string",
    length: [1, 63],
    help: "What administrators know it by",
    default: "`Microsoft Exchange`",
  },
  KeySize: { type: "enum", values: keySizes.map(String), help: "Bits of its RSA key", default: "2048" },
  PrivateKeyExportable: {
    type: "boolean",
    help: "Whether its private key can be exported, now or ever",
    default: "no",
  },
  Services: {
    type: "enumList",
    values: serviceNames,
    help: "What may use it; without it IMAP, POP and, where there is a transport role, SMTP; with one of the Include- switches SMTP alone",
  },
  Instance: {
    type: "object",
    fromPipeline: "value",
    help: "A certificate to renew: what is not given otherwise is as it has it, and so are the services",
  },
  GenerateRequest: { type: "switch", help: "Makes a request for an authority instead, with -Path" },
  Path: { type: "string", help: "With -GenerateRequest: the file that it is written to" },
  BinaryEncoded: { type: "switch", help: "With -GenerateRequest: writes DER in place of base64" },
  Force: {
    type: "switch",
    help: "Overwrites the file of a request, and says yes where the default SMTP certificate would be replaced",
  },
  DomainController: domainController,
} as const satisfies ParameterSpecs;

export const newExchangeCertificate = defineCmdlet({
  verb: "New",
  noun: "ExchangeCertificate",
  synopsis: "Makes a self-signed certificate in the store of the server it runs on, or a request for an authority.",
  source: "[aa998327]",
  shouldProcess: "medium",
  parameters,
  asks: [
    "`Overwrite the existing default SMTP certificate?` where another certificate is the default, unless `-Force` is given; No leaves the default as it is.",
  ],
  errors: [
    "COMMAND_CONFIRMATION_NEEDED",
    "COMMAND_NOT_A_CERTIFICATE",
    "COMMAND_PARAMETERS_EXCLUDE",
    "COMMAND_PARAMETER_NEEDS",
    "COMMAND_DOMAIN_MALFORMED",
    "CERT_NAME_UNUSABLE",
    "CERT_REQUEST_WAITS",
    "CERT_SUBJECT_MALFORMED",
    "CERT_WILDCARD_SERVICE",
  ],
  examples: [
    {
      line: "New-ExchangeCertificate -SubjectName cn=webmail.proexchange.global -DomainName Ex2007EE,Ex2007EE.proexchange.global -PrivateKeyExportable $true",
      does: "Makes a self-signed certificate with names of one's own, which can be exported.",
    },
    {
      line: "Get-ExchangeCertificate 6F029E0D20605DB1233016B787C4503FD0002C01 | New-ExchangeCertificate",
      does: "Renews a certificate: makes another one with its names and services.",
    },
    {
      line: String.raw`New-ExchangeCertificate -GenerateRequest -Path C:\mail.req -SubjectName "c=US,o=Contoso,cn=mail.contoso.com" -DomainName mail.contoso.com`,
      does: "Writes a request for an authority.",
    },
  ],
  ...certificateTable,
  async *run(context, given) {
    const { server, shouldProcess } = context;
    checkTogether(given);
    checkDomainController(name, server, given.DomainController);
    const wanted = await wantedOf(server, given);
    await preview(context, wanted);
    if (!(await shouldProcess(name, wanted.wanted.subjectName ?? server.name))) return;
    const made =
      wanted.kind === "request"
        ? await server.newCertificateRequest(wanted.wanted)
        : await makeCertificate(context, wanted.wanted, given.Force === true);
    yield shownCertificate(made, server);
  },
});

/** What is to be made: a certificate, or a request for one. */
async function wantedOf(
  server: ServerApi,
  given: Given<typeof parameters>,
): Promise<Extract<CertificateChange, { kind: "new" | "request" }>> {
  const fields = await wantedFields(server, given);
  const { Path = "", BinaryEncoded = false, Force = false } = given;
  if (given.GenerateRequest === true)
    return { kind: "request", wanted: { ...fields, path: Path, binaryEncoded: BinaryEncoded, overwrite: Force } };
  const services = servicesGiven(server, given);
  return { kind: "new", wanted: { ...fields, ...(services && { services: servicesOf(services) }) } };
}

/** Source: [exchange-certificate-cmdlets] New-: with one of the Include- switches it is for SMTP alone. */
function servicesGiven(
  server: ServerApi,
  { Services, IncludeAcceptedDomains, IncludeAutoDiscover }: Given<typeof parameters>,
): Given<typeof parameters>["Services"] {
  const includes = IncludeAcceptedDomains === true || IncludeAutoDiscover === true;
  return Services ?? (includes && (isHub(server) || isEdge(server)) ? ["SMTP"] : undefined);
}

/** Source: [aa998327], its two sets of parameters. */
function checkTogether(given: Given<typeof parameters>): void {
  if (given.GenerateRequest === true) {
    if (given.Services !== undefined) throw parametersExclude(name, "Services", "GenerateRequest");
    if (given.Path === undefined) throw parameterNeeds(name, "GenerateRequest", "Path");
    return;
  }
  for (const parameter of ["Path", "BinaryEncoded"] as const)
    if (given[parameter] !== undefined) throw parameterNeeds(name, parameter, "GenerateRequest");
}

async function wantedFields(server: ServerApi, given: Given<typeof parameters>): Promise<WantedCertificateFields> {
  const { SubjectName, FriendlyName, KeySize, PrivateKeyExportable, Instance } = given;
  const domainNames = await namesGiven(server, given);
  const like = Instance && (await certificateOfObject(server, Instance)).thumbprint;
  const keySize = keySizes.find((size) => String(size) === KeySize);
  return {
    ...(SubjectName !== undefined && { subjectName: SubjectName }),
    ...(domainNames.length > 0 && { domainNames }),
    ...(FriendlyName !== undefined && { friendlyName: FriendlyName }),
    ...(keySize !== undefined && { keySize }),
    ...(PrivateKeyExportable !== undefined && { privateKeyExportable: PrivateKeyExportable }),
    ...(like !== undefined && { like }),
  };
}

/** Each once. Source: [exchange-certificate-cmdlets] New-, its Include- switches, and what characters a name may have. */
async function namesGiven(
  server: ServerApi,
  { DomainName = [], IncludeAcceptedDomains, IncludeAutoDiscover }: Given<typeof parameters>,
): Promise<readonly string[]> {
  for (const given of DomainName)
    if (given.includes("_") || !isDomain(given.replace(/^\*\./, "")))
      throw domainMalformed("DomainName", given, "mail.contoso.com or *.contoso.com");
  const accepted = (await server.configuration("acceptedDomain")).map(({ domainName }) => domainName);
  const names = [
    ...DomainName,
    ...(IncludeAcceptedDomains === true ? accepted : []),
    ...(IncludeAutoDiscover === true ? accepted.map((domain) => `autodiscover.${domain}`) : []),
  ];
  return names.filter((one, index) => names.findIndex((other) => same(one, other)) === index);
}

/**
 * Makes it first, since the question names it, and has services use it when the answer is there. Where nobody can be
 * asked it is gone again.
 */
async function makeCertificate(
  context: CmdletContext,
  wanted: NewCertificate,
  isForced: boolean,
): Promise<CertificateView> {
  const { server } = context;
  const made = await server.newExchangeCertificate(wanted);
  const { thumbprint, services } = made;
  const overwriteDefault = services.includes("SMTP") && (isForced || (await answerOrRemove(context, made)));
  await server.enableExchangeCertificate({ thumbprint, services, overwriteDefault });
  return certificateOf(server, thumbprint);
}

async function answerOrRemove(context: CmdletContext, made: CertificateView): Promise<boolean> {
  try {
    return await confirmDefaultSmtp(context, made);
  } catch (failure) {
    await context.server.removeExchangeCertificate(made.thumbprint);
    throw failure;
  }
}
