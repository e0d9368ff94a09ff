import type { Clock } from "../base/index.ts";
import { rulesByRoots } from "../certificates/index.ts";
import { isEdge, isHub, type OrganizationView } from "../directory/index.ts";
import type { CertificateChoiceRequest, ServerApi, Topology } from "./api.ts";
import { noTransport } from "./errors.ts";
import { choicesFor } from "./explain.ts";
import { explanationOf, readListed } from "./explain-listing.ts";
import { type ExplainTarget, targetsNamed } from "./explain-target.ts";
import { viewOfChoice } from "./explain-view.ts";
import type { InstalledServer } from "./install.ts";
import { readServerBytes } from "./server-files.ts";

interface ExplainModules {
  server: InstalledServer;
  topology: Pick<Topology, "expiry">;
  clock: Clock;
  organization: OrganizationView;
}

/** How a server's certificates are chosen, or those of a listing in their place. */
export function explainApi(modules: ExplainModules): Pick<ServerApi, "explainCertificateChoice"> {
  const { server, topology, clock, organization } = modules;
  const { name, fqdn, site, store, trust } = server;
  const { expiry } = topology;
  const about = { name, fqdn, site, role: isEdge(server) ? "edge" : "hub", organization } as const;
  return {
    async explainCertificateChoice(request) {
      const targets = targetsOf(request, modules);
      const at = clock.now();
      if (request.listingPath !== undefined) {
        const listed = readListed(await readServerBytes(server, request.listingPath), request.listingPath, {
          at,
          expiry,
        });
        return explanationOf(
          targets.flatMap((target) => choicesFor(target, { ...about, ...listed })),
          listed,
        );
      }
      const published = organization.server(name)?.internalTransportCertificateThumbprint ?? null;
      const own = { candidates: store.list(), published, rules: rulesByRoots(trust, at, expiry) };
      const choices = targets.flatMap((target) => choicesFor(target, { ...about, ...own }));
      return { choices: choices.map((choice) => viewOfChoice(choice, own.candidates)), assumptions: [] };
    },
  };
}

function targetsOf({ target, fqdn }: CertificateChoiceRequest, modules: ExplainModules): readonly ExplainTarget[] {
  const { server, organization } = modules;
  if (fqdn !== undefined) return [{ kind: "fqdn", fqdn }];
  const found = targetsNamed(target, server.name, organization);
  if (found.length > 0 && !isHub(server) && !isEdge(server)) throw noTransport(server.name);
  return found;
}
