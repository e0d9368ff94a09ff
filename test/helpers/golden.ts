import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { expect } from "chai";
import {
  describeEvent,
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

/**
 * The names of a running lab, as they are now. A certificate that a server has got since `earlier` is `<server>:2` and so
 * on.
 */
export async function namesOf(lab: Lab, earlier?: Names): Promise<Names> {
  const before = earlier?.thumbprints ?? new Map<string, string>();
  const thumbprints = await Promise.all(
    lab.serverNames().map(async (server) => {
      const held = (await lab.server(server).exchangeCertificates()).map(({ thumbprint }) => thumbprint);
      const later = held.filter((thumbprint) => !before.has(thumbprint)).reverse(); // the newest is shown first
      const name = (thumbprint: string): string => {
        const turn = later.indexOf(thumbprint);
        return earlier === undefined || turn < 0 ? server : `${server}:${turn + 2}`;
      };
      return held.map((thumbprint) => [thumbprint, name(thumbprint)] as const);
    }),
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
    thumbprints: new Map([...before, ...thumbprints.flat(), ...outside.flatMap(outsideThumbprints)]),
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

/** What a server has raised, one event a line. */
export const maskEvents = (lab: Lab, server: string, names: Names): string =>
  lines(
    lab.facts
      .events()
      .filter((event) => event.server === server)
      .map(({ id, parameters }) => ({ id, ...describeEvent(id, parameters) }))
      .map(({ id, source, level, text }) => `${id} ${source} ${level}: ${maskText(text, names)}`),
  );

/** What EdgeSync has changed in a server's ADAM, one line for each scope of a synchronization. */
export const maskDirectoryChanges = (lab: Lab, server: string): string =>
  lines(
    lab.facts
      .directoryChanges()
      .filter((change) => change.server === server)
      .map(
        ({ scope, by, added, updated, deleted, full }) =>
          `${scope} by ${by}, ${full ? "full" : "delta"}: ${added} added, ${updated} updated, ${deleted} deleted`,
      ),
  );

/** A line that follows its like is left out: how often something is tried again may vary. */
const lines = (all: readonly string[]): string =>
  all
    .filter((line, index) => line !== all[index - 1])
    .map((line) => `${line}\n`)
    .join("");

const maskText = (text: string, names: Names): string =>
  text
    .replace(/\b[0-9A-F]{40}\b/g, (thumbprint) => `<thumbprint:${names.thumbprints.get(thumbprint) ?? "unknown"}>`)
    .replace(/\d{4}-\d{2}-\d{2}T[\d:.]+Z/g, "<time>")
    .replace(/\[(\d+\.\d+\.\d+\.\d+)\]/g, (_, address: string) => `[${maskAddress(address, names)}]`)
    .replace(/\b\d+\.\d+\.\d+\.\d+:\d+\b/g, (endpoint) => maskEndpoint(endpoint, names));

function maskData({ data, context }: LoggedRow, ids: ReadonlyMap<string, string>, names: Names): string {
  if (context === "Certificate serial number") return "<serial>";
  return maskText(data, names)
    .replace(/\b[0-9A-F]{16}\b/g, (id) => ids.get(id) ?? "<session>")
    .replace(/\w{3}, \d{1,2} \w{3} \d{4} [\d:]{8} \+0000/g, "<time>")
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
