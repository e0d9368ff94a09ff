import { type Clock, passwordVerifier } from "../../base/index.ts";
import type { CertificateStore } from "../../certificates/index.ts";
import {
  accountId,
  type Directory,
  type DirectoryWrite,
  type ExchangeServer,
  leaseId,
  type LocalCopy,
  objectChange,
  objectId,
  type ObjectKind,
  objectWrite,
  positionId,
  replicationScopes,
  serverId,
  storedAs,
} from "../../directory/index.ts";
import { edgeCertificateMissing, edgeSubscriptionUnknown } from "../errors.ts";
import { replicaKinds } from "../wire/replica.ts";
import { changesPerBatch } from "../wire/wire.ts";
import { bootstrapMinutes, bootstrapUserName, randomPassword } from "./credentials.ts";
import { formatSubscriptionFile, type SubscriptionFile, subscriptionFileVersion } from "./subscription-file.ts";

/** What the Edge server's end of a subscription works with. */
interface EdgeSubscriptionModules {
  server: { name: string; fqdn: string };
  clock: Clock;
  adam: Directory;
  organization: LocalCopy;
  store: CertificateStore;
}

/**
 * Begins a subscription on the Edge server: makes the bootstrap account, in the place of any earlier one, and writes the
 * file. The first time, whatever was configured here of the kinds that EdgeSync replicates goes.
 *
 * @param last when the last file was made, also where its subscription has ended
 * @returns the file's text, when it was made, and until when the first synchronization must have been
 * Source: [bb266959], the file and the account; [aa997438], what is deleted. Ours: subscribing again deletes nothing,
 *   for the next synchronization overwrites it.
 */
export async function exportSubscription(
  modules: EdgeSubscriptionModules,
  last: Date | undefined,
): Promise<{ text: string; effectiveDate: Date; expiresAt: Date }> {
  const { clock, adam, organization, store } = modules;
  const own = await ownServer(modules);
  const { edge, internalTransportCertificateThumbprint: thumbprint } = own;
  const certificate = thumbprint === null ? undefined : store.find(thumbprint);
  if (!edge || !certificate?.hasPrivateKey) throw edgeCertificateMissing(own.name);

  const at = clock.now();
  const password = randomPassword();
  const expiresAt = new Date(at.getTime() + bootstrapMinutes * 60_000);
  const file: SubscriptionFile = {
    edgeServerName: own.name,
    edgeServerFqdn: own.fqdn,
    edgeCertificateBlob: Buffer.from(certificate.der).toString("base64"),
    esraUsername: bootstrapUserName(own.name),
    esraPassword: password,
    effectiveDate: laterThan([edge.subscriptionEffectiveDate, last], at),
    durationMinutes: bootstrapMinutes,
    adamSslPort: edge.adamSslPort,
    serverType: "",
    productId: edge.productId,
    versionNumber: subscriptionFileVersion,
    serialNumber: edge.serialNumber,
  };
  const account = {
    userName: file.esraUsername,
    sourceServerFqdn: null,
    passwordVerifier: await passwordVerifier(password),
    effectiveTime: at.toISOString(),
    expirationTime: expiresAt.toISOString(),
  };
  const subscriptionEffectiveDate = file.effectiveDate.toISOString();
  const cookie = await adam.write([
    ...(edge.subscriptionEffectiveDate === null ? removalOfReplicas(organization, own.name) : []),
    objectWrite("replicationAccount", account),
    objectChange("server", serverId(own.name), { edge: { ...edge, subscriptionEffectiveDate } }),
  ]);
  await organization.caughtUp(cookie);
  const text = formatSubscriptionFile(file, store.privateKey(certificate.thumbprint));
  return { text, effectiveDate: file.effectiveDate, expiresAt };
}

/** Lab time may stand still between two files, and yet the later one must be later. */
const laterThan = (earlier: readonly (Date | string | null | undefined)[], at: Date): Date =>
  new Date(Math.max(at.getTime(), ...earlier.flatMap((one) => (one ? [new Date(one).getTime() + 1] : []))));

/**
 * Ends a subscription on the Edge server: accounts, lease and positions go first, so that nobody writes any more, then
 * all that was replicated, and last the mark that it was subscribed; where that stops half-way it can be done again.
 * Throws EDGE_SUBSCRIPTION_UNKNOWN where there is none. Source: [remove-edgesubscription], run on the Edge server.
 */
export async function removeSubscriptionFromEdge(modules: EdgeSubscriptionModules): Promise<void> {
  const { adam, organization } = modules;
  const own = await ownServer(modules);
  if (!own.edge || own.edge.subscriptionEffectiveDate === null) throw edgeSubscriptionUnknown(own.name, []);
  const accounts = organization.objects("replicationAccount").map(({ userName }) => accountId(userName));
  const ids = [...accounts, leaseId, ...replicationScopes.map(positionId)];
  await organization.caughtUp(await adam.write(ids.map((id) => ({ id, remove: true }))));
  const replicas = removalOfReplicas(organization, own.name);
  for (let done = 0; done < replicas.length; done += changesPerBatch) {
    await adam.write(replicas.slice(done, done + changesPerBatch));
  }
  const cookie = await adam.write([
    objectChange("server", serverId(own.name), { site: null, edge: { ...own.edge, subscriptionEffectiveDate: null } }),
  ]);
  await organization.caughtUp(cookie);
}

function removalOfReplicas(organization: LocalCopy, own: string): DirectoryWrite[] {
  const idsOf = <K extends ObjectKind>(kind: K): string[] =>
    organization.objects(kind).map((object) => objectId(kind, object));
  return replicationScopes
    .flatMap((scope) => replicaKinds[scope].flatMap((kind) => idsOf(kind)))
    .filter((id) => id !== serverId(own))
    .map((id) => ({ id, remove: true }));
}

async function ownServer({ adam, server }: EdgeSubscriptionModules): Promise<ExchangeServer> {
  const stored = await adam.read(serverId(server.name));
  const own = stored && storedAs("server", stored);
  if (!own) throw new Error(`ADAM does not hold ${server.name}, whose it is`);
  return own;
}
