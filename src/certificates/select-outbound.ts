import type { Decision } from "../base/index.ts";
import type { SendConnector } from "../directory/index.ts";
import type { Certificate, StoredCertificate } from "./certificate.ts";
import { selectByName } from "./select-by-name.ts";
import { noteStartTlsValidity, stepsOf } from "./selection-steps.ts";

/**
 * Chooses the certificate that a server presents as a client after STARTTLS, on the way to somebody who is no Exchange
 * server of its organization.
 *
 * @param serverFqdn stands in where the connector has no FQDN of its own
 * @param store every certificate in the server's store; their order does not matter
 * @param at lab time
 * @param trustedRoots roots that this server trusts; without any, no PKI certificate is valid
 * @returns no outcome when none is presented: the handshake goes on without. The steps tell each candidate's fate and
 *   carry the events to raise: 12016 the chosen one has expired, 12018 it soon will; 12014 nothing fits, where the
 *   connector is for Domain Security, which demands one
 * Source: [bb430764], the name that it is chosen by. Inferred: the steps, which are those of [bb430748]; no document gives
 *   them for the way out (docs/fidelity.md#outbound-starttls).
 */
export function selectOutboundStartTlsCertificate(
  connector: Pick<SendConnector, "name" | "fqdn" | "domainSecureEnabled">,
  serverFqdn: string,
  store: readonly StoredCertificate[],
  at: Date,
  trustedRoots: readonly Certificate[],
): Decision<StoredCertificate | undefined> {
  const { steps, note } = stepsOf("bb430748");
  const fqdn = connector.fqdn ?? serverFqdn;
  note(3, `the name to find is ${fqdn}, ${connector.fqdn === null ? "the server's own" : "the connector's"}`);

  const found = selectByName(fqdn, store, { roots: trustedRoots, at }, note);
  if (!found.chosen) {
    const needed = connector.domainSecureEnabled;
    const event = needed ? { id: 12014, parameters: [fqdn, connector.name, fqdn] } : undefined;
    note(
      found.step,
      `no certificate for ${fqdn}: none is presented${needed ? ", and Domain Security needs one" : ""}`,
      event,
    );
    return { outcome: undefined, steps };
  }
  noteStartTlsValidity(found.chosen, fqdn, at, note);
  return { outcome: found.chosen, steps };
}
