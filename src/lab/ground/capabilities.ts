import { mkdtemp, open, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LabError, systemCodeOf } from "../../base/index.ts";

/** What this machine can do, found by trying it; never read from the name of the platform. */
export interface Capabilities {
  /** Addresses of 127.0.0.0/8 other than 127.0.0.1 can be bound: every server gets its own. */
  severalAddresses: boolean;
  /** Ports 25 and 587 can be bound. */
  lowPorts: boolean;
  unixSockets: boolean;
  /** A folder can be flushed, so that a rename survives a loss of power. */
  folderSync: boolean;
}

/** The answers that `HUBEDGE_PROBE` can force, each to "no". */
export const probeNames = ["single-address", "no-low-ports", "no-unix-socket", "no-folder-sync"] as const;

/**
 * Tries each capability, unless `forced` names it as missing. Throws PROBE_UNKNOWN for a name that is none of `probeNames`.
 */
export async function probeCapabilities(forced: readonly string[]): Promise<Capabilities> {
  const unknown = forced.find((name) => !probeNames.some((known) => known === name));
  if (unknown !== undefined) throw unknownProbe(unknown);
  const allowed = (name: (typeof probeNames)[number]): boolean => !forced.includes(name);
  const severalAddresses = allowed("single-address") && (await canListen({ host: "127.255.255.253", port: 0 }));
  return {
    severalAddresses,
    lowPorts:
      severalAddresses && allowed("no-low-ports") && (await canListen({ host: "127.255.255.253", port: 25 }, true)),
    unixSockets: allowed("no-unix-socket") && (await canUseUnixSockets()),
    folderSync: allowed("no-folder-sync") && (await canSyncFolders()),
  };
}

/** @param sharing whether "in use" counts as a yes: somebody could bind it, and another probe is trying right now */
async function canListen(at: { host: string; port: number } | { path: string }, sharing = false): Promise<boolean> {
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => server.once("error", reject).listen(at, resolve));
    return true;
  } catch (failure) {
    return sharing && systemCodeOf(failure) === "EADDRINUSE";
  } finally {
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  }
}

async function inTemporaryFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "hubedge-probe-"));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const canUseUnixSockets = (): Promise<boolean> => inTemporaryFolder((folder) => canListen({ path: join(folder, "s") }));

const canSyncFolders = (): Promise<boolean> =>
  inTemporaryFolder(async (folder) => {
    try {
      const handle = await open(folder, "r");
      await handle.sync().finally(() => handle.close());
      return true;
    } catch {
      return false;
    }
  });

/** `HUBEDGE_PROBE` names a capability that is not probed. */
const unknownProbe = (name: string): LabError =>
  new LabError("PROBE_UNKNOWN", `Cannot force the capability "${name}": there is none of that name`, {
    remedy: `Set HUBEDGE_PROBE to one or more of ${probeNames.join(", ")}, separated by commas`,
    details: { name },
  });
