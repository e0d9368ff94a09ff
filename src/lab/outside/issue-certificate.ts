import {
  type Authorities,
  certificateInFile,
  formatPkcs7,
  issueFromRequest,
  parseRequest,
  toPem,
  unknownAuthority,
} from "../../certificates/index.ts";
import type { CertificateIssue, Lab } from "../api/index.ts";
import { readServerBytes, writeServerFile } from "../server/server-files.ts";
import type { World } from "./world.ts";

interface IssueModules {
  authorities: Authorities;
  world: Pick<World, "trustCertificate">;
  /** Where a server's disk is. */
  serverNamed(name: string): { name: string; folder: string };
  now(): Date;
}

/** What goes between the servers of a lab and the people outside as files: requests, answers, certificates to trust. */
export const certificateErrands = ({
  authorities,
  world,
  serverNamed,
  now,
}: IssueModules): Pick<Lab, "issueFromRequest" | "trustCertificate"> => ({
  async issueFromRequest({ authority: wanted, on, request, answer }: CertificateIssue) {
    const authority = authorities.get(wanted);
    if (!authority) throw unknownAuthority(wanted, [...authorities.keys()]);
    const server = serverNamed(on);
    const issued = await issueFromRequest(authority, parseRequest(await readServerBytes(server, request)), now());
    const all = [issued, ...authority.chain];
    const isChain = /\.p7[bc]$/i.test(answer);
    await writeServerFile(server, answer, isChain ? formatPkcs7(all.map(({ der }) => der)) : toPem(issued));
    return issued.thumbprint;
  },
  async trustCertificate({ host, on, file, password }) {
    const certificate = certificateInFile(await readServerBytes(serverNamed(on), file), password);
    world.trustCertificate(host, certificate);
    return certificate.thumbprint;
  },
});
