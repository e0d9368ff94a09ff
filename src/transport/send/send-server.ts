import type { ApplicationEvent, Clock, DecisionRecord, Journal } from "../../base/index.ts";
import type { CertificateStore, DisputedRules, Presentations, Trust } from "../../certificates/index.ts";
import type { ExchangeServer, OrganizationView } from "../../directory/index.ts";
import type { Names } from "../../dns/index.ts";
import type { ProtocolRow, SessionRecord } from "../../smtp/index.ts";
import type { ConnectionTimeouts } from "./connection.ts";

/** What sending needs of the server that sends. */
export interface SendServer {
  name: string;
  fqdn: string;
  role: "hub" | "edge";
  /** Undefined: the system chooses. */
  localAddress: string | undefined;
  clock: Clock;
  journal: Journal<ProtocolRow | SessionRecord | ApplicationEvent | DecisionRecord>;
  nextSessionId(): string;
  names: Names;
  /** Active Directory as a Hub knows it; on an Edge server its own ADAM. */
  organization: OrganizationView;
  /** The verb that starts TLS between Exchange servers. */
  intraOrgTls: "starttls" | "x-anonymoustls";
  /** Whether a Hub judges the certificate of another Hub. Ours: docs/fidelity.md#hub-trust. */
  hubTrust: "direct-trust" | "exchange";
  /** What an expired certificate of its own is still good for. */
  disputed: DisputedRules;
  store: CertificateStore;
  presentations: Presentations;
  /** Its trusted root store, and where it asks about revocation. */
  readonly trust: Trust;
  /**
   * Begins an X-EXPS authentication bound to this TLS session.
   *
   * @param session `serverCertificateSha256`: 64 upper-case hex digits
   * @returns the blob to send, and the check of the text after `235 ` (without an enhanced code)
   */
  authenticate(
    target: ExchangeServer,
    session: { channelBinding: Buffer; serverCertificateSha256: string },
  ): { blob: string; checkAnswer(answer: string): boolean };
  /** Real time; for tests. */
  timeouts?: Partial<ConnectionTimeouts>;
}
