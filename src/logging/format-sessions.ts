import { type LoggedRow, visibleText } from "../smtp/index.ts";
import { thumbprintContext } from "./sessions.ts";

interface SessionFormat {
  colour: boolean;
  /** Names of certificates by thumbprint. */
  certificates?: ReadonlyMap<string, string>;
}

/** Escape sequences by event: sent, received, information, connect and disconnect. */
const colours: Readonly<Record<string, string>> = { ">": "36", "<": "32", "*": "33", "+": "2", "-": "2" };

const paint = (code: string | undefined, text: string): string =>
  code === undefined ? text : `\u001b[${code}m${text}\u001b[0m`;

/**
 * Sessions as people read them: a line that says which it is, then a line for every row, with the name of each
 * certificate beside its thumbprint. Nothing a peer sent reaches the terminal as a control character.
 *
 * @param sessions each with its rows in order
 */
export function formatSessions(sessions: readonly (readonly LoggedRow[])[], format: SessionFormat): string {
  return sessions.map((rows) => formatSession(rows, format)).join("\n");
}

function formatSession(rows: readonly LoggedRow[], format: SessionFormat): string {
  const first = rows[0];
  if (first === undefined) return "";
  const local = rows.find((row) => row.local !== "")?.local ?? "not connected";
  const title = visibleText(`${first.sessionId}  ${first.connectorId}  ${local} with ${first.remote}  ${first.at}`);
  const places = String(rows.at(-1)?.sequence ?? 0).length;
  const lines = rows.map((row) => formatRow(row, places, format));
  return [paint(format.colour ? "1" : undefined, title), ...lines, ""].join("\n");
}

function formatRow(row: LoggedRow, places: number, { colour, certificates }: SessionFormat): string {
  const time = /T(\d\d:\d\d:\d\d\.\d{3})Z$/.exec(row.at)?.[1] ?? row.at;
  const place = `  ${String(row.sequence).padStart(places)}  ${time}  `;
  const what = `${row.event || " "} ${wordsOf(row, certificates)}`.trimEnd();
  return visibleText(place) + paint(colour ? colours[row.event] : undefined, visibleText(what));
}

/** `Certificate thumbprint: 352D… (CN=Ex2007EE, self-signed)`: the context explains the data, so it comes first. */
function wordsOf({ event, data, context }: LoggedRow, certificates: SessionFormat["certificates"]): string {
  if (event === "+") return "connected";
  if (event === "-") return `disconnected${context === "" ? "" : `, by ${context}`}`;
  const name = context === thumbprintContext ? certificates?.get(data.toUpperCase()) : undefined;
  const named = name === undefined ? data : `${data} (${name})`;
  return context === "" || named === "" ? `${context}${named}` : `${context}: ${named}`;
}
