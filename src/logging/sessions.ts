import { groupSessions, type LoggedRow } from "../smtp/index.ts";

/** A row, and which log it is from: ids of sessions are unique only within one. */
export interface StreamRow extends LoggedRow {
  stream: string;
}

/** Which sessions to show. */
export interface SessionFilter {
  /** A session id, in any case. */
  session?: string | undefined;
  /** An Internet message id, with or without its angle brackets. */
  message?: string | undefined;
}

/** The sessions of several logs, each with its rows in order. */
export const sessionsOf = <R extends LoggedRow & { stream?: string }>(rows: Iterable<R>): R[][] =>
  groupSessions(rows, (row) => `${row.stream ?? ""} ${row.sessionId}`);

/** The sessions that match; all of them where nothing is asked for. A message is looked for in every field of text. */
export function selectSessions<R extends LoggedRow>(sessions: readonly R[][], filter: SessionFilter): R[][] {
  const id = filter.session?.toUpperCase();
  const message = filter.message?.replace(/^<|>$/g, "");
  return sessions.filter(
    (rows) =>
      (id === undefined || rows[0]?.sessionId.toUpperCase() === id) &&
      (message === undefined || rows.some((row) => mentions(row.data, message) || mentions(row.context, message))),
  );
}

/** Whether the text has this id, and not merely one that goes on before or after it. */
const mentions = (text: string, messageId: string): boolean => text.includes(`<${messageId}>`);

/**
 * What the certificates are that rows name by thumbprint alone, as far as other rows of the same sessions tell: a
 * block of certificate rows gives subject and issuer before the thumbprint.
 * Source: published logs (docs/formats.md#protocol-logs); late versions write the block as one row.
 */
export function certificateNames(sessions: Iterable<readonly LoggedRow[]>): Map<string, string> {
  const names = new Map<string, string>();
  for (const rows of sessions) {
    let subject: string | undefined;
    let issuer: string | undefined;
    for (const { data, context } of rows) {
      if (context === "Sending certificate" || context === "Received certificate") subject = issuer = undefined;
      else if (context === "Certificate subject") subject = data;
      else if (context === "Certificate issuer name") issuer = data;
      else if (context === thumbprintContext && subject !== undefined) {
        names.set(data.toUpperCase(), certificateName(subject, subject === issuer));
      } else if (context.startsWith("Sending certificate Subject")) nameFromOneRow(data, names);
    }
  }
  return names;
}

/** The context of the row that holds a thumbprint. */
export const thumbprintContext = "Certificate thumbprint";

/** A certificate as people know it. */
export const certificateName = (subject: string, selfSigned: boolean): string =>
  selfSigned ? `${subject}, self-signed` : subject;

/** ` CN=a.example CN=Issuer, C=US <serial> <thumbprint> <dates> <names>`, parted by single blanks. */
function nameFromOneRow(data: string, names: Map<string, string>): void {
  const match = /^\s*(.*?) (CN=.*?) [0-9A-F]+ ([0-9A-F]{40}) /.exec(data);
  if (match) names.set(match[3] as string, certificateName(match[1] as string, match[1] === match[2]));
}
