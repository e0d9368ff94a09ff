import {
  type Authorities,
  type Authority,
  type Certificate,
  certificateInFile,
  formatPkcs7,
  issueFromRequest,
  parseRequest,
  toPem,
  unknownAuthority,
} from "../../certificates/index.ts";
import type { AuthorityView, CertificateIssue, CertificateTrust } from "../api/index.ts";
import { readServerBytes, type ServerDisk, writeServerFile } from "../server/server-files.ts";
import type { AuthorityOffice } from "./authority-files.ts";

/** Throws CERT_AUTHORITY_UNKNOWN. */
export function authorityNamed(name: string, authorities: Authorities): Authority {
  const found = [...authorities.values()].find((one) => one.name.toLowerCase() === name.toLowerCase());
  if (!found) throw unknownAuthority(name, [...authorities.keys()]);
  return found;
}

/** Has an authority answer a request; the answer, whole, lies on the server's disk when this resolves. */
export async function answerRequest(
  { request, answer }: Pick<CertificateIssue, "request" | "answer">,
  authority: Authority,
  server: ServerDisk,
  at: Date,
): Promise<Certificate> {
  const issued = await issueFromRequest(authority, parseRequest(await readServerBytes(server, request)), at);
  const all = [issued, ...authority.chain];
  const isChain = /\.p7[bc]$/i.test(answer);
  await writeServerFile(server, answer, isChain ? formatPkcs7(all.map(({ der }) => der)) : toPem(issued));
  return issued;
}

/** What is to be trusted: an authority's own certificate, or the one in a file. */
export const certificateToTrust = async (
  wanted: CertificateTrust,
  authorities: Authorities,
  diskOf: (server: string) => ServerDisk,
): Promise<Certificate> =>
  "authority" in wanted
    ? authorityNamed(wanted.authority, authorities).certificate
    : certificateInFile(await readServerBytes(diskOf(wanted.on), wanted.file), wanted.password);

/** An authority, with the list that counts now. */
export async function viewOfAuthority(
  authority: Authority,
  authorities: Authorities,
  office: AuthorityOffice,
): Promise<AuthorityView> {
  const { name, certificate, revoked } = authority;
  const { subject, issuer, selfSigned, thumbprint, notBefore, notAfter } = certificate;
  const above = [...authorities.values()].find((other) => !selfSigned && other.certificate.subject === issuer);
  const { number, thisUpdate, nextUpdate } = await office.publish(authority);
  const about = { name, issuedBy: above?.name ?? null, subject, thumbprint, notBefore, notAfter };
  return { ...about, revoked: [...revoked], list: { number, thisUpdate, nextUpdate }, files: office.files(authority) };
}
