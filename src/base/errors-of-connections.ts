import { LabError, messageOf } from "./errors.ts";

/** Nobody answers there, or no TLS session came about. */
export const httpsUnreachable = (where: string, cause: unknown): LabError =>
  new LabError("HTTPS_UNREACHABLE", `Cannot connect to ${where}: ${messageOf(cause)}`, {
    remedy: "Check that the server runs and that this address and port lead to it",
    details: { where },
    cause,
  });

/** A connection broke before its answer had come. */
export const connectionLost = (where: string, cause: unknown): LabError =>
  new LabError("HTTPS_CONNECTION_LOST", `Lost the connection to ${where} before it had answered: ${messageOf(cause)}`, {
    remedy: "Try again; what was asked may have been done",
    details: { where },
    cause,
  });
