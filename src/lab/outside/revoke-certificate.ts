import {
  type Authorities,
  type Authority,
  type Certificate,
  certificateInFile,
  foreignRevocation,
  isIssuedBy,
  readThumbprint,
  revoke,
} from "../../certificates/index.ts";
import type { CertificateRevocation, RevokedCertificate } from "../api/index.ts";
import { readServerBytes, type ServerDisk } from "../server/server-files.ts";
import type { AuthorityOffice } from "./authority-files.ts";
import { revocationUnknown } from "./errors.ts";
import { authorityNamed } from "./issue-certificate.ts";

export interface RevocationModules {
  authorities: Authorities;
  office: AuthorityOffice;
  /** Every certificate that somebody in the lab holds, or was given. */
  certificates(): readonly Certificate[];
  diskOf(server: string): ServerDisk;
  now(): Date;
}

/** Has an authority take a certificate back. Whoever asks for its list is told from now on, and so is who reads the file. */
export async function revokeCertificate(
  wanted: CertificateRevocation,
  modules: RevocationModules,
): Promise<RevokedCertificate> {
  const { authorities, office, now } = modules;
  const certificate = await certificateMeant(wanted, modules);
  const authority =
    wanted.authority === undefined ? issuerOf(certificate, authorities) : authorityNamed(wanted.authority, authorities);
  const { reason = "unspecified" } = wanted;
  const at = now();
  revoke(authority, certificate, at, reason);
  const { number: listNumber } = await office.publish(authority);
  const { thumbprint, subject, serialNumber } = certificate;
  const { list } = office.files(authority);
  return { authority: authority.name, thumbprint, subject, serialNumber, reason, at, listNumber, list };
}

async function certificateMeant(
  wanted: CertificateRevocation,
  { certificates, diskOf }: RevocationModules,
): Promise<Certificate> {
  if ("file" in wanted) return certificateInFile(await readServerBytes(diskOf(wanted.on), wanted.file), undefined);
  const sought = readThumbprint(wanted.thumbprint);
  const found = certificates().find(({ thumbprint }) => thumbprint === sought);
  if (!found) throw revocationUnknown(wanted.thumbprint);
  return found;
}

function issuerOf(certificate: Certificate, authorities: Authorities): Authority {
  const found = [...authorities.values()].find((authority) => isIssuedBy(certificate, authority));
  if (!found) throw foreignRevocation(certificate, "an authority of the lab");
  return found;
}
