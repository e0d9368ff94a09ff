import type { CertificateExplanation, CertificateView, ServerApi } from "../../lab/index.ts";
import { fatesView, shownChoices, tellSteps } from "./certificate-choice.ts";
import { defineCmdlet } from "../definition/define-cmdlet.ts";
import { parametersExclude } from "./errors.ts";
import { certificateTable, certificateOf, hasThumbprint, shownCertificate } from "./exchange-certificate.ts";
import { same } from "../definition/same.ts";

export const getExchangeCertificate = defineCmdlet({
  verb: "Get",
  noun: "ExchangeCertificate",
  synopsis:
    "Shows the certificates in the store of the server it runs on, or which of them it would present to whom and why.",
  source: "[bb124950]",
  parameters: {
    Thumbprint: {
      type: "string",
      position: 0,
      fromPipeline: "both",
      help: "Only the certificate with this thumbprint",
    },
    DomainName: {
      type: "stringList",
      help: "Only certificates for one of these names; the first shown is the one a connector of that name would choose",
    },
    Explain: {
      type: "string",
      basis: "ours",
      help: "A connector, another Exchange server or a domain: what becomes of each certificate when one is chosen for it; of another server, also what that one shows in answer",
    },
    ListingPath: {
      type: "string",
      basis: "ours",
      help: "With -Explain: a file with the output of Get-ExchangeCertificate | Format-List of a real server, to choose from it instead",
    },
  },
  errors: [
    "COMMAND_PARAMETERS_EXCLUDE",
    "COMMAND_THUMBPRINT_UNKNOWN",
    "CERT_CHOICE_ELSEWHERE",
    "CERT_CHOICE_UNKNOWN",
    "CERT_LISTING_EMPTY",
  ],
  examples: [
    {
      line: String.raw`Get-ExchangeCertificate -Explain "Ex2007EE\Default Ex2007EE"`,
      does: "Shows what the connector presents, and why not another one.",
    },
    {
      line: "Get-ExchangeCertificate -DomainName mail.contoso.com -Verbose",
      does: "Tells every step of the selection for that name.",
    },
  ],
  ...certificateTable,
  otherViews: [fatesView],
  async *run(context, { Thumbprint, DomainName, Explain, ListingPath }) {
    const { server } = context;
    if (Explain !== undefined || ListingPath !== undefined) {
      if (DomainName !== undefined)
        throw parametersExclude(
          "Get-ExchangeCertificate",
          "DomainName",
          Explain === undefined ? "ListingPath" : "Explain",
        );
      const explanation = await server.explainCertificateChoice({
        ...(Explain !== undefined && { target: Explain }),
        ...(ListingPath !== undefined && { listingPath: ListingPath }),
      });
      tellSteps({ ...explanation, remarks: [] }, context); // which are told in any case
      for (const assumption of explanation.assumptions) context.warning(`Taken for granted: ${assumption}`);
      for (const remark of explanation.remarks) context.warning(remark);
      const fates = shownChoices(explanation);
      return yield* fates.filter((fate) => Thumbprint === undefined || same(fate.Thumbprint ?? "", Thumbprint));
    }
    if (Thumbprint !== undefined)
      await certificateOf(server, Thumbprint); // an unknown one is an error, not nothing
    else for (const one of await server.servicesInTheClear()) context.warning(inTheClear(one, server.name));
    const explanations = await explained(server, DomainName);
    for (const explanation of explanations) tellSteps(explanation, context);
    for (const certificate of inOrder(await server.exchangeCertificates(), DomainName, explanations))
      if (Thumbprint === undefined || hasThumbprint(certificate, Thumbprint))
        yield shownCertificate(certificate, server);
  },
});

/** What a server without a certificate for a service does with its clients. Ours: nothing else would say so. */
const inTheClear = ({ service, traffic }: { service: string; traffic: string }, server: string): string =>
  `No certificate is enabled for ${service} on ${server}: not encrypted there: ${traffic}.`;

/** For each of the names that were asked for; without any, for every receive connector. */
const explained = (server: ServerApi, names: readonly string[] | undefined): Promise<CertificateExplanation[]> =>
  Promise.all(
    names === undefined
      ? [server.explainCertificateChoice({})]
      : names.map((fqdn) => server.explainCertificateChoice({ fqdn })),
  );

/** Those for the names, if any were asked for; the one that a connector of that name would choose goes first. */
function inOrder(
  certificates: readonly CertificateView[],
  names: readonly string[] | undefined,
  explanations: readonly CertificateExplanation[],
): readonly CertificateView[] {
  if (names === undefined) return certificates;
  const chosen = explanations.flatMap(({ choices }) => choices.flatMap((choice) => choice.chosen ?? []));
  const first = chosen.flatMap((thumbprint) => certificates.find((one) => one.thumbprint === thumbprint) ?? []);
  const fitting = certificates.filter(({ certificateDomains }) =>
    names.some((name) => certificateDomains.some((own) => same(own, name))),
  );
  return [...new Set([...first, ...fitting])];
}
