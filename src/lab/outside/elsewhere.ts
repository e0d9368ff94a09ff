import { join } from "node:path";
import { type Clock, removeFolder, writeFileAtomically } from "../../base/index.ts";
import {
  type Authorities,
  type Certificate,
  type KeySource,
  mintCertificate,
  toPem,
} from "../../certificates/index.ts";
import type { DeclaredHost } from "../../world/index.ts";

/** What the certificate of a server elsewhere is made with. */
interface TlsFileModules {
  authorities: Authorities;
  keys: KeySource;
  clock: Clock;
}

/**
 * Makes the certificate that a host is declared with which the lab does not start, and leaves in `folder`/tls what a mail
 * server needs to take part with it: `certificate.pem` (its own first, then the authorities that accompany it), `key.pem`
 * (for its owner's eyes only) and, where the world has any, `authorities.pem` (every root, of whom to believe). What an
 * earlier start left there goes: certificates are made to the day.
 *
 * @returns undefined where the host is declared without a certificate: nothing is left then
 * Rejects CERT_AUTHORITY_UNKNOWN and CERT_NAME_UNUSABLE.
 * Ours: docs/formats.md, scenario files.
 */
export async function makeTlsFiles(
  { name, certificate: declared }: DeclaredHost,
  folder: string,
  { authorities, keys, clock }: TlsFileModules,
): Promise<Certificate | undefined> {
  const place = join(folder, "tls");
  await removeFolder(place);
  if (declared === null) return undefined;
  const about = { host: name, authorities, keys, at: clock.now() };
  const { certificate, keyPair, chain } = await mintCertificate(declared, about);
  const roots = [...authorities.values()].flatMap((one) => (one.certificate.selfSigned ? [one.certificate] : []));
  const write = (file: string, pem: string, mode: number): Promise<void> =>
    writeFileAtomically(join(place, file), pem, { mode, durable: false });
  if (keyPair) await write("key.pem", keyPair.privateKeyPem, 0o600);
  await write("certificate.pem", [certificate, ...chain].map(toPem).join(""), 0o644);
  if (roots.length > 0) await write("authorities.pem", roots.map(toPem).join(""), 0o644);
  return certificate;
}
