import type { LabClock } from "../../base/index.ts";
import {
  type Authorities,
  authoritiesOf,
  type Authority,
  foundAuthority,
  type IssuedList,
  type KeySource,
} from "../../certificates/index.ts";
import type { DeclaredWorld } from "../../world/index.ts";
import type { AuthorityFiles } from "../api/index.ts";
import { authorityFiles, keepAuthority, keepList, readAuthority } from "./authority-folder.ts";

/**
 * Founds the declared authorities, each below the one that issues it; those that the lab's data hold are there already.
 * Rejects CERT_NAME_UNUSABLE, LAB_AUTHORITY_UNREADABLE.
 */
export async function foundAuthorities(
  { authorities }: Pick<DeclaredWorld, "authorities">,
  { dataFolder, ...about }: { keys: KeySource; at: Date; dataFolder: string },
): Promise<Authorities> {
  const founded = new Map<string, Promise<Authority>>();
  const found = (name: string): Promise<Authority> => {
    const held = founded.get(name) ?? begin(name);
    founded.set(name, held);
    return held;
  };
  const begin = async (name: string): Promise<Authority> => {
    const above = authorities.find((authority) => authority.name === name)?.issuedBy ?? undefined;
    const issuedBy = above === undefined ? undefined : await found(above);
    const kept = await readAuthority(dataFolder, name, issuedBy);
    if (kept) return kept;
    const authority = await foundAuthority(name, { issuedBy, ...about });
    await keepAuthority(dataFolder, authority);
    return authority;
  };
  const all = authorities.map(({ name }) => found(name));
  await Promise.allSettled(all); // nothing is written any more once this has rejected
  return authoritiesOf(await Promise.all(all));
}

/** Keeps what each authority of a lab publishes where everybody can read it. */
export interface AuthorityOffice {
  files(authority: Authority): AuthorityFiles;
  /** The list that counts now, which lies in the files when this resolves. */
  publish(authority: Authority): Promise<IssuedList>;
  /** Ends the daily lists, and resolves once nothing is written any more. */
  close(): Promise<void>;
}

const dayMs = 86_400_000;

/** Writes every authority's list into its folder, anew each lab day. Ours: docs/formats.md, authorities. */
export async function openAuthorityOffice(
  authorities: Authorities,
  { dataFolder, clock }: { dataFolder: string; clock: LabClock },
): Promise<AuthorityOffice> {
  let turn: Promise<unknown> = Promise.resolve();
  /** One after the other: two of one authority would write the same files. */
  const publish = (authority: Authority, which: "latest" | "issue" = "latest"): Promise<IssuedList> => {
    const published = turn.then(async () => {
      const latest = authorities.revocations[which](authority, clock.now());
      await keepList(dataFolder, authority, latest);
      return latest;
    });
    turn = published.catch(() => undefined);
    return published;
  };
  const all = [...authorities.values()];
  const publishAll = async (which: "latest" | "issue"): Promise<void> =>
    void (await Promise.all(all.map((authority) => publish(authority, which))));
  await publishAll("issue");
  const stop = all.length === 0 ? undefined : clock.every(dayMs, "revocation lists", () => publishAll("issue"));
  return {
    files: ({ name }) => authorityFiles(dataFolder, name),
    publish,
    async close() {
      stop?.();
      await publishAll("latest"); // what a fault has had revoked since the last list
    },
  };
}
