import { type Clock, LabError } from "../../base/index.ts";
import {
  type Certificate,
  type CertificateStore,
  parseCertificate,
  sealSecret,
  unsealSecret,
} from "../../certificates/index.ts";
import {
  type Directory,
  type DirectoryWrite,
  type EdgeSyncCredential,
  type ExchangeServer,
  type LocalCopy,
  objectChange,
  objectId,
  objectWrite,
} from "../../directory/index.ts";
import {
  type CredentialPlan,
  isBootstrap,
  planCredentials,
  successorsToTry,
  usableCredentials,
  randomPassword,
} from "../subscription/credentials.ts";
import { Turns } from "../turns.ts";
import type { OpenedCredential } from "./link.ts";

/** What to try to get in with, in order. */
export interface LogOnMeans {
  credentials: readonly OpenedCredential[];
  /** Certificates to present for one credential, in order. */
  certificatesFor(credential: EdgeSyncCredential): readonly Certificate[];
  /** When the bootstrap account expired, where it has. */
  bootstrapExpired: string | undefined;
}

interface HubCredentialsModules {
  server: { name: string; fqdn: string };
  clock: Clock;
  directory: Directory;
  organization: LocalCopy;
  store: CertificateStore;
  /** Lifetime of an account. */
  lifetimeMs: number;
}

/** One Hub's own credentials for Edge servers: it alone makes, renews, seals anew and opens them. Source: [bb266959]. */
export class HubCredentials {
  readonly #modules: HubCredentialsModules;
  readonly #turns = new Turns();
  /** When to look again, by Edge server, if no credential changes before. */
  readonly #again = new Map<string, { seen: readonly EdgeSyncCredential[]; at: number }>();

  constructor(modules: HubCredentialsModules) {
    this.#modules = modules;
  }

  /** This Hub's copies. Empty for a Hub that came after the subscription. */
  held(edge: ExchangeServer): readonly EdgeSyncCredential[] {
    const { organization, server } = this.#modules;
    return organization
      .objects("edgeSyncCredential")
      .filter(({ holder, targetServerFqdn }) => holder === server.name && targetServerFqdn === edge.fqdn);
  }

  /** Makes the first account, successors, and removes what is over, where it is time; looks closely only then. */
  async keep(edge: ExchangeServer): Promise<void> {
    if (this.#isQuiet(edge)) return;
    await this.#turns.take(async () => {
      const { server, clock, lifetimeMs, directory, organization } = this.#modules;
      const held = this.held(edge);
      const plan = planCredentials(held, { edge: edge.name, hub: server.name }, clock.now(), lifetimeMs);
      const writes = [
        ...(plan.make ? this.#writesFor(edge, plan.make) : []),
        ...plan.remove.flatMap((old) => removals(edge, old)),
      ];
      if (writes.length > 0) await organization.caughtUp(await directory.write(writes));
      this.#again.set(edge.name, { seen: this.held(edge), at: plan.again?.getTime() ?? Number.POSITIVE_INFINITY });
    });
  }

  #isQuiet(edge: ExchangeServer): boolean {
    const again = this.#again.get(edge.name);
    if (!again || this.#modules.clock.now().getTime() >= again.at) return false;
    const held = this.held(edge);
    return held.length === again.seen.length && held.every((credential, index) => credential === again.seen[index]);
  }

  #writesFor(edge: ExchangeServer, life: NonNullable<CredentialPlan["make"]>): DirectoryWrite[] {
    const { organization, server } = this.#modules;
    const certificates = [publishedFor(organization.server(server.name)), publishedFor(edge)];
    const [own, target] = certificates;
    if (!own || !target) return []; // nobody could open it
    const password = randomPassword();
    const sealedFor = (holder: string, certificate: Certificate): DirectoryWrite =>
      objectWrite("edgeSyncCredential", {
        holder,
        targetServerFqdn: edge.fqdn,
        sourceServerFqdn: server.fqdn,
        userName: life.userName,
        effectiveTime: life.effectiveTime.toISOString(),
        expirationTime: life.expirationTime.toISOString(),
        sealedTo: certificate.thumbprint,
        sealedPassword: sealSecret(password, certificate),
      });
    return [sealedFor(server.name, own), sealedFor(edge.name, target)];
  }

  /**
   * Seals this Hub's copies to its present certificate, once the Edge server knows that one. What the old key is gone for
   * stays as it is, and lost. Inferred: docs/fidelity.md#edgesync-credentials.
   *
   * @returns each credential that changed, by its name
   */
  async sealAnew(edge: ExchangeServer): Promise<ReadonlyMap<string, EdgeSyncCredential>> {
    const { organization, server, directory } = this.#modules;
    const own = publishedFor(organization.server(server.name));
    const changed = new Map<string, EdgeSyncCredential>();
    if (!own || this.held(edge).every(({ sealedTo }) => sealedTo === own.thumbprint)) return changed;
    return await this.#turns.take(async () => {
      const writes: DirectoryWrite[] = [];
      for (const credential of this.held(edge).filter(({ sealedTo }) => sealedTo !== own.thumbprint)) {
        const password = this.open(credential);
        if (password === undefined) continue;
        const sealed = { sealedTo: own.thumbprint, sealedPassword: sealSecret(password, own) };
        writes.push(objectChange("edgeSyncCredential", objectId("edgeSyncCredential", credential), sealed));
        changed.set(credential.userName, { ...credential, ...sealed });
      }
      if (writes.length > 0) await organization.caughtUp(await directory.write(writes));
      return changed;
    });
  }

  /** What a credential hides; undefined where its key is not in this server's store. */
  open({ sealedTo, sealedPassword }: EdgeSyncCredential): string | undefined {
    const { store } = this.#modules;
    return store.find(sealedTo)?.hasPrivateKey ? unsealSecret(sealedPassword, store.privateKey(sealedTo)) : undefined;
  }

  /**
   * What to log on with now.
   *
   * @param first the certificate to present first: the one that a credential is sealed to, which the Edge server knew
   *   when that was done, or the present one
   * @returns text for a person where there is nothing
   */
  means(edge: ExchangeServer, first: "sealed" | "present"): LogOnMeans | string {
    const { clock, store, organization, server } = this.#modules;
    const held = this.held(edge);
    if (held.length === 0) {
      return `${server.name} holds no credential for ${edge.name}: it came to the site after the subscription; subscribe the Edge server again`;
    }
    const usable = usableCredentials(held, clock.now());
    if (usable.length === 0) {
      const times = held.map(({ userName, expirationTime }) => `${userName} until ${expirationTime}`).join(", ");
      return `no credential of ${server.name} for ${edge.name} is in force (${times}); subscribe the Edge server again`;
    }
    const credentials = this.#opened(usable);
    if (credentials.length === 0) {
      return `${server.name} cannot open its credentials for ${edge.name}: the private key of certificate ${usable[0]?.sealedTo} is not in its store any more; subscribe the Edge server again`;
    }
    const present = organization.server(server.name)?.internalTransportCertificateThumbprint ?? "";
    const bootstrap = held.find(isBootstrap);
    return {
      bootstrapExpired: bootstrap && !usable.includes(bootstrap) ? bootstrap.expirationTime : undefined,
      credentials,
      certificatesFor: ({ sealedTo }) =>
        [...new Set(first === "sealed" ? [sealedTo, present] : [present, sealedTo])].flatMap((thumbprint) => {
          const certificate = store.find(thumbprint);
          return certificate?.hasPrivateKey ? [certificate] : [];
        }),
    };
  }

  /** Successors that are to be tried now, as far as they can be opened; `proven` are those that need it no more. */
  toTry(edge: ExchangeServer, proven: ReadonlySet<string>): readonly OpenedCredential[] {
    const { clock, lifetimeMs } = this.#modules;
    const wanted = this.held(edge).filter(({ sealedPassword }) => !proven.has(sealedPassword));
    return this.#opened(successorsToTry(wanted, clock.now(), lifetimeMs));
  }

  #opened(credentials: readonly EdgeSyncCredential[]): readonly OpenedCredential[] {
    return credentials.flatMap((credential) => {
      const password = this.open(credential);
      return password === undefined ? [] : [{ credential, password }];
    });
  }
}

const removals = (edge: ExchangeServer, old: EdgeSyncCredential): DirectoryWrite[] =>
  [old.holder, edge.name].map((holder) => ({
    id: objectId("edgeSyncCredential", { ...old, holder }),
    remove: true,
  }));

/** The certificate that the directory publishes for a server, where it can be read. */
function publishedFor(server: ExchangeServer | undefined): Certificate | undefined {
  const der = server?.internalTransportCertificate ?? null;
  if (der === null) return undefined;
  try {
    return parseCertificate(Buffer.from(der, "base64"));
  } catch (failure) {
    if (failure instanceof LabError) return undefined;
    throw failure;
  }
}
