import { LabError, messageOf } from "../base/index.ts";

/** Bytes or text that should have been a certificate are none. */
export const malformedCertificate = (cause: unknown): LabError =>
  new LabError("CERT_MALFORMED", `Cannot read the certificate: ${messageOf(cause)}`, {
    remedy: "Give one X.509 certificate, as DER or as PEM beginning with -----BEGIN CERTIFICATE-----",
    cause,
  });

/** Bytes or text that should have been a certificate request are none, or nobody's. */
export const malformedRequest = (problem: string, cause: unknown): LabError =>
  new LabError("CERT_REQUEST_MALFORMED", `Cannot read the certificate request: ${problem}`, {
    remedy: "Give the file that New-ExchangeCertificate -GenerateRequest has written, or another PKCS #10 request",
    details: { problem },
    cause,
  });

/** An authority cannot sign for a key of another kind than its own. */
export const requestKeyUnusable = (subject: string, wanted: string): LabError =>
  new LabError(
    "CERT_REQUEST_KEY",
    `Cannot issue a certificate for the request of ${subject}: its key is not ${wanted}`,
    {
      remedy: `Make the request with an ${wanted} key, as the authority has`,
      details: { subject, wanted },
    },
  );

/** A file that should have been PKCS #12 is none that can be read. */
export const malformedPfx = (problem: string, cause: unknown): LabError =>
  new LabError("CERT_PFX_MALFORMED", `Cannot read the PKCS #12 file: ${problem}`, {
    remedy: "Export the certificate again together with its private key, protected by a password",
    details: { problem },
    cause,
  });

/** A PKCS #12 file does not open: the password is another, or none was given. */
export const pfxPassword = (): LabError =>
  new LabError("CERT_PFX_PASSWORD", "Cannot open the PKCS #12 file: the password is wrong, or none was given", {
    remedy: "Give the password that it was exported with: -Password (ConvertTo-SecureString -AsPlainText -Force ...)",
  });

/** A common name or domain name that no certificate can carry. */
export const unusableName = (kind: "common name" | "domain name", name: string, wanted: string): LabError =>
  new LabError(
    "CERT_NAME_UNUSABLE",
    `Cannot issue a certificate for the ${kind} ${JSON.stringify(name)}: it is not ${wanted}`,
    {
      remedy: `Use ${wanted}`,
      details: { kind, name },
    },
  );

/** A subject name that cannot be read, or has nothing to be known by. */
export const malformedSubject = (subject: string, problem: string): LabError =>
  new LabError("CERT_SUBJECT_MALFORMED", `Cannot use the subject name "${subject}": ${problem}`, {
    remedy: 'Write parts joined by commas, like "c=US,o=Contoso,cn=mail.contoso.com"; a value with a comma in "quotes"',
    details: { subject, problem },
  });

/** A certificate is to be issued by an authority that the lab does not have. */
export const unknownAuthority = (name: string, known: readonly string[]): LabError =>
  new LabError(
    "CERT_AUTHORITY_UNKNOWN",
    `Cannot have the certificate issued by "${name}": the lab has ${known.length === 0 ? "no certification authority" : `the authorities ${known.join(", ")}`}`,
    {
      remedy: `${known.length === 0 ? "Declare" : "Name one of them, or declare"} it under world.authorities`,
      details: { name, known },
    },
  );

/** An authority is to take back what it has not issued. `authority`: its name, or whoever was meant to. */
export const foreignRevocation = (
  {
    thumbprint,
    subject,
    issuer,
    selfSigned,
  }: { thumbprint: string; subject: string; issuer: string; selfSigned: boolean },
  authority: string,
): LabError =>
  new LabError(
    "CERT_REVOKE_FOREIGN",
    `Cannot revoke certificate ${thumbprint} of ${subject}: ${selfSigned ? "it signs itself" : `${issuer} has issued it, not ${authority}`}`,
    {
      remedy: selfSigned
        ? "Take it out of use with Remove-ExchangeCertificate; a certificate that signs itself is in nobody's list"
        : "Name a certificate that an authority of world.authorities has issued; only its issuer can take it back",
      details: { thumbprint, issuer, authority },
    },
  );

/** An authority is to take a certificate back for the second time. */
export const revokedAlready = (
  { thumbprint, subject }: { thumbprint: string; subject: string },
  authority: string,
  at: Date,
): LabError =>
  new LabError(
    "CERT_REVOKED_ALREADY",
    `Cannot revoke certificate ${thumbprint} of ${subject}: ${authority} has revoked it at ${at.toISOString()}`,
    {
      remedy: "Nothing gives it back: request another one, New-ExchangeCertificate -GenerateRequest",
      details: { thumbprint, authority, at: at.toISOString() },
    },
  );

/** What a server's TLS is to be limited to leaves nothing that it could speak. */
export const unusableTlsSettings = (settings: string, problem: string, cause?: unknown): LabError =>
  new LabError("CERT_TLS_SETTINGS_UNUSABLE", `Cannot speak TLS with the settings ${settings}: ${problem}`, {
    remedy:
      "Let minVersion be no newer than maxVersion, and ciphers a list that `openssl ciphers` understands, or null",
    details: { settings },
    cause,
  });

/** A secret was to be sealed for a certificate whose key cannot do that. */
export const cannotSeal = (subject: string, why: string): LabError =>
  new LabError("CERT_CANNOT_SEAL", `Cannot seal a secret for the certificate ${subject}: ${why}`, {
    remedy: "Use a certificate with an RSA key of at least 2048 bits, or with a P-256 key",
    details: { subject },
  });

/** A command named a thumbprint that the server's store does not hold. */
export const unknownThumbprint = (thumbprint: string, held: number): LabError =>
  new LabError(
    "CERT_THUMBPRINT_UNKNOWN",
    `Cannot find certificate "${thumbprint}": none of the store's ${held} certificates has that thumbprint`,
    {
      remedy: "Run Get-ExchangeCertificate on that server and copy a Thumbprint from its output",
      details: { thumbprint, held },
    },
  );

/** A certificate is needed, and the thumbprint is a request's that has not been answered. */
export const requestWaits = (thumbprint: string): LabError =>
  new LabError("CERT_REQUEST_WAITS", `Cannot use "${thumbprint}": it is a request that waits for its certificate`, {
    remedy:
      "Bring it to an authority (Submit-LabRequest has one of the lab), then Import-ExchangeCertificate the answer",
    details: { thumbprint },
  });

/** The store already holds this certificate. */
export const duplicateCertificate = (thumbprint: string): LabError =>
  new LabError("CERT_DUPLICATE", `Cannot add certificate ${thumbprint}: the store already holds it`, {
    remedy: "Run Enable-ExchangeCertificate to change its services, or Remove-ExchangeCertificate first",
    details: { thumbprint },
  });

/** The certificate is in the store, its private key is not. Source: [aa998327], reason PrivateKeyMissing. */
export const privateKeyMissing = (thumbprint: string): LabError =>
  new LabError(
    "CERT_PRIVATE_KEY_MISSING",
    `The certificate with thumbprint ${thumbprint} was found but is not valid for use with Exchange Server (reason: PrivateKeyMissing)`,
    { remedy: "Import it together with its private key, or make a new one", details: { thumbprint } },
  );

/**
 * The certificate is in the store with its private key, and Exchange can't use it for any service.
 * Source: [exchange-certificate-cmdlets] Enable-, the words. Inferred: the reasons beside PrivateKeyMissing.
 */
export const unfitForExchange = (thumbprint: string, reason: string): LabError =>
  new LabError(
    "CERT_NOT_FOR_EXCHANGE",
    `The certificate with thumbprint ${thumbprint} was found but is not valid for use with Exchange Server (reason: ${reason})`,
    {
      remedy: "Use one with an RSA key of 1024 bits or more that may sign and is for server authentication",
      details: { thumbprint, reason },
    },
  );

/** A private key was offered for a certificate that holds another public key. */
export const keyMismatch = (thumbprint: string): LabError =>
  new LabError(
    "CERT_KEY_MISMATCH",
    `Cannot add certificate ${thumbprint}: the private key given does not belong to it`,
    {
      remedy: "Give the key that the certificate was issued for",
      details: { thumbprint },
    },
  );

/** The certificate's key was made or imported as one that stays where it is. */
export const keyNotExportable = (thumbprint: string): LabError =>
  new LabError(
    "CERT_KEY_NOT_EXPORTABLE",
    `Cannot export certificate ${thumbprint} with its private key: the key is not exportable`,
    {
      remedy:
        "Make or import a certificate with -PrivateKeyExportable $true; whether a key may leave is said when it comes",
      details: { thumbprint },
    },
  );

/**
 * An authority's answer, or a certificate without a key, came to a store that has not asked for it.
 * Source: [aa998327], reason PrivateKeyMissing.
 */
export const answerForNobody = ({ thumbprint, subject }: { thumbprint: string; subject: string }): LabError =>
  new LabError(
    "CERT_ANSWER_FOREIGN",
    `The certificate with thumbprint ${thumbprint} was found but is not valid for use with Exchange Server (reason: PrivateKeyMissing)`,
    {
      remedy: `No request that waits here is for the key of ${subject}: import it where the request was made, or as PKCS #12`,
      details: { thumbprint, subject },
    },
  );

/** A file that was to be imported holds no certificate. */
export const noCertificateInFile = (): LabError =>
  new LabError("CERT_FILE_EMPTY", "Cannot import the file: it holds no certificate, or only a part of one", {
    remedy: "Give an authority's answer (.cer, .crt or .p7b, PEM or DER), or a PKCS #12 file (.pfx)",
  });

/** A store's folder holds files that are not what the store writes. Nothing was changed. */
export const corruptStore = (folder: string, problems: readonly string[]): LabError =>
  new LabError("CERT_STORE_CORRUPT", `Cannot open the certificate store ${folder}: ${problems.join("; ")}`, {
    remedy: "Move the files named out of the folder, or start the lab with --fresh",
    details: { folder, problems },
  });

/** A server's machine key file holds something else. */
export const unreadableMachineKey = (path: string, cause: unknown): LabError =>
  new LabError("CERT_MACHINE_KEY_UNREADABLE", `Cannot read the machine key ${path}: ${messageOf(cause)}`, {
    remedy: "Remove the file; a new key is made at the next start",
    details: { path },
    cause,
  });
