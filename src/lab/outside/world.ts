import { join } from "node:path";
import type { Clock } from "../../base/index.ts";
import type { Authorities, Certificate, KeySource } from "../../certificates/index.ts";
import { smtpPort, type Zone } from "../../dns/index.ts";
import { domainOf } from "../../smtp/index.ts";
import {
  type Attacker,
  type DeclaredHost,
  type DeclaredWorld,
  type Host,
  type HostFault,
  hostElsewhere,
  startAttacker,
  startHost,
  unknownAttacker,
  unknownHost,
} from "../../world/index.ts";
import type { AddressPlan } from "../ground/addresses.ts";
import type {
  DeliveredMessage,
  Lab,
  OutsideCertificate,
  OutsideHostView,
  OutsideMessage,
  OutsideOutcome,
} from "../api/index.ts";
import { keepInstalledRoot, readInstalledRoots } from "../server/installed-roots.ts";
import { makeTlsFiles } from "./elsewhere.ts";
import { closers } from "../ground/foundation.ts";
import { composeAndSend } from "./outside.ts";

/** What the world stands on. */
export interface WorldModules {
  addresses: Pick<AddressPlan, "placeOf" | "sourceOf">;
  names: Zone;
  clock: Clock;
  keys: KeySource;
  authorities: Authorities;
  dataFolder: string;
  /** Of a server of the lab, by its name. */
  fqdnOf(server: string): string;
}

/** Everybody outside the organization, running: the part of `Lab` that they answer. */
export interface World extends Pick<Lab, "outsideHosts" | "attackers" | "attackerHeard"> {
  /** Changes an outside host while it runs; without a fault it is again as declared. Rejects HOST_UNKNOWN, HOST_ELSEWHERE, CERT_*. */
  setHostFault(host: string, fault: HostFault | undefined): Promise<void>;
  /** Lets an attacker stand in the way, or go. Rejects ATTACKER_UNKNOWN. */
  setAttacker(name: string, present: boolean): Promise<void>;
  /** Every certificate that a host presents or has presented, or was given. */
  certificates(): readonly Certificate[];
  /** Sends by a host. Rejects HOST_UNKNOWN, HOST_ELSEWHERE. */
  outsideSend(message: OutsideMessage, host: string): Promise<OutsideOutcome>;
  /** Has a host trust a certificate from now on, and when the lab starts again. Rejects HOST_UNKNOWN, HOST_ELSEWHERE. */
  trustCertificate(host: string, certificate: Certificate): Promise<void>;
  /** What lies at the hosts that take the mail of that address's domain, oldest first. */
  delivered(address: string): Promise<DeliveredMessage[]>;
  close(): Promise<void>;
}

/**
 * Starts everybody outside, and tells the zone where they are. When it rejects, nothing is left behind.
 * Rejects WORLD_ADDRESS_IN_USE, CERT_*.
 */
export async function startWorld(declared: DeclaredWorld, modules: WorldModules): Promise<World> {
  const ends = closers();
  try {
    const hosts = await startHosts(declared.hosts, modules, ends.add);
    const handedOut = await handOutCertificates(declared.hosts, modules);
    nameHosts(declared.hosts, hosts, modules.names);
    const attackers = await startAttackers(declared, modules, ends.add);
    const parts = { declared, hosts, handedOut, attackers, clock: modules.clock, dataFolder: modules.dataFolder };
    return worldOf(parts, () => ends.closeAll());
  } catch (failure) {
    await ends.closeAll();
    throw failure;
  }
}

type AddEnd = (closer: () => Promise<void>) => void;

async function startHosts(
  declared: readonly DeclaredHost[],
  modules: WorldModules,
  addEnd: AddEnd,
): Promise<readonly Host[]> {
  const { addresses, dataFolder: _, ...shared } = modules;
  const started = declared
    .filter(({ at }) => at === undefined)
    .map(async (host) => {
      const { name } = host;
      const folder = folderOf(host, modules);
      const installed = await readInstalledRoots(folder);
      const running = await startHost(host, {
        ...shared,
        at: addresses.placeOf(name, smtpPort),
        localAddress: addresses.sourceOf(name),
        folder,
      });
      addEnd(() => running.close());
      for (const root of installed) running.trust(root);
      return running;
    });
  await Promise.allSettled(started); // those that listen are closed, whatever became of the others
  return Promise.all(started);
}

/** What was made for hosts that the lab does not start, by their names. */
async function handOutCertificates(
  declared: readonly DeclaredHost[],
  modules: WorldModules,
): Promise<ReadonlyMap<string, Certificate>> {
  const made = declared
    .filter(({ at }) => at !== undefined)
    .map(async (host) => [host.name, await makeTlsFiles(host, folderOf(host, modules), modules)] as const);
  await Promise.allSettled(made); // nothing is written any more once this has rejected
  return new Map(
    (await Promise.all(made)).flatMap(([name, certificate]) => (certificate ? [[name, certificate]] : [])),
  );
}

const folderOf = ({ name }: { name: string }, { dataFolder }: Pick<WorldModules, "dataFolder">): string =>
  join(dataFolder, "world", name.toLowerCase());

/** Ours: the world's names are known from the start to its end. */
function nameHosts(declared: readonly DeclaredHost[], hosts: readonly Host[], names: Zone): void {
  const exchangers = new Map<string, { host: string; preference: number }[]>();
  for (const { name, at, domains } of declared) {
    const endpoint = at ?? hosts.find((host) => host.name === name)?.endpoint;
    if (endpoint) names.setHost(name, smtpPort, endpoint);
    for (const domain of domains) {
      const key = domain.name.toLowerCase();
      exchangers.set(key, [...(exchangers.get(key) ?? []), { host: name, preference: domain.preference }]);
    }
  }
  for (const [domain, hostsOfIt] of exchangers) names.setMailExchangers(domain, hostsOfIt);
}

async function startAttackers(
  { hosts, attackers }: DeclaredWorld,
  { addresses, names, clock, keys, fqdnOf }: WorldModules,
  addEnd: AddEnd,
): Promise<readonly Attacker[]> {
  const started: Attacker[] = [];
  for (const attacker of attackers) {
    const target = hosts.find(({ name }) => name === attacker.before)?.name ?? fqdnOf(attacker.before);
    const at = addresses.placeOf(attacker.name, smtpPort);
    const running = await startAttacker(attacker, { names, target, at, keys, now: () => clock.now() });
    addEnd(() => running.close());
    started.push(running);
  }
  return started;
}

interface WorldParts {
  declared: DeclaredWorld;
  /** Those that the lab has started. */
  hosts: readonly Host[];
  /** The certificates of the others, by their names. */
  handedOut: ReadonlyMap<string, Certificate>;
  attackers: readonly Attacker[];
  clock: Clock;
  dataFolder: string;
}

function worldOf(
  { declared, hosts, handedOut, attackers, clock, dataFolder }: WorldParts,
  close: () => Promise<void>,
): World {
  const hostNamed = (name: string): Host => {
    const found = hosts.find((host) => isSame(host.name, name));
    if (found) return found;
    const elsewhere = declared.hosts.find((host) => isSame(host.name, name));
    if (elsewhere?.at) throw hostElsewhere(elsewhere.name, elsewhere.at);
    throw unknownHost(
      name,
      declared.hosts.map((host) => host.name),
    );
  };
  const attackerNamed = (name: string): Attacker => {
    const found = attackers.find((attacker) => isSame(attacker.name, name));
    if (found) return found;
    throw unknownAttacker(
      name,
      attackers.map((attacker) => attacker.name),
    );
  };
  return {
    outsideHosts: () => declared.hosts.flatMap((host) => viewOfHost(host, hosts, handedOut) ?? []),
    setHostFault: async (name, fault) => hostNamed(name).setFault(fault),
    async trustCertificate(name, certificate) {
      const host = hostNamed(name);
      await keepInstalledRoot(folderOf(host, { dataFolder }), certificate);
      host.trust(certificate);
    },
    certificates: () => [...hosts.flatMap((host) => host.certificates()), ...handedOut.values()],
    outsideSend: async (message, name) => {
      const host = hostNamed(name);
      return composeAndSend(message, host.name, clock.now(), (mail) => host.send(mail));
    },
    async delivered(address) {
      const domain = domainOf(address);
      const own = hosts.filter((host) => host.declared.domains.some(({ name }) => name.toLowerCase() === domain));
      const lists = await Promise.all(own.map((host) => host.delivered(address)));
      return lists.flat().toSorted((a, b) => a.deliveredAt.getTime() - b.deliveredAt.getTime());
    },
    attackers: () =>
      attackers.map(({ name, before, present, endpoint, certificates }) => ({
        name,
        before,
        present,
        endpoint,
        certificates: certificates().map(viewOfCertificate),
      })),
    setAttacker: async (name, present) => attackerNamed(name).setPresent(present),
    attackerHeard: async (name) => attackerNamed(name).heard(),
    close,
  };
}

const isSame = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

function viewOfHost(
  { name, domains, at }: DeclaredHost,
  hosts: readonly Host[],
  handedOut: ReadonlyMap<string, Certificate>,
): OutsideHostView | undefined {
  const running = hosts.find((host) => host.name === name);
  const endpoint = at ?? running?.endpoint;
  return (
    endpoint && {
      name,
      domains: domains.map((domain) => domain.name),
      endpoint,
      ours: running !== undefined,
      presents: running?.certificate?.thumbprint ?? null,
      certificates: (running?.certificates() ?? inList(handedOut.get(name))).map(viewOfCertificate),
    }
  );
}

const inList = <T>(one: T | undefined): readonly T[] => (one === undefined ? [] : [one]);

const viewOfCertificate = (certificate: Certificate): OutsideCertificate => {
  const { thumbprint, subject, issuer, selfSigned, notBefore, notAfter } = certificate;
  return { thumbprint, subject, issuer, isSelfSigned: selfSigned, notBefore, notAfter };
};
