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
  async certificateUse(thumbprint) {
    const { server, organization } = modules;
    const own = ownChooser(modules);
    const where = isEdge(server) ? `ADAM of ${server.name}` : activeDirectory;
    const pointers = [...usesByServer(own), ...usesByDirectory(where, organization)];
    return usesOf(thumbprint, pointers, new Set(own.candidates.map((one) => one.thumbprint)));
  },
});

/** The same for a whole lab, as somebody would find out who went round all of its servers and read their logs. */
export const useInLab =
  (fleet: Pick<Fleet, "all">, facts: Pick<LabFacts, "sessions">): ServerApi["certificateUse"] =>
  async (thumbprint) => {
    const uses: Pointer[] = [];
    for (const { api } of fleet.all)
      for (const { inStore: _, ...pointer } of await api.certificateUse(thumbprint)) uses.push(pointer);
    const held = fleet.all.flatMap(({ installed }) => installed.store.list().map((one) => one.thumbprint));
    return usesOf(thumbprint, [...uses, ...usesBySessions(facts.sessions())], new Set(held));
  };
