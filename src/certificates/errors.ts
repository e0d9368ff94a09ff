import { LabError, messageOf } from "../base/index.ts";

/** Bytes or text that should have been a certificate are none. */
export const malformedCertificate = (cause: unknown): LabError =>
  new LabError("CERT_MALFORMED", `Cannot read the certificate: ${messageOf(cause)}`, {
    remedy: "Give one X.509 certificate, as DER or as PEM beginning with -----BEGIN CERTIFICATE-----",
    cause,
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

/** A certificate is to be issued by an authority that the lab does not have. */
export const unknownAuthority = (name: string, known: readonly string[]): LabError =>
  new LabError(
    "CERT_AUTHORITY_UNKNOWN",
    `Cannot have the certificate issued by "${name}": the lab has ${known.length === 0 ? "no certification authority" : `the authorities ${known.join(", ")}`}`,
    {
      remedy: "Declare it under world.authorities, or write null for a certificate that signs itself",
      details: { name, known },
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
