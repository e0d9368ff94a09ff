import { certificateCatalogue, type LabFault } from "../../lab/index.ts";

/** A certificate of the catalogue, and who presents it because somebody said so. */
export interface ShownFault {
  Name: string;
  /** Who has it now, in order; empty: nobody. */
  InForce: readonly string[];
  About: string;
}

/** Names of certificates as `Set-LabFault` takes them, the sound one among them. */
export const faultNames: readonly string[] = certificateCatalogue.map(({ name }) => name);

/** The catalogue with whom each certificate is in force on, and behind it what else is. */
export function shownFaults(faults: readonly LabFault[]): readonly ShownFault[] {
  const catalogue = certificateCatalogue.map(({ name, about }) => ({
    Name: name,
    InForce: faults.filter((fault) => nameOf(fault) === name).map(({ on }) => on),
    About: about,
  }));
  return [...catalogue, ...faults.flatMap(besideCertificate)];
}

/** Undefined: the fault is in no certificate. */
function nameOf({ certificate }: LabFault): string | undefined {
  if (!certificate) return undefined;
  return certificate.flaw ?? (certificate.issuer === null ? "self-signed" : "sound");
}

/** What is wrong beside the certificate, in words. */
function besideCertificate({ on, certificate, published, ...behaviour }: LabFault): readonly ShownFault[] {
  const { tls, clientCertificates, sends, tlsSettings } = behaviour;
  const said = [
    tls && `TLS is ${tls}`,
    certificate === null && "it has no certificate",
    tlsSettings && `it speaks ${tlsSettings.minVersion} to ${tlsSettings.maxVersion}`,
    clientCertificates && `client certificates are ${clientCertificates}`,
    sends && `it sends ${sends}`,
    published === false && "the directory goes on naming the certificate before",
  ].filter((text) => typeof text === "string");
  if (said.length > 0) return [{ Name: "(behaviour)", InForce: [on], About: said.join("; ") }];
  return certificate ? [] : [{ Name: "(attacker)", InForce: [on], About: "It stands in the way." }];
}
