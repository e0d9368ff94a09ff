import { LabError } from "../base/index.ts";
import { type Endpoint, formatEndpoint } from "../smtp/index.ts";

/** The peer of a conversation said nothing more, or hung up. */
export const noReply = (endpoint: Endpoint, why: string): LabError =>
  new LabError("CONVERSATION_SILENT", `No reply from ${formatEndpoint(endpoint)}: ${why}`, {
    remedy: "Look at the server's Receive log: what it last heard is there",
    details: { endpoint: formatEndpoint(endpoint) },
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
