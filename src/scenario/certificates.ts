import type { Lab, OutsideCertificate } from "../lab/index.ts";
import type { NamedCertificate } from "./steps/define-step.ts";

/** The certificates of these thumbprints, each once, as whoever holds it shows it: a server, an outside host, an attacker. */
export async function certificatesNamedBy(lab: Lab, thumbprints: readonly string[]): Promise<NamedCertificate[]> {
  const stores = await Promise.all(
    lab.serverNames().map(async (server) => ({ server, held: await lab.server(server).exchangeCertificates() })),
  );
  const outside = [...lab.outsideHosts(), ...lab.attackers()].map(({ name, certificates }) => ({
    server: name,
    held: certificates,
  }));
  return [...new Set(thumbprints)].flatMap((thumbprint) =>
    [...stores, ...outside].flatMap(({ server, held }) =>
      held.filter((certificate) => certificate.thumbprint === thumbprint).map((found) => named(server, found)),
    ),
  );
}

const named = (server: string, certificate: OutsideCertificate): NamedCertificate => {
  const { thumbprint, subject, issuer, isSelfSigned, notBefore, notAfter } = certificate;
  return { thumbprint, server, subject, issuer, selfSigned: isSelfSigned, notBefore, notAfter };
};
