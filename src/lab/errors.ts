import { dirname } from "node:path";
import { LabError, messageOf, systemCodeOf } from "../base/index.ts";

/** The topology declares an address that this machine does not have or may not bind. */
export const addressUnavailable = (server: string, address: string, cause: unknown): LabError =>
  new LabError("ADDRESS_UNAVAILABLE", `Cannot give ${server} the address ${address}: ${messageOf(cause)}`, {
    remedy: `Remove lab.servers.${server}.address, or declare an address of this machine`,
    details: { server, address, system: systemCodeOf(cause) ?? null },
    cause,
  });

/** Something else listens where a server of the lab should. */
export const addressInUse = (server: string, endpoint: string): LabError =>
  new LabError("ADDRESS_IN_USE", `Cannot start ${server} at ${endpoint}: the endpoint is in use`, {
    remedy: `Stop what listens at ${endpoint}, or declare another lab.servers.${server}.address`,
    details: { server, endpoint },
  });

/** Every guard socket of 127.1 to 127.254 is taken. */
export const noLoopbackLeft = (): LabError =>
  new LabError("ADDRESS_NONE_LEFT", "Cannot claim a loopback range: 254 labs are running on this machine", {
    remedy: "Stop one of them",
  });

/** A cmdlet, a step or a test named a server that the organization does not have. */
export const unknownServer = (name: string, known: readonly string[]): LabError =>
  new LabError("SERVER_UNKNOWN", `Cannot find the server "${name}": the organization has ${known.join(", ")}`, {
    remedy: "Name one of them",
    details: { name, known },
  });

/** A server was named that the lab file has join later. */
export const serverNotInstalled = (name: string): LabError =>
  new LabError("SERVER_NOT_INSTALLED", `Cannot find the server "${name}": it is not installed yet`, {
    remedy: `Start it first; the lab file has it as one that is not there from the start`,
    details: { name },
  });

/** `Set-ReceiveConnector` named a connector that does not exist. */
export const unknownConnector = (identity: string, known: readonly string[]): LabError =>
  new LabError("CONNECTOR_UNKNOWN", `Cannot find the receive connector "${identity}": there are ${known.join(", ")}`, {
    remedy: "Run Get-ReceiveConnector and copy an Identity from its output",
    details: { identity, known },
  });

/** A mailbox was named that the organization does not have. */
export const unknownMailbox = (name: string, known: readonly string[]): LabError =>
  new LabError("MAILBOX_UNKNOWN", `Cannot find the mailbox "${name}": the lab has ${known.join(", ") || "none"}`, {
    remedy: "Name one of lab.mailboxes",
    details: { name, known },
  });

/** A server was asked for mail transport that has no transport role, or is stopped. */
export const noTransport = (name: string): LabError =>
  new LabError("SERVER_WITHOUT_TRANSPORT", `Cannot use ${name} for transport: it has no running HubTransport role`, {
    remedy: "Name a Hub Transport server that is running",
    details: { name },
  });

/** Another run or `up` of the same lab holds its log folder. */
export const labAlreadyRunning = (id: string, place: string, holder: string): LabError =>
  new LabError("LAB_LOGS_IN_USE", `Cannot start the lab "${id}" in ${place}: ${holder} holds it`, {
    remedy: "Stop that one, or give this lab another lab.id or --logs folder",
    details: { id, place, holder },
  });

/** A file was named that is not on the server's disk. */
export const unknownFile = (file: string, server: string, path: string, cause: unknown): LabError =>
  new LabError(
    "FILE_UNKNOWN",
    `Cannot read "${file}" on ${server}: ${systemCodeOf(cause) === "ENOENT" ? "there is no such file" : messageOf(cause)}`,
    {
      remedy: `Put it into ${dirname(path)} on this machine, carry it here from another server (Copy-LabFile in a shell, carry: in a scenario), or name it by its whole path on this machine`,
      details: { file, server, path },
      cause,
    },
  );

/** A file that a cmdlet is to read is nothing of the kind. */
export const fileUnsuitable = (file: string, server: string, why: string): LabError =>
  new LabError("FILE_UNSUITABLE", `Cannot read ${file} on ${server}: ${why}`, {
    remedy: "Name the file that is meant",
    details: { file, server },
  });

/** A file is to be written where no file can be. */
export const fileUnwritable = (file: string, server: string, why: string): LabError =>
  new LabError("FILE_UNWRITABLE", `Cannot write "${file}" on ${server}: ${why}`, {
    remedy: "Name a file, like C:\\Name.xml",
    details: { file, server },
  });

/** A file is to be written where one is. */
export const fileExists = (file: string, server: string, path: string): LabError =>
  new LabError("FILE_EXISTS", `Cannot write "${file}" on ${server}: a file of that name is there`, {
    remedy: "Add -Force to overwrite it, or name another file",
    details: { file, server, path },
  });

/** A file name leads out of the server's disk. */
export const fileOutsideDisk = (file: string, server: string): LabError =>
  new LabError("FILE_OUTSIDE_DISK", `Cannot use the file "${file}" on ${server}: its name leads out of the disk`, {
    remedy: "Write C:\\Name.xml, or an absolute path of this machine",
    details: { file, server },
  });

/** A cmdlet wants to change on a subscribed Edge server what EdgeSync keeps there. Source: [aa997438], disabled cmdlets. */
export const managedBySubscription = (server: string, kind: string): LabError =>
  new LabError(
    "EDGE_MANAGED_BY_SUBSCRIPTION",
    `Cannot change ${kind} on ${server}: it is subscribed, and EdgeSync brings them from Active Directory`,
    {
      remedy: "Change it on a Hub Transport server and run Start-EdgeSynchronization, or Remove-EdgeSubscription here",
      details: { server, kind },
    },
  );

/** A cmdlet of one transport role ran on a server without it. */
export const wrongRole = (server: string, wanted: "HubTransport" | "EdgeTransport", what: string): LabError =>
  new LabError("SERVER_WRONG_ROLE", `Cannot ${what} on ${server}: it has no running ${wanted} role`, {
    remedy: `Run it on a server with the ${wanted} role`,
    details: { server, wanted },
  });

/** A receive connector is to listen where this server is not. */
export const foreignBinding = (server: string, binding: string, own: readonly string[]): LabError =>
  new LabError("CONNECTOR_BINDING_FOREIGN", `Cannot listen on ${binding}: ${server} has ${own.join(", ")}`, {
    remedy: "Write 0.0.0.0 and the port, which stands for this server's own address",
    details: { server, binding, own },
  });

/** The certificate that the directory publishes for a server is to stay. */
export const certificateInUse = (thumbprint: string, server: string): LabError =>
  new LabError(
    "CERT_IN_USE",
    `Cannot remove certificate ${thumbprint} from ${server}: it is the internal transport certificate`,
    {
      remedy: "Make another one the default first: New-ExchangeCertificate -Services SMTP -Force",
      details: { thumbprint, server },
    },
  );

/** A wildcard certificate is to serve POP or IMAP. Source: [exchange-certificate-cmdlets] Enable-. */
export const wildcardForMail = (wildcard: string, service: string): LabError =>
  new LabError("CERT_WILDCARD_SERVICE", `Cannot enable a certificate for ${wildcard} for ${service}`, {
    remedy: "Leave POP and IMAP out of -Services; their clients need a certificate with the full name",
    details: { wildcard, service },
  });

/** A certificate is to be exported with its private key, and nothing would protect that. */
export const exportPasswordNeeded = (thumbprint: string): LabError =>
  new LabError(
    "CERT_PASSWORD_NEEDED",
    `Cannot export certificate ${thumbprint} with its private key without a password`,
    {
      remedy: "Add -Password (ConvertTo-SecureString -String ... -AsPlainText -Force)",
      details: { thumbprint },
    },
  );

/** The lab file wants an Edge server subscribed, and its first synchronization failed. */
export const subscriptionFailed = (edge: string, site: string, why: string): LabError =>
  new LabError("LAB_SUBSCRIPTION_FAILED", `Cannot subscribe ${edge} to ${site}: ${why}`, {
    remedy: `Remove lab.servers.${edge}.subscription and subscribe it in steps, to see which one fails`,
    details: { edge, site },
  });

/** The choice of a certificate was to be explained for a receive connector of another server. */
export const choiceElsewhere = (identity: string, owner: string, server: string): LabError =>
  new LabError(
    "CERT_CHOICE_ELSEWHERE",
    `Cannot explain what "${identity}" presents on ${server}: a server knows its own certificates only, and this connector is of ${owner}`,
    { remedy: `Run the cmdlet on ${owner}`, details: { identity, owner, server } },
  );

/** The choice of a certificate was to be explained for a name that stands for nothing. */
export const unknownChoice = (name: string, connectors: readonly string[]): LabError =>
  new LabError(
    "CERT_CHOICE_UNKNOWN",
    `Cannot explain a choice for "${name}": it is neither a connector (${connectors.join(", ") || "there are none"}), nor an Exchange server, nor a domain`,
    { remedy: "Name a connector, another server, or a domain with a dot in it", details: { name, connectors } },
  );

/** A file was to be a listing of certificates, and has none. */
export const listingEmpty = (file: string, requests: number): LabError =>
  new LabError(
    "CERT_LISTING_EMPTY",
    `Cannot choose among the certificates of "${file}": it lists none${requests > 0 ? ` but requests, ${requests} of them` : ""}; what Get-ExchangeCertificate | Format-List prints is wanted, with Thumbprint, Subject, NotBefore`,
    { remedy: "On the server, run Get-ExchangeCertificate | Format-List > certs.txt", details: { file, requests } },
  );
