import type { Decision, RaisedEvent, Step } from "../base/index.ts";
import type { ReceiveConnector } from "../directory/index.ts";
import type { Certificate, StoredCertificate } from "./certificate.ts";
import {
  coversName,
  hoursLeftIfSoon,
  isExpired,
  isNotYetValid,
  isTrustedPki,
  orderForSelection,
  whyUnusableForTls,
} from "./status.ts";

/** Writes down the steps of one decision, numbered as its source numbers them. */
function stepsOf(source: string): { steps: Step[]; note: (step: number, text: string, event?: RaisedEvent) => void } {
  const steps: Step[] = [];
  const note = (step: number, text: string, event?: RaisedEvent): void =>
    void steps.push({ source: `${source}#${step}`, text, ...(event && { event }) });
  return { steps, note };
}

/**
 * Chooses the certificate that a receive connector presents for STARTTLS.
 *
 * @param serverFqdn stands in where the connector has no FQDN of its own
 * @param store every certificate in the server's store; their order does not matter
 * @param at lab time
 * @param trustedRoots roots that this server trusts; without any, no PKI certificate is valid
 * @returns no outcome when STARTTLS must not be offered. The steps tell each candidate's fate and carry the events to
 *   raise: 12014 nothing fits, 12016 the chosen one has expired, 12018 it soon will
 * Source: [bb430748], its step numbers kept; 6 to 9 from the 2016 edition. What TLS needs: [bb851505].
 */
export function selectStartTlsCertificate(
  connector: Pick<ReceiveConnector, "name" | "authMechanism" | "fqdn">,
  serverFqdn: string,
  store: readonly StoredCertificate[],
  at: Date,
  trustedRoots: readonly Certificate[] = [],
): Decision<StoredCertificate | undefined> {
  const { steps, note } = stepsOf("bb430748");
  if (!connector.authMechanism.includes("Tls")) {
    note(2, "AuthMechanism lacks Tls: STARTTLS is not offered");
    return { outcome: undefined, steps };
  }
  const fqdn = connector.fqdn ?? serverFqdn;
  note(
    3,
    `the name to find is ${fqdn}, ${connector.fqdn === null ? "the server's, as the connector has none" : "the connector's"}`,
  );
  const notOffered = (step: number): Decision<undefined> => {
    const event = { id: 12014, parameters: [fqdn, connector.name, fqdn] };
    note(step, `no certificate for ${fqdn}: STARTTLS is not offered`, event);
    return { outcome: undefined, steps };
  };

  const matching = orderForSelection(store).filter((candidate) => {
    const covered = coversName(candidate, fqdn);
    if (!covered)
      note(4, `${candidate.thumbprint}: its names are ${candidate.certificateDomains.join(", ") || "none"}`);
    return covered;
  });
  if (matching.length === 0) return notOffered(4);

  const eligible = matching.filter((candidate) => {
    const lack = whyIneligible(candidate);
    note(5, `${candidate.thumbprint}: ${lack ?? "eligible"}`);
    return lack === undefined;
  });
  if (eligible.length === 0) return notOffered(5);
  if (eligible.length > 1) note(6, `newest first: ${eligible.map(({ thumbprint }) => thumbprint).join(", ")}`);

  const chosen = firstValidPki(eligible, trustedRoots, note) ?? eligible.find(({ selfSigned }) => selfSigned);
  if (!chosen) return notOffered(8);
  if (chosen.selfSigned) note(8, `${chosen.thumbprint}: the first self-signed one is presented`);
  noteValidity(chosen, at, note, {
    expired: { id: 12016, parameters: [fqdn] },
    expiresSoon: (hours) => ({ id: 12018, parameters: [chosen.subject, chosen.thumbprint, String(hours)] }),
  });
  return { outcome: chosen, steps };
}

/** Why a certificate whose name fits can't be presented, or undefined. Source: [bb430748] step 5, 2010 edition. */
function whyIneligible(candidate: StoredCertificate): string | undefined {
  if (candidate.x509Version < 3) return `X.509 version ${candidate.x509Version}, and 3 is needed`;
  if (!candidate.hasPrivateKey) return "no private key";
  if (!candidate.services.includes("SMTP")) return "not enabled for SMTP";
  return whyUnusableForTls(candidate);
}

/** Step 7. An expired one still counts (Inferred: step 9 only makes sense if it can get there). */
function firstValidPki(
  eligible: readonly StoredCertificate[],
  trustedRoots: readonly Certificate[],
  note: (step: number, text: string) => void,
): StoredCertificate | undefined {
  for (const candidate of eligible.filter(({ selfSigned }) => !selfSigned)) {
    const trusted = isTrustedPki(candidate, trustedRoots);
    note(
      7,
      `${candidate.thumbprint}: ${trusted ? "the first valid PKI certificate is presented" : `no trusted root issued it (${candidate.issuer})`}`,
    );
    if (trusted) return candidate;
  }
  return undefined;
}

/** The last step of every selection: dates never prevent TLS, they are told. */
function noteValidity(
  chosen: StoredCertificate,
  at: Date,
  note: (step: number, text: string, event?: RaisedEvent) => void,
  events: { expired: RaisedEvent; expiresSoon: (hours: number) => RaisedEvent },
  step = 9,
): void {
  const hours = hoursLeftIfSoon(chosen, at);
  if (isExpired(chosen, at))
    note(step, `${chosen.thumbprint} has expired and is presented all the same`, events.expired);
  else if (hours !== undefined) note(step, `${chosen.thumbprint} expires in ${hours} hours`, events.expiresSoon(hours));
  else if (isNotYetValid(chosen, at)) note(step, `${chosen.thumbprint} is not valid yet and is presented all the same`);
}

/**
 * Chooses the internal transport certificate, which a receive connector presents to other Exchange servers. Names,
 * services and issuers do not matter here: the directory says which it is.
 *
 * @param publishedThumbprint what the directory publishes for this server, null for nothing
 * @returns no outcome when X-ANONYMOUSTLS must not be offered. Events: 12012 nothing published, 12013 not in the store,
 *   12015 expired, 12017 expires soon
 * Source: [bb430790], its step numbers kept; details from the 2016 edition.
 */
export function selectInternalTransportCertificate(
  connector: Pick<ReceiveConnector, "authMechanism">,
  publishedThumbprint: string | null,
  store: readonly StoredCertificate[],
  at: Date,
): Decision<StoredCertificate | undefined> {
  const { steps, note } = stepsOf("bb430790");
  if (!connector.authMechanism.includes("ExchangeServer")) {
    note(2, "AuthMechanism lacks ExchangeServer: X-ANONYMOUSTLS is not offered");
    return { outcome: undefined, steps };
  }
  return {
    outcome: findInternalCertificate(publishedThumbprint, store, at, (step, text, event) =>
      note(step + 2, text, event),
    ),
    steps,
  };
}

/**
 * Chooses the certificate that a sending server presents to another Exchange server.
 *
 * @param deliveryType of the queue: only on the way to an Edge server does a Hub present one
 * Source: [bb430773], its step numbers kept; details from the 2016 edition.
 */
export function selectOutboundAnonymousTlsCertificate(
  deliveryType: string,
  publishedThumbprint: string | null,
  store: readonly StoredCertificate[],
  at: Date,
): Decision<StoredCertificate | undefined> {
  const { steps, note } = stepsOf("bb430773");
  if (deliveryType !== "SmtpRelayWithinAdSiteToEdge") {
    note(0, `${deliveryType} leads to no Edge server: none is presented, X-EXPS proves who this server is`);
    return { outcome: undefined, steps };
  }
  return { outcome: findInternalCertificate(publishedThumbprint, store, at, note), steps };
}

/** What both directions share: 1 read the directory, 2 look into the store, 3 compare the dates. */
function findInternalCertificate(
  published: string | null,
  store: readonly StoredCertificate[],
  at: Date,
  note: (step: number, text: string, event?: RaisedEvent) => void,
): StoredCertificate | undefined {
  if (published === null) {
    note(1, "the directory publishes no certificate for this server", { id: 12012, parameters: [] });
    return undefined;
  }
  const found = store.find(({ thumbprint }) => thumbprint === published);
  if (!found?.hasPrivateKey) {
    const where = found ? "is in the store without its private key" : "is not in the store";
    note(2, `${published}, which the directory publishes, ${where}`, { id: 12013, parameters: [published] });
    return undefined;
  }
  note(2, `${published}, which the directory publishes, is presented`);
  const expired = { id: 12015, parameters: [published] };
  noteValidity(found, at, (_, text, event) => note(3, text, event), {
    expired,
    expiresSoon: (hours) => ({ id: 12017, parameters: [published, String(hours)] }),
  });
  return found;
}
