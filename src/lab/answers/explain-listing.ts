import {
  decodeListing,
  defaultDisputedRules,
  type DisputedRules,
  type ListedCertificate,
  readListing,
  readThumbprint,
  rulesByListing,
} from "../../certificates/index.ts";
import type { CertificateExplanation } from "../api/index.ts";
import { listingEmpty } from "../errors.ts";
import { type Choice, type Chooser, receiveChoices } from "./explain-choice.ts";
import { viewOfChoice } from "./explain-view.ts";

/** The candidates of a listing. */
export interface Listed extends Pick<Chooser<ListedCertificate>, "candidates" | "published" | "rules"> {
  assumptions: readonly string[];
}

/** Reads the bytes of a listing. Throws CERT_LISTING_EMPTY. */
export function readListed(
  bytes: Uint8Array,
  file: string,
  { at, disputed }: { at: Date; disputed: DisputedRules },
): Listed {
  const { certificates, requests, published, assumptions } = readListing(decodeListing(bytes));
  if (certificates.length === 0) throw listingEmpty(file, requests.length);
  const pending = requests.map((request) => `${request} is a request that waits for its certificate: it is left out`);
  return {
    candidates: certificates,
    published: published ?? null,
    rules: rulesByListing(at, disputed),
    assumptions: [...pending, ...assumptions],
  };
}

/** A listing does not say which certificate the directory publishes: without it, nothing can be said of X-ANONYMOUSTLS. */
export function explanationOf(choices: readonly Choice<ListedCertificate>[], listed: Listed): CertificateExplanation {
  const told = choices.filter(({ selection }) => listed.published !== null || !selection.endsWith("X-ANONYMOUSTLS"));
  const leftOut =
    told.length === choices.length
      ? []
      : ["X-ANONYMOUSTLS is left out: which certificate the directory publishes is not in the listing"];
  return {
    choices: told.map((choice) => viewOfChoice(choice, listed.candidates)),
    assumptions: [...listed.assumptions, ...leftOut],
    remarks: [],
  };
}

/**
 * What a receive connector of some name would present, on the server that a listing is of. For whoever has no lab.
 *
 * @param about `published`: thumbprint of the internal transport certificate, where it is known
 * Throws CERT_LISTING_EMPTY.
 */
export function explainListing(
  bytes: Uint8Array,
  file: string,
  about: { fqdn: string; published: string | undefined; at: Date },
): CertificateExplanation {
  const listed = readListed(bytes, file, { at: about.at, disputed: defaultDisputedRules });
  const published = about.published === undefined ? listed.published : readThumbprint(about.published);
  const [, server = ""] = /^([^.]+)/.exec(about.fqdn) ?? [];
  const authMechanism = ["Tls", "ExchangeServer"] as const;
  const connector = { server, name: about.fqdn, authMechanism, fqdn: about.fqdn };
  const choices = receiveChoices(connector, { fqdn: about.fqdn, ...listed, published });
  return explanationOf(
    choices.map((choice) => ({ ...choice, about: about.fqdn })),
    { ...listed, published },
  );
}
