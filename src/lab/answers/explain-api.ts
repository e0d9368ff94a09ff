import type { Clock } from "../../base/index.ts";
import { rulesByRoots, type StoredCertificate } from "../../certificates/index.ts";
import { isEdge, isHub, type OrganizationView } from "../../directory/index.ts";
import type { CertificateChoiceRequest, ServerApi, Topology } from "../api/index.ts";
import { noTransport } from "../errors.ts";
import { type Chooser, choicesFor } from "./explain.ts";
import { explanationOf, readListed } from "./explain-listing.ts";
import { type ExplainTarget, targetsNamed } from "./explain-target.ts";
import { viewOfChoice } from "./explain-view.ts";
import type { InstalledServer } from "../server/install.ts";
import { readServerBytes } from "../server/server-files.ts";

/** What an explanation is made from. */
export interface ExplainModules {
  server: InstalledServer;
  topology: Pick<Topology, "disputed">;
  clock: Clock;
  organization: OrganizationView;
}

/** How a server's certificates are chosen, or those of a listing in their place. */
export const explainApi = (modules: ExplainModules): Pick<ServerApi, "explainCertificateChoice"> => ({
  async explainCertificateChoice(request) {
    const { server, topology, clock } = modules;
    const targets = targetsOf(request, modules);
    const own = ownChooser(modules);
    if (request.listingPath === undefined) {
      const choices = targets.flatMap((target) => choicesFor(target, own));
      return { choices: choices.map((choice) => viewOfChoice(choice, own.candidates)), assumptions: [] };
    }
    const about = { at: clock.now(), disputed: topology.disputed };
    const listed = readListed(await readServerBytes(server, request.listingPath), request.listingPath, about);
    const choices = targets.flatMap((target) => choicesFor(target, { ...own, ...listed }));
    return explanationOf(choices, listed);
  },
});

/** A server that chooses among its own certificates, by what it is and knows now. */
export function ownChooser({ server, topology, clock, organization }: ExplainModules): Chooser<StoredCertificate> {
  const { name, fqdn, site, store, trust } = server;
  return {
    name,
    fqdn,
    site,
    role: isEdge(server) ? "edge" : "hub",
    organization,
    candidates: store.list(),
    published: organization.server(name)?.internalTransportCertificateThumbprint ?? null,
    rules: rulesByRoots(trust, clock.now(), topology.disputed),
  };
}

function targetsOf({ target, fqdn }: CertificateChoiceRequest, modules: ExplainModules): readonly ExplainTarget[] {
  const { server, organization } = modules;
  if (fqdn !== undefined) return [{ kind: "fqdn", fqdn }];
  const found = targetsNamed(target, server.name, organization);
  if (found.length > 0 && !isHub(server) && !isEdge(server)) throw noTransport(server.name);
  return found;
}
