import { isEdge } from "../../directory/index.ts";
import type { LabFacts, ServerApi } from "../api/index.ts";
import {
  activeDirectory,
  type Pointer,
  usesByDirectory,
  usesByServer,
  usesBySessions,
  usesOf,
} from "./certificate-use.ts";
import { type ExplainModules, ownChooser } from "./explain-api.ts";
import type { Fleet } from "../fleet.ts";

/** What points at certificates, as far as one server knows: its store, its connectors, its own directory. */
export const certificateUseApi = (modules: ExplainModules): Pick<ServerApi, "certificateUse"> => ({
  async certificateUse(thumbprint, withDirectory = true) {
    const { server, organization } = modules;
    const own = ownChooser(modules);
    const where = isEdge(server) ? `ADAM of ${server.name}` : activeDirectory;
    const told = withDirectory ? usesByDirectory(where, organization) : [];
    return usesOf(thumbprint, [...usesByServer(own), ...told], new Set(own.candidates.map((one) => one.thumbprint)));
  },
});

/**
 * The same for a whole lab, as somebody would find out who went round all of its servers and read their logs. Each
 * directory is read once, so that it costs what there is to tell.
 */
export const useInLab =
  (fleet: Pick<Fleet, "all">, facts: Pick<LabFacts, "sessions">): ServerApi["certificateUse"] =>
  async (thumbprint) => {
    const uses: Pointer[] = [];
    const held = new Set<string>();
    let activeDirectoryRead = false;
    for (const { api, installed } of fleet.all) {
      const withDirectory = isEdge(installed) || !activeDirectoryRead;
      activeDirectoryRead ||= !isEdge(installed);
      for (const { inStore: _, ...pointer } of await api.certificateUse(thumbprint, withDirectory)) uses.push(pointer);
      for (const one of installed.store.list()) held.add(one.thumbprint);
    }
    return usesOf(thumbprint, [...uses, ...usesBySessions(facts.sessions())], held);
  };
