import type { Clock } from "../base/index.ts";
import type { Certificate, StoredCertificate } from "../certificates/index.ts";
import type { Names } from "../dns/index.ts";
import type { Endpoint, SmtpAddress } from "../smtp/index.ts";
import { startListener } from "../transport/receive/listener.ts";
import { join } from "node:path";
import type { DeclaredHost, HostFault } from "./declared.ts";
import { outsideAddressInUse } from "./errors.ts";
import { type Arrangement, type MintModules, openHostIdentity } from "./host-identity.ts";
import { type HostedMessage, openHostMail } from "./host-mail.ts";
import { hostServer } from "./host-receive.ts";
import { type HostSubmission, sendFromHost } from "./host-send.ts";
import type { ClientOutcome } from "./outside-client.ts";

/** What an outside host is made of. */
export interface HostModules extends Omit<MintModules, "now"> {
  clock: Clock;
  names: Names;
  /** Where it listens; port 0 takes any free port. */
  at: Endpoint;
  /** What its outgoing connections bind to; undefined: whatever the system chooses. */
  localAddress: string | undefined;
  /** The host's own folder: its certificates, and the mail that came. */
  folder: string;
}

/** Somebody else's mail host, running. It keeps no logs and reports no facts: who deals with it sees what it does. */
export interface Host {
  readonly name: string;
  readonly declared: DeclaredHost;
  readonly endpoint: Endpoint;
  /** What it presents now; undefined: nothing. */
  readonly certificate: StoredCertificate | undefined;
  /** What it presents, or has presented, or would have, in the order in which they were made. */
  certificates(): readonly StoredCertificate[];
  /** Behaves otherwise than declared, for connections from now on; undefined: as declared again. Rejects CERT_*. */
  setFault(fault: HostFault | undefined): Promise<void>;
  /** Has it trust a certificate, from now on and under faults too. */
  trust(certificate: Certificate): void;
  send(mail: HostSubmission): Promise<ClientOutcome>;
  delivered(address: SmtpAddress): Promise<HostedMessage[]>;
  /** Ends every session and resolves once the port is free. */
  close(): Promise<void>;
}

/** Starts an outside host. Rejects WORLD_ADDRESS_IN_USE, CERT_*. */
export async function startHost(declared: DeclaredHost, modules: HostModules): Promise<Host> {
  const { clock, names, at, localAddress, folder } = modules;
  const { name } = declared;
  const identity = await openHostIdentity(folder, { ...modules, now: () => clock.now() });
  const mail = openHostMail(join(folder, "mail"));
  const asDeclared = await identity.arrange(declared);
  let current: Arrangement = asDeclared;
  const server = hostServer({ name, clock, at, mail, arrangement: () => current });
  const listener = await startListener(server, at).catch((failure: unknown) => {
    throw outsideAddressInUse(name, at, failure);
  });
  return {
    name,
    declared,
    endpoint: listener.endpoint,
    get certificate() {
      return current.certificate;
    },
    certificates: () => identity.certificates(),
    async setFault(fault) {
      current = fault ? await identity.arrange({ ...declared, ...fault }, asDeclared) : asDeclared;
    },
    trust: (certificate) => identity.trust(certificate),
    send: (submission) => sendFromHost({ name, names, clock, localAddress, arrangement: current }, submission),
    delivered: (address) => mail.list(address),
    close: () => listener.close(),
  };
}
