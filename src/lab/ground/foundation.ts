import { join } from "node:path";
import { type Database, EventJournal, type LabClock, openDatabase } from "../../base/index.ts";
import {
  type Directory,
  followDirectory,
  type LocalCopy,
  type OpenedDirectory,
  openDirectory,
} from "../../directory/index.ts";
import { openZone, type Zone } from "../../dns/index.ts";
import { collectFacts, startJournalFile } from "../../logging/index.ts";
import { type AddressPlan, claimAddresses } from "./addresses.ts";
import type { LabFacts, LabOptions, Topology } from "../api/index.ts";
import { probeCapabilities } from "./capabilities.ts";
import type { LabEvent } from "../server/events.ts";
import { startLabTime } from "./lab-time.ts";
import { claimLogFolder } from "./log-folder.ts";

/** Ends what a lab has started, the latest first. */
export interface Closers {
  add(closer: () => void | Promise<void>): void;
  closeAll(): Promise<void>;
}

export function closers(): Closers {
  const waiting: (() => void | Promise<void>)[] = [];
  return {
    add: (closer) => void waiting.push(closer),
    async closeAll() {
      for (const closer of waiting.splice(0).reverse()) await closer();
    },
  };
}

/** What the servers of one process stand on. */
export interface Foundation {
  addresses: AddressPlan;
  /** Who is where, in the organization and outside. */
  names: Zone;
  logsFolder: string;
  clock: LabClock;
  /** Hears the facts of every server. */
  journal: EventJournal<LabEvent>;
  facts: LabFacts;
  flushJournal(): Promise<void>;
  directory: Directory;
  directoryDescription: string;
  /** The store of an Edge server's own directory. */
  openAdam: OpenedDirectory["openAdam"];
  /** This process's copy of the directory. */
  organization: LocalCopy;
  /** Queues of every server. */
  database: Database;
}

/** Claims addresses and the log folder, starts lab time and the journal, opens the directory and the database. */
export async function layFoundation(topology: Topology, options: LabOptions, ends: Closers): Promise<Foundation> {
  const addresses = await claimAddresses(topology, await probeCapabilities(options.probe));
  ends.add(() => addresses.release());
  const logs = await claimLogFolder(options.logsFolder, topology.id, options.process, options.keepLogs);
  ends.add(() => logs.release());

  const database = openDatabase(join(options.dataFolder, "queue"));
  ends.add(() => database.close());
  const labTime = await startLabTime(database, topology.clock ?? new Date());
  const { clock } = labTime;
  ends.add(() => clock.stop());
  ends.add(() => labTime.close());
  const journal = new EventJournal<LabEvent>();
  const facts = collectFacts(journal);
  const journalFile = startJournalFile({ folder: logs.folder, process: "lab", journal, clock });
  ends.add(() => journalFile.close());

  const opened = await openDirectory({
    choice: options.directory,
    redisUrl: options.redisUrl,
    lab: topology.id,
    dataFolder: options.dataFolder,
    path: options.path,
    probe: options.probe,
    now: () => clock.now(),
    fresh: !options.keepLogs,
  });
  ends.add(() => opened.close());
  const organization = await followDirectory(opened.directory);
  ends.add(() => organization.close());

  return {
    addresses,
    names: openZone(),
    logsFolder: logs.folder,
    clock,
    journal,
    facts,
    flushJournal: () => journalFile.flush(),
    directory: opened.directory,
    directoryDescription: opened.description,
    openAdam: (edge) => opened.openAdam(edge),
    organization,
    database,
  };
}
