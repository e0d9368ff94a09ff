import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { expect } from "chai";
import {
  groupSessions,
  type Lab,
  type LoggedRow,
  type OutsideHostView,
  parseProtocolLog,
  rowsOf,
} from "../../src/lab/index.ts";

/** What masks things by name: which server, outside host or attacker has an address, an endpoint or a thumbprint. */
export interface Names {
  addresses: ReadonlyMap<string, string>;
  /** `ip:port` of listeners, to the connector's short name: `Default`; outside it is `smtp`. */
  listeners: ReadonlyMap<string, string>;
  thumbprints: ReadonlyMap<string, string>;
}

/** `mail.fabrikam.example`, and `mail.fabrikam.example:2` for what it presents after a fault was set or healed. */
const outsideThumbprints = ({
  name,
  certificates,
}: Pick<OutsideHostView, "name" | "certificates">): (readonly [string, string])[] =>
  certificates.map(({ thumbprint }, index) => [thumbprint, index === 0 ? name : `${name}:${index + 1}`]);

/** The names of a running lab, as they are now. */
export async function namesOf(lab: Lab): Promise<Names> {
  const thumbprints = await Promise.all(
    lab.serverNames.map(async (server) =>
      (await lab.server(server).exchangeCertificates()).map(({ thumbprint }) => [thumbprint, server] as const),
    ),
  );
  const outside = [...lab.outsideHosts(), ...lab.attackers()];
  const listeners = [
    ...lab.listeners().map(({ server, connector, endpoint }) => ({
      name: server,
      port: connector.replace(`${server}\\`, "").replace(` ${server}`, ""),
      endpoint,
    })),
    ...outside.map(({ name, endpoint }) => ({ name, port: "smtp", endpoint })),
  ];
  return {
    addresses: new Map(listeners.map(({ name, endpoint }) => [endpoint.address, name])),
    listeners: new Map(listeners.map(({ port, endpoint }) => [`${endpoint.address}:${endpoint.port}`, port])),
    thumbprints: new Map([...thumbprints.flat(), ...outside.flatMap(outsideThumbprints)]),
  };
}

/**
 * A protocol log with everything that varies from run to run replaced by its name, and its rows grouped by session in
 * the order in which the sessions began: two that ran at once come out alike, whichever row was written first.
 *
 * Times are `<time>`, sessions `<session:1>`, endpoints `<ip:Ex2007EE>:<port:Default>` (`<ip:outside>` for everybody
 * else), certificates `<thumbprint:Ex2007EE>`, message ids `<id@host>`, sizes `<size>`.
 */
export function maskLog(text: string, names: Names): string {
  const header = text.split("\n").filter((line) => line.startsWith("#"));
  const sessions = groupSessions(rowsOf(parseProtocolLog(text)));
  const ids = new Map(sessions.map(([first], index) => [first?.sessionId ?? "", `<session:${index + 1}>`]));
  const masked = sessions.flatMap((session) => session.map((row) => maskRow(row, ids, names)));
  return [...new Set(header.map((line) => line.replace(/^#Date: .*/, "#Date: <time>"))), ...masked, ""].join("\n");
}

function maskRow(row: LoggedRow, ids: ReadonlyMap<string, string>, names: Names): string {
  const fields = [
    "<time>",
    row.connectorId,
    ids.get(row.sessionId) ?? "",
    String(row.sequence),
    maskEndpoint(row.local, names),
    maskEndpoint(row.remote, names),
    row.event,
    maskData(row, ids, names),
    row.context,
  ];
  return fields.map((field) => (/[",]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)).join(",");
}

function maskEndpoint(endpoint: string, names: Names): string {
  if (endpoint === "") return "";
  const listener = names.listeners.get(endpoint);
  const address = endpoint.slice(0, endpoint.lastIndexOf(":"));
  return `${maskAddress(address, names)}:${listener === undefined ? "<port>" : `<port:${listener}>`}`;
}

const maskAddress = (address: string, names: Names): string => `<ip:${names.addresses.get(address) ?? "outside"}>`;

function maskData({ data, context }: LoggedRow, ids: ReadonlyMap<string, string>, names: Names): string {
  if (context === "Certificate serial number") return "<serial>";
  return data
    .replace(/\b[0-9A-F]{40}\b/g, (thumbprint) => `<thumbprint:${names.thumbprints.get(thumbprint) ?? "unknown"}>`)
    .replace(/\b[0-9A-F]{16}\b/g, (id) => ids.get(id) ?? id)
    .replace(/\d{4}-\d{2}-\d{2}T[\d:.]+Z/g, "<time>")
    .replace(/\w{3}, \d{1,2} \w{3} \d{4} [\d:]{8} \+0000/g, "<time>")
    .replace(/\[(\d+\.\d+\.\d+\.\d+)\]/g, (_, address: string) => `[${maskAddress(address, names)}]`)
    .replace(/<[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}@/g, "<id@")
    .replace(/\bSIZE=\d+/g, "SIZE=<size>")
    .replace(/^BDAT \d+/, "BDAT <size>");
}

/** Compares with a file that is kept, line by line; `UPDATE_GOLDEN=1` writes it instead. */
export async function expectGolden(file: string, found: string): Promise<void> {
  if (process.env.UPDATE_GOLDEN === "1") {
    await mkdir(dirname(file), { recursive: true });
    return writeFile(file, found);
  }
  const kept = await readFile(file, "utf8").catch(() => "");
  expect(found.split("\n"), `${file} (npm run golden rewrites it)`).to.deep.equal(kept.split("\n"));
}
