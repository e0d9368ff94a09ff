import type { CertificateValidity } from "../../judge/verdict.ts";
import type { Kit, MintedCertificate } from "./kit.ts";

/**
 * What becomes of mail to a server that presents the certificate. `delivered`: over TLS. `in the clear`: without, since the
 * server can't offer it. `no TLS`, `no handshake`: it waits, since TLS is needed and not offered, or fails. A status: it
 * waits, since the certificate was judged, and that is the word for what was found.
 */
export type Outcome =
  "delivered" | "in the clear" | "no TLS" | "no handshake" | Exclude<CertificateValidity, "Valid" | "ValidSelfSigned">;

/** The kinds of session in which a certificate is presented. */
export interface ExpectedOutcomes {
  /** Between Exchange servers; the certificate is the one that the directory publishes for the server. */
  directTrust: Outcome;
  /** To a stranger: TLS where it is offered. */
  opportunistic: Outcome;
  /** By a Send connector with RequireTLS: TLS or nothing, with anybody. */
  required: Outcome;
  /** To a partner of Domain Security who is known by an authority that this server trusts. */
  domainSecured: Outcome;
}

/** A certificate of the catalogue. */
export interface CatalogueEntry {
  /** As lab files and steps name it. */
  name: string;
  /** What is wrong with it and what follows, in a sentence that a student reads. */
  about: string;
  mint(kit: Kit): Promise<MintedCertificate>;
  expected: ExpectedOutcomes;
}

/** Presented without trouble: only who looks closer finds something. */
export const found = (domainSecured: Outcome): ExpectedOutcomes => ({
  directTrust: "delivered",
  opportunistic: "delivered",
  required: "delivered",
  domainSecured,
});

/** Nothing against it that anybody here would see. */
export const passes = found("delivered");

/** No TLS library of today does a handshake with it. */
export const noHandshake: ExpectedOutcomes = {
  directTrust: "no handshake",
  opportunistic: "no handshake",
  required: "no handshake",
  domainSecured: "no handshake",
};
