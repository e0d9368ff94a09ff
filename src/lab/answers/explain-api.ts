import type { Clock } from "../../base/index.ts";
import { rulesByRoots, type StoredCertificate } from "../../certificates/index.ts";
import { isEdge, type OrganizationView } from "../../directory/index.ts";
import type { CertificateChoice, CertificateChoiceRequest, ServerApi, Topology } from "../api/index.ts";
import { choicesFor } from "./explain.ts";
import {
  hasTransport,
  isAcrossPerimeter,
  publishedAnswer,
  remarkOnServices,
  whyNoSession,
  whyNotThrough,
} from "./explain-answer.ts";
import type { Chooser } from "./explain-choice.ts";
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
    if (!hasTransport(server)) return { choices: [], assumptions: [], remarks: [remarkOnServices(server)] };
    const remarks = targets.flatMap((target) => whyNothing(target, server) ?? []);
    if (remarks.length > 0) return { choices: [], assumptions: [], remarks };

    const own = ownChooser(modules);
    const answers = targets.flatMap((target) => answersAcross(target, server));
    if (request.listingPath === undefined) {
      const choices = targets.flatMap((target) => choicesFor(target, own));
      const views = choices.map((choice) => viewOfChoice(choice, own.candidates));
      return { choices: [...views, ...answers], assumptions: [], remarks };
    }
    const about = { at: clock.now(), disputed: topology.disputed };
    const listed = readListed(await readServerBytes(server, request.listingPath), request.listingPath, about);
    const explanation = explanationOf(
      targets.flatMap((target) => choicesFor(target, { ...own, ...listed })),
      listed,
    );
    return { ...explanation, choices: [...explanation.choices, ...answers] };
  },
});

function whyNothing(target: ExplainTarget, server: InstalledServer): string | undefined {
  if (target.kind === "sendConnector") return whyNotThrough(target.connector, server.name);
  return target.kind === "server" ? whyNoSession(target.server, server) : undefined;
}

const answersAcross = (target: ExplainTarget, server: InstalledServer): CertificateChoice[] =>
  target.kind === "server" && isAcrossPerimeter(server, target.server)
    ? [publishedAnswer(target.server, isEdge(server) ? "ADAM" : "Active Directory")]
    : [];

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

/** Throws CERT_CHOICE_*. */
const targetsOf = (
  { target, fqdn }: CertificateChoiceRequest,
  { server, organization }: ExplainModules,
): readonly ExplainTarget[] =>
  fqdn === undefined ? targetsNamed(target, server.name, organization) : [{ kind: "fqdn", fqdn }];
