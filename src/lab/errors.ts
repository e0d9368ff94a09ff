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
