import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { systemCodeOf, writeFileAtomically } from "../../base/index.ts";
import { type Certificate, parseCertificate, toPem } from "../../certificates/index.ts";

/*
 * Certificates that somebody has installed as trusted on a machine, a server or an outside host: a PEM file each in the
 * machine's folder `roots`, so that they are still trusted when the lab starts again.
 */

const rootsOf = (machine: string): string => join(machine, "roots");

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
  writeFileAtomically(join(rootsOf(machine), `${root.thumbprint}.pem`), toPem(root), { durable: false });
