import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { systemCodeOf, writeFileAtomically } from "../../base/index.ts";
import { type Certificate, parseCertificate, toPem } from "../../certificates/index.ts";

/*
 * Certificates that somebody has installed as trusted on a machine, a server or an outside host: a PEM file each in the
 * machine's folder `roots`, so that they are still trusted when the lab starts again.
 */

const rootsOf = (machine: string): string => join(machine, "roots");
const fileOf = (machine: string, root: Certificate): string => join(rootsOf(machine), `${root.thumbprint}.pem`);

/** @param machine its folder */
export async function readInstalledRoots(machine: string): Promise<Certificate[]> {
  const files = await readdir(rootsOf(machine)).catch((failure: unknown) => {
    if (systemCodeOf(failure) === "ENOENT") return [];
    throw failure;
  });
  const kept = files.filter((file) => file.endsWith(".pem")).sort();
  return Promise.all(kept.map(async (file) => parseCertificate(await readFile(join(rootsOf(machine), file), "utf8"))));
}

export const keepInstalledRoot = (machine: string, root: Certificate): Promise<void> =>
  writeFileAtomically(fileOf(machine, root), toPem(root), { durable: false });

/** A server's trusted root store. */
export interface RootStore {
  /** What it trusts now. */
  readonly roots: readonly Certificate[];
  /** Resolves with the root, or with undefined where it is trusted already. */
  install(root: Certificate): Promise<Certificate | undefined>;
  remove(root: Certificate): Promise<void>;
}

/** @param declared what it trusts besides, as long as the lab file says so */
export async function openRootStore(machine: string, declared: readonly Certificate[]): Promise<RootStore> {
  const held = [...declared, ...(await readInstalledRoots(machine))];
  const roots = [...new Map(held.map((certificate) => [certificate.sha256, certificate])).values()];
  const placeOf = ({ sha256 }: Certificate): number => roots.findIndex((one) => one.sha256 === sha256);
  return {
    roots,
    async install(root) {
      if (placeOf(root) >= 0) return undefined;
      roots.push(root);
      await keepInstalledRoot(machine, root);
      return root;
    },
    async remove(root) {
      const place = placeOf(root);
      if (place >= 0) roots.splice(place, 1);
      await rm(fileOf(machine, root), { force: true });
    },
  };
}
