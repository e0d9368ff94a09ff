import { type ApplicationEvent, type Clock, EventJournal, type Step } from "../../base/index.ts";
import {
  type DisputedRules,
  selectInternalTransportCertificate,
  selectOutboundStartTlsCertificate,
  selectStartTlsCertificate,
} from "../../certificates/index.ts";
import type { OrganizationView } from "../../directory/index.ts";
import type { LabEvent } from "./events.ts";
import type { InstalledServer } from "./install.ts";

const dayMs = 24 * 60 * 60_000;

interface WatchModules {
  server: InstalledServer;
  clock: Clock;
  journal: EventJournal<LabEvent>;
  /** Of Active Directory; of an Edge server, its ADAM. */
  organization: OrganizationView;
  disputed: DisputedRules;
}

/**
 * Looks at the certificates of a transport server when it starts and once a day of lab time from then on: the internal
 * transport certificate, and the one that each connector would present for STARTTLS. Raises what selection would raise
 * then, 12012 to 12018, so that an expiry is told also where no mail goes.
 *
 * Source: [ff984391], at the start of the service. Ours: once a day (docs/fidelity.md#expiry).
 *
 * @returns ends it
 */
export function watchCertificates(modules: WatchModules): () => void {
  const { server, clock, journal } = modules;
  const look = (): void => {
    const at = clock.now();
    for (const { event } of wouldBePresented(modules, at))
      if (event) journal.report({ kind: "event", server: server.name, at, ...event });
  };
  look();
  return clock.every(dayMs, `certificates of ${server.name}`, look);
}

/** The steps by which this server would choose every certificate that it may have to present. */
function wouldBePresented({ server, organization, disputed }: WatchModules, at: Date): Step[] {
  const { name, fqdn, trust } = server;
  const store = server.store.list();
  const published = organization.server(name)?.internalTransportCertificateThumbprint ?? null;
  const internal = selectInternalTransportCertificate({ authMechanism: ["ExchangeServer"] }, published, store, at);
  const receiving = organization
    .receiveConnectors(name)
    .filter(({ enabled }) => enabled)
    .map((connector) => selectStartTlsCertificate(connector, fqdn, store, at, trust, disputed));
  const sending = organization
    .objects("sendConnector")
    // Nobody else is shown a certificate of this server: docs/fidelity.md#opportunistic-tls.
    .filter((one) => one.enabled && one.domainSecureEnabled && one.sourceTransportServers.includes(name))
    .map((connector) => selectOutboundStartTlsCertificate(connector, fqdn, store, at, trust, disputed));
  return [internal, ...receiving, ...sending].flatMap(({ steps }) => steps);
}

/** Events about certificates, and which of their parameters say what about: the hours that remain do not. */
const aboutCertificates: Readonly<Record<number, (parameters: readonly string[]) => readonly string[]>> = {
  12012: (all) => all,
  12013: (all) => all,
  12014: (all) => all,
  12015: (all) => all,
  12016: (all) => all,
  12017: ([thumbprint = ""]) => [thumbprint],
  12018: ([, thumbprint = ""]) => [thumbprint],
  12019: (all) => all,
};

/**
 * The journal of one server: an event about a certificate is reported once in a day of its clock, whoever raises it,
 * since every session finds again what the one before it found. Inferred: nobody writes them for each session; the day is
 * Ours (docs/fidelity.md#expiry).
 */
export class ServerJournal extends EventJournal<LabEvent> {
  #day = "";
  readonly #told = new Set<string>();

  override report(event: LabEvent): void {
    if (event.kind === "event" && this.#isToldAlready(event)) return;
    super.report(event);
  }

  #isToldAlready({ id, parameters, at }: ApplicationEvent): boolean {
    const about = aboutCertificates[id]?.(parameters);
    if (!about) return false;
    const day = at.toISOString().slice(0, 10);
    if (day !== this.#day) this.#told.clear();
    this.#day = day;
    const key = JSON.stringify([id, ...about]);
    const told = this.#told.has(key);
    this.#told.add(key);
    return told;
  }
}
