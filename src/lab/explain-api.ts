import type { Clock } from "../base/index.ts";
import { type Candidate, fatesOf, rulesByRoots } from "../certificates/index.ts";
import { isEdge, isHub, type OrganizationView } from "../directory/index.ts";
import type { CertificateChoice, CertificateChoiceRequest, ServerApi, Topology } from "./api.ts";
import { noTransport } from "./errors.ts";
import { type Choice, type Chooser, choicesFor } from "./explain.ts";
import { type ExplainTarget, targetsNamed } from "./explain-target.ts";
import type { InstalledServer } from "./install.ts";

interface ExplainModules {
  server: InstalledServer;
  topology: Pick<Topology, "expiry">;
  clock: Clock;
  organization: OrganizationView;
}

/** How a server's certificates are chosen. */
export function explainApi(modules: ExplainModules): Pick<ServerApi, "explainCertificateChoice"> {
  const { server, topology, clock, organization } = modules;
  const { name, fqdn, site } = server;
  return {
    async explainCertificateChoice(request) {
      const candidates = server.store.list();
      const own = {
        name,
        fqdn,
        site,
        role: isEdge(server) ? "edge" : "hub",
        organization,
        candidates,
        published: organization.server(name)?.internalTransportCertificateThumbprint ?? null,
        rules: rulesByRoots(server.trustedRoots, clock.now(), topology.expiry),
      } as const;
      return { choices: choiceViews(targetsOf(request, modules), own), assumptions: [] };
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

const choiceViews = <C extends Candidate>(targets: readonly ExplainTarget[], own: Chooser<C>): CertificateChoice[] =>
  targets.flatMap((one) => choicesFor(one, own)).map((choice) => viewOfChoice(choice, own.candidates));

/** A choice as plain data, with what became of each candidate. */
export const viewOfChoice = <C extends Candidate>(choice: Choice<C>, among: readonly C[]): CertificateChoice => ({
  selection: choice.selection,
  about: choice.about,
  chosen: choice.outcome?.thumbprint ?? null,
  candidates: fatesOf(choice, among).map(({ candidate: { thumbprint, subject }, fate, reason, source }) => ({
    thumbprint,
    subject,
    fate,
    reason,
    source,
  })),
  steps: choice.steps.map(({ source, text, event }) => ({ source, text, event: event?.id ?? null })),
});
