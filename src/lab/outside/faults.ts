import type { Inhabitant, LabErrands, LabFault } from "../api/index.ts";
import { faultUnfit } from "./errors.ts";
import type { World } from "./world.ts";

interface FaultModules {
  /** Throws LAB_NOBODY. */
  inhabitant(name: string): Inhabitant;
  world: Pick<World, "setHostFault" | "setAttacker">;
  replaceCertificate(
    server: string,
    certificate: NonNullable<LabFault["certificate"]>,
    published: boolean,
  ): Promise<void>;
  restoreCertificate(server: string): Promise<void>;
}

/** Who misbehaves, and who does so no more. */
export function labFaults(modules: FaultModules): Pick<LabErrands, "setFault" | "clearFault" | "faults"> {
  const { inhabitant, world } = modules;
  const inForce = new Map<string, LabFault>();
  return {
    async setFault(fault) {
      const somebody = inhabitant(fault.on);
      await set(somebody, fault, modules);
      inForce.set(somebody.name, { ...fault, on: somebody.name });
    },
    async clearFault(on) {
      const { kind, name } = inhabitant(on);
      if (kind === "host") await world.setHostFault(name, undefined);
      else if (kind === "attacker") await world.setAttacker(name, false);
      else await modules.restoreCertificate(name);
      inForce.delete(name);
    },
    faults: async () => [...inForce.values()],
  };
}

async function set({ kind, name }: Inhabitant, fault: LabFault, modules: FaultModules): Promise<void> {
  const { on: _, published, ...behaviour } = fault;
  const { certificate, ...beside } = behaviour;
  const isNothing = Object.keys(behaviour).length === 0;
  switch (kind) {
    case "attacker":
      if (!isNothing || published !== undefined)
        throw faultUnfit(
          name,
          "all that an attacker does is to stand in the way",
          "Name the attacker and nothing else",
        );
      return modules.world.setAttacker(name, true);
    case "host":
      if (published !== undefined)
        throw faultUnfit(name, "no directory names the certificates of outside hosts", "Leave `published` out");
      if (isNothing) throw faultUnfit(name, "nothing is said of what is wrong", "Name a certificate or a behaviour");
      return modules.world.setHostFault(name, behaviour);
    case "server":
      if (!certificate || Object.keys(beside).length > 0)
        throw faultUnfit(
          name,
          "a server of the lab can be given another certificate, and nothing else",
          certificateRemedy,
        );
      return modules.replaceCertificate(name, certificate, published ?? true);
  }
}

const certificateRemedy = "Name a certificate of the catalogue; the rest of a server is set by its own cmdlets";
