import type { Endpoint, SmtpReply } from "../../smtp/index.ts";
import type { CertificateView } from "./certificates.ts";

/** How an outside client uses TLS: where it is offered, not at all, or only with it. */
export type OutsideTls = "opportunistic" | "never" | "required";

/** A message that somebody outside the organization brings over SMTP. */
export interface OutsideMessage {
  /**
   * How it comes: from a host of the world to the mail exchangers of the recipients' domain, as that host sends; or from
   * a client of no name to one connector of one server.
   */
  by:
    | { kind: "host"; host: string }
    | {
        kind: "client";
        via: string;
        connector: "Default" | "Client";
        /** The name it gives in EHLO. */
        ehlo: string;
        tls: OutsideTls;
      };
  from: string;
  /** Addresses; mailbox names are not known outside. */
  to: readonly string[];
  subject: string;
  text: string;
  sizeBytes?: number;
}

/** What the outside client saw. */
export interface OutsideOutcome {
  /** The id it gave the message. */
  internetMessageId: string;
  /** Thumbprint of the certificate the server presented; undefined when the session was not encrypted. */
  presented: string | undefined;
  /** Recipients that the server took responsibility for. */
  accepted: readonly string[];
  /** Every refusal in order, by the command that met it; a recipient where it was RCPT. */
  refused: readonly { command: string; recipient: string | undefined; reply: SmtpReply }[];
}

/** A certificate that somebody outside the organization presents. */
export type OutsideCertificate = Pick<
  CertificateView,
  "thumbprint" | "subject" | "issuer" | "isSelfSigned" | "notBefore" | "notAfter"
>;

/** Somebody else's mail host. */
export interface OutsideHostView {
  /** Its FQDN. */
  name: string;
  domains: readonly string[];
  endpoint: Endpoint;
  /** Whether the lab has started it; of one that it has not, no more is known than the certificate it was given. */
  ours: boolean;
  /** Thumbprint of the certificate that it presents now; null: none, or it is not known. */
  presents: string | null;
  /** What it presents, and has presented under faults, in the order in which they were made. */
  certificates: readonly OutsideCertificate[];
}

/** Somebody in the middle. */
export interface AttackerView {
  name: string;
  /** The server or outside host whose port it stands before. */
  before: string;
  /** Whether it stands in the way now. */
  present: boolean;
  endpoint: Endpoint;
  /** The lookalikes that it has shown, in order. */
  certificates: readonly OutsideCertificate[];
}
