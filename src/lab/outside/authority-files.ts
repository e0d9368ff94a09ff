import { join } from "node:path";
import { type LabClock, writeFileAtomically } from "../../base/index.ts";
import { type Authorities, type Authority, type IssuedList, toPem } from "../../certificates/index.ts";
import type { AuthorityFiles } from "../api/index.ts";

/** Keeps what each authority of a lab publishes where everybody can read it. */
export interface AuthorityOffice {
  files(authority: Authority): AuthorityFiles;
  /** The list that counts now, which lies in the files when this resolves. */
  publish(authority: Authority): Promise<IssuedList>;
  /** Ends the daily lists, and resolves once nothing is written any more. */
  close(): Promise<void>;
}

const dayMs = 86_400_000;

/**
 * Writes every authority's certificate and list below the lab's data folder, in `world/authorities/<name>`: `certificate.pem`,
 * `revoked.pem` and `revoked.crl`, which is DER; the lists anew each lab day. Ours: docs/formats.md, authorities.
 */
export async function openAuthorityOffice(
  authorities: Authorities,
  { dataFolder, clock }: { dataFolder: string; clock: LabClock },
): Promise<AuthorityOffice> {
  const files = ({ name }: Authority): AuthorityFiles => {
    const inFolder = (file: string): string => join(dataFolder, "world", "authorities", name, file);
    return {
      certificate: inFolder("certificate.pem"),
      list: inFolder("revoked.pem"),
      listDer: inFolder("revoked.crl"),
    };
  };
  const write = (path: string, content: string | Uint8Array): Promise<void> =>
    writeFileAtomically(path, content, { durable: false });
  let turn: Promise<unknown> = Promise.resolve();
  /** One after the other: two of one authority would write the same files. */
  const publish = (authority: Authority, which: "latest" | "issue" = "latest"): Promise<IssuedList> => {
    const published = turn.then(async () => {
      const latest = authorities.revocations[which](authority, clock.now());
      await write(files(authority).list, latest.pem);
      await write(files(authority).listDer, latest.der);
      return latest;
    });
    turn = published.catch(() => undefined);
    return published;
  };
  const all = [...authorities.values()];
  for (const authority of all) await write(files(authority).certificate, toPem(authority.certificate));
  const publishAll = async (): Promise<void> =>
    void (await Promise.all(all.map((authority) => publish(authority, "issue"))));
  await publishAll();
  const stop = all.length === 0 ? undefined : clock.every(dayMs, "revocation lists", publishAll);
  return {
    files,
    publish,
    async close() {
      stop?.();
      await turn;
    },
  };
}
