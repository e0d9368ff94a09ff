import type {
  CandidateFate,
  Certificate,
  CertificateService,
  CertificateStatus,
  ExchangeInvalidity,
  KeySize,
} from "../../certificates/index.ts";

/** What a certificate is made like, or asked for. */
export interface WantedCertificateFields {
  /** `c=US,o=Contoso,cn=mail.contoso.com`; default: the server's host name as CN. */
  subjectName?: string;
  /** DNS names; without any, the server's host name and FQDN. The CN is added where it is not among them. */
  domainNames?: readonly string[];
  friendlyName?: string;
  /** Default: what the lab's keys are. */
  keySize?: KeySize;
  privateKeyExportable?: boolean;
  /** Thumbprint of one in this server's store, whose names and settings it has where no others are given: a renewal. */
  like?: string;
}

export interface NewCertificate extends WantedCertificateFields {
  /** Default: of the one that it is like, or IMAP, POP and, where there is a transport role, SMTP. */
  services?: readonly CertificateService[];
}

export interface NewCertificateRequest extends WantedCertificateFields {
  path: string;
  /** DER; otherwise PEM. */
  binaryEncoded: boolean;
  overwrite: boolean;
}

export interface CertificateImport {
  path: string;
  /** Of a PKCS #12 file. */
  password?: string;
  friendlyName?: string;
  /** Of a key that comes with the file. */
  privateKeyExportable: boolean;
}

export interface CertificateExport {
  /** Of a certificate, or of a request that waits. */
  thumbprint: string;
  path?: string;
  /** Of the PKCS #12 file. */
  password?: string;
  /** DER; otherwise base64. */
  binaryEncoded: boolean;
  overwrite: boolean;
}

export interface CertificateEnabling {
  thumbprint: string;
  services: readonly CertificateService[];
  /** It takes the place of the internal transport certificate, where SMTP is among them. */
  overwriteDefault: boolean;
}

/** What is about to be done to a server's certificates. */
export type CertificateChange =
  | { kind: "new"; wanted: NewCertificate }
  | { kind: "request"; wanted: NewCertificateRequest }
  | { kind: "import"; wanted: CertificateImport }
  | { kind: "export"; wanted: CertificateExport }
  | { kind: "enable"; wanted: Omit<CertificateEnabling, "overwriteDefault"> }
  | { kind: "remove"; wanted: { thumbprint: string } };

export interface CertificateView {
  thumbprint: string;
  services: readonly CertificateService[];
  subject: string;
  issuer: string;
  serialNumber: string;
  notBefore: Date;
  notAfter: Date;
  certificateDomains: readonly string[];
  hasPrivateKey: boolean;
  privateKeyExportable: boolean;
  isSelfSigned: boolean;
  keyAlgorithm: Certificate["publicKey"]["kind"];
  publicKeySize: number;
  rootCaType: string;
  friendlyName: string;
  status: CertificateStatus | "PendingRequest";
  /** Why it is not valid for use with Exchange; null where it is, and of a request. */
  invalidity: ExchangeInvalidity | null;
  enhancedKeyUsage: readonly string[];
  /** SHA-1 of its public key, 40 upper-case hex digits. */
  keyIdentifier: string;
  x509Version: number;
  /** DER; of a pending request, the request's. */
  der: Uint8Array;
  /** Whether it is the one the directory publishes for this server. */
  internalTransport: boolean;
}

export interface CertificateChoiceRequest {
  /** A connector, another Exchange server, or a domain; without it every receive connector of the server. */
  target?: string;
  /** In place of a target: what a receive connector of that name would present for STARTTLS. */
  fqdn?: string;
  /** A file with the certificates to choose among, as a real server lists them; without it those of this server. */
  listingPath?: string;
}

/** What `explainCertificateChoice` found out. */
export interface CertificateExplanation {
  choices: readonly CertificateChoice[];
  /** What a listing does not say and was taken for granted; empty for a server's own certificates. */
  assumptions: readonly string[];
  /** Why nothing is chosen where there is nothing to choose for, a sentence each. */
  remarks: readonly string[];
}

/** One selection and its candidates. */
export interface CertificateChoice {
  selection: "Inbound STARTTLS" | "Inbound X-ANONYMOUSTLS" | "Outbound STARTTLS" | "Outbound X-ANONYMOUSTLS";
  /** The connector, server or domain that it is made for. */
  about: string;
  /** The Send connector that mail to a domain leaves the organization by; null for all else, and where there is none. */
  connector: string | null;
  /** The name that a certificate is looked for by; null where no name decides. */
  fqdn: string | null;
  /** Thumbprint; null where none is presented. */
  chosen: string | null;
  /** In the order in which they are tried. `source` as `bb430748#5`. */
  candidates: readonly {
    thumbprint: string;
    subject: string;
    fate: CandidateFate<never>["fate"];
    reason: string;
    source: string;
  }[];
  /** In order; `event` is the id of what would be logged. */
  steps: readonly { source: string; text: string; event: number | null }[];
}

/** One thing that points at a certificate. */
export interface CertificateUse {
  kind:
    | "Service"
    | "ReceiveConnector"
    | "SendConnector"
    | "DirectoryEntry"
    | "EdgeSubscription"
    | "EdgeSyncCredential"
    | "Session";
  /** The service, the connector, the directory, or the peer. */
  where: string;
  /** The server whose certificate it is, or was. */
  server: string;
  thumbprint: string;
  detail: string;
  /** Whether a store still holds the certificate. */
  inStore: boolean;
}

/** What an authority is to answer, and where; both files are on the disk of the server `on`. */
export interface CertificateIssue {
  authority: string;
  on: string;
  request: string;
  answer: string;
}
