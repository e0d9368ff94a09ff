import { LabError, messageOf } from "../base/index.ts";
import { type Endpoint, formatEndpoint } from "../smtp/index.ts";

/** The peer of a conversation said nothing more, or hung up. */
export const noReply = (endpoint: Endpoint, why: string): LabError =>
  new LabError("CONVERSATION_SILENT", `No reply from ${formatEndpoint(endpoint)}: ${why}`, {
    remedy: "Look at the server's Receive log: what it last heard is there",
    details: { endpoint: formatEndpoint(endpoint) },
  });

/** An outside host or an attacker cannot listen where it should. */
export const outsideAddressInUse = (name: string, at: Endpoint, cause: unknown): LabError =>
  new LabError("WORLD_ADDRESS_IN_USE", `Cannot start ${name} at ${formatEndpoint(at)}: ${messageOf(cause)}`, {
    remedy: `Stop what listens at ${formatEndpoint(at)}`,
    details: { name, endpoint: formatEndpoint(at) },
    cause,
  });

/** A step named an outside host that the world does not have. */
export const unknownHost = (name: string, known: readonly string[]): LabError =>
  new LabError("HOST_UNKNOWN", `Cannot find the host "${name}": the world has ${known.join(", ") || "none"}`, {
    remedy: "Name one of world.hosts",
    details: { name, known },
  });

/** A step asks something of a host that the lab has not started. */
export const hostElsewhere = (name: string, at: Endpoint): LabError =>
  new LabError(
    "HOST_ELSEWHERE",
    `Cannot make ${name} do anything: what listens at ${formatEndpoint(at)} is not the lab's`,
    {
      remedy: `Take \`at\` away from world.hosts.${name}, so that the lab starts it, or act on that server itself`,
      details: { name, endpoint: formatEndpoint(at) },
    },
  );

/** A step named an attacker that the world does not have. */
export const unknownAttacker = (name: string, known: readonly string[]): LabError =>
  new LabError("ATTACKER_UNKNOWN", `Cannot find the attacker "${name}": the world has ${known.join(", ") || "none"}`, {
    remedy: "Name one of world.attackers",
    details: { name, known },
  });

/** A line of a dialog is none of those there are. */
export const malformedDialog = (line: string, number: number): LabError =>
  new LabError("DIALOG_MALFORMED", `Cannot read line ${number} of the dialog: "${line}"`, {
    remedy: 'Begin it with "C: ", "S: ", "absent: " or "#", or write "-- tls --"',
    details: { line, number },
  });

/** The server said something else than the dialog expects. */
export const dialogMismatch = (
  number: number,
  expected: string,
  found: string,
  transcript: readonly string[],
): LabError =>
  new LabError(
    "DIALOG_MISMATCH",
    [
      `The conversation went otherwise at line ${number} of the dialog`,
      `  expected: ${expected}`,
      `  found:    ${found}`,
      "  so far:",
      ...transcript.map((line) => `    ${line}`),
    ].join("\n"),
    {
      remedy: "Change the dialog, or the server's settings, so that both agree",
      details: { number, expected, found, transcript },
    },
  );
