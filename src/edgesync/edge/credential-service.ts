import { type ApplicationEvent, type Clock, type Journal, passwordVerifier } from "../../base/index.ts";
import { type CertificateStore, unsealSecret } from "../../certificates/index.ts";
import {
  accountId,
  type Directory,
  type DirectoryWrite,
  type EdgeSyncCredential,
  type LocalCopy,
  objectWrite,
  type ReplicationAccount,
  storedAs,
  type StoredObject,
} from "../../directory/index.ts";
import { bootstrapUserName } from "../subscription/credentials.ts";
import type { EdgeChange } from "../wire/replica.ts";

interface CredentialServiceModules {
  server: { name: string };
  clock: Clock;
  journal: Journal<ApplicationEvent>;
  adam: Directory;
  organization: LocalCopy;
  store: CertificateStore;
}

/** Accounts stay for a day after their time, so that who comes too late is told so. Ours. */
const keptAfterExpiryMs = 86_400_000;

/**
 * The Credential Service of an Edge server: makes of the credentials that come into ADAM the accounts that let Hubs in,
 * and removes those whose credential went. Source: [bb266959].
 */
export class CredentialService {
  readonly #modules: CredentialServiceModules;

  constructor(modules: CredentialServiceModules) {
    this.#modules = modules;
  }

  /**
   * What must become of the accounts together with these changes. A credential that cannot be opened raises 1006, and
   * its account stays as it is. Source: [bb266959]; the event: [ff359978], 2010 edition.
   *
   * @param before what ADAM holds of each object that changes, in the same order
   */
  async accountWrites(
    changes: readonly EdgeChange[],
    before: readonly (StoredObject | undefined)[],
  ): Promise<DirectoryWrite[]> {
    const concerned = changes.flatMap((change, index) => {
      const userName = userNameIn(change.id);
      const held = before[index];
      return userName === undefined ? [] : [{ userName, change, held: held && storedAs("edgeSyncCredential", held) }];
    });
    const accounts = await this.#modules.adam.readAll(concerned.map(({ userName }) => accountId(userName)));
    const writes = concerned.map(async ({ userName, change, held }, index): Promise<DirectoryWrite[]> => {
      const account = accounts[index] && storedAs("replicationAccount", accounts[index]);
      // The bootstrap account was made here, and its credential says nothing new.
      if (userName === bootstrapUserName(this.#modules.server.name)) return [];
      if ("remove" in change) return account ? [{ id: accountId(userName), remove: true }] : [];
      const credential = storedAs("edgeSyncCredential", { ...change, usn: 0, attributes: change.set });
      if (!credential || (account && held && saysNothingNew(credential, held, account))) return [];
      const made = await this.#accountOf(credential);
      return made ? [objectWrite("replicationAccount", made)] : [];
    });
    return (await Promise.all(writes)).flat();
  }

  async #accountOf(credential: EdgeSyncCredential): Promise<ReplicationAccount | undefined> {
    const { store, journal, clock, server } = this.#modules;
    const { userName, sourceServerFqdn, effectiveTime, expirationTime, sealedTo, sealedPassword } = credential;
    const password = store.find(sealedTo)?.hasPrivateKey
      ? unsealSecret(sealedPassword, store.privateKey(sealedTo))
      : undefined;
    if (password === undefined) {
      journal.report({
        kind: "event",
        server: server.name,
        at: clock.now(),
        id: 1006,
        parameters: [userName, sealedTo],
      });
      return undefined;
    }
    const verifier = await passwordVerifier(password);
    return { userName, sourceServerFqdn, passwordVerifier: verifier, effectiveTime, expirationTime };
  }

  /** Removes the accounts whose time is over for good. */
  async removeExpired(): Promise<void> {
    const { adam, organization, clock } = this.#modules;
    const before = clock.now().getTime() - keptAfterExpiryMs;
    const expired = organization
      .objects("replicationAccount")
      .filter(({ expirationTime }) => Date.parse(expirationTime) < before);
    if (expired.length > 0)
      await adam.write(expired.map(({ userName }) => ({ id: accountId(userName), remove: true })));
  }
}

/** The account that a credential object is for: `edgeSyncCredential/<holder>/<userName>`. */
const userNameIn = (id: string): string | undefined => /^edgeSyncCredential\/[^/]+\/(.+)$/.exec(id)?.[1];

const saysNothingNew = (
  credential: EdgeSyncCredential,
  held: EdgeSyncCredential,
  account: ReplicationAccount,
): boolean =>
  credential.sealedPassword === held.sealedPassword &&
  credential.effectiveTime === account.effectiveTime &&
  credential.expirationTime === account.expirationTime;
