import { LabError, messageOf, systemCodeOf } from "../base/index.ts";

/** `hubedge log` named a file or folder that cannot be read. */
export const logUnreadable = (path: string, cause: unknown): LabError =>
  new LabError("LOG_UNREADABLE", `Cannot read "${path}": ${messageOf(cause)}`, {
    remedy: "Name a protocol log (SEND….LOG, RECV….LOG) or a folder that holds some, such as logs/<lab>",
    details: { path, system: systemCodeOf(cause) ?? null },
    cause,
  });

/** `hubedge log` was given a file that is something else, such as a connectivity or message tracking log. */
export const notAProtocolLog = (path: string): LabError =>
  new LabError("LOG_NOT_PROTOCOL", `Cannot show "${path}": it has no row of an SMTP protocol log`, {
    remedy: "Name a file whose header says SMTP Send Protocol Log or SMTP Receive Protocol Log, or rows of one",
    details: { path },
  });

/** `hubedge log` was given folders in which there is no protocol log. */
export const noProtocolLogs = (paths: readonly string[]): LabError =>
  new LabError(
    "LOG_NONE_FOUND",
    `Cannot show ${paths.map((path) => `"${path}"`).join(", ")}: no protocol log is there`,
    {
      remedy:
        "Turn logging on before mail is sent: Set-TransportServer … -IntraOrgConnectorProtocolLoggingLevel Verbose",
      details: { paths },
    },
  );

/** `hubedge log --session` or `--message` found nothing. */
export const noSuchSession = (wanted: string, held: number): LabError =>
  new LabError("LOG_SESSION_UNKNOWN", `Cannot find ${wanted}: none of the ${held} sessions in these logs matches`, {
    remedy: "Leave the option out to see all of them",
    details: { wanted, held },
  });
