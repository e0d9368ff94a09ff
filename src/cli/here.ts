import { dirname, join, resolve } from "node:path";
import { removeFolder } from "../base/index.ts";
import { type Lab, startLab } from "../lab/index.ts";
import { controlFolder, openSession, serveControl, type ShellHost, type ShellSession } from "../shell/index.ts";
import { loadAll } from "./find-scenarios.ts";
import type { Io } from "./io.ts";
import { type LabChoices, labOptions } from "./lab-options.ts";

/** What people choose about a lab that stays. */
export interface LabToStart extends LabChoices {
  data?: string;
  fresh?: boolean;
}

/** A lab in this process that stays until it is closed, and that `hubedge shell` finds. */
export interface LabHere {
  lab: Lab;
  /** A shell on a server of it, or on its first Hub. */
  openSession(server: string | undefined, host: ShellHost | undefined): ShellSession;
  close(): Promise<void>;
}

/** Starts the lab of a scenario file; undefined where the file is wrong, which is told. */
export async function startHere(path: string, options: LabToStart, io: Io): Promise<LabHere | undefined> {
  const [scenario] = (await loadAll([path], io)) ?? [];
  if (!scenario) return undefined;
  const { id } = scenario.topology;
  const dataFolder = resolve(io.cwd, options.data ?? join(dirname(scenario.file), ".hubedge", id));
  if (options.fresh) await removeFolder(dataFolder);
  const lab = await startLab(scenario.topology, labOptions(io, options, { dataFolder, keepLogs: true }));
  const open: LabHere["openSession"] = (server = firstHub(lab), host) =>
    openSession({ server: lab.server(server), serverNamed: (name) => lab.server(name), host });
  try {
    const control = await serveControl({ folder: controlFolder(), labId: id, openSession: open });
    return {
      lab,
      openSession: open,
      close: () => control.close().finally(() => lab.close()),
    };
  } catch (failure) {
    await lab.close();
    throw failure;
  }
}

const firstHub = (lab: Lab): string => lab.listeners()[0]?.server ?? (lab.serverNames()[0] as string);
