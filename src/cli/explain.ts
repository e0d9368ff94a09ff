import { readFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { LabError } from "../base/index.ts";
import { type CertificateChoice, type CertificateExplanation, explainListing } from "../lab/index.ts";
import { formatLabError } from "./action.ts";
import { listingUnreadable, malformedInstant } from "./errors.ts";
import type { ExitCode, Io } from "./io.ts";

interface ExplainOptions {
  fqdn: string;
  internal?: string;
  at?: string;
}

/**
 * `hubedge explain FILE`: what a real server would present, by its listing: 0, or 2 with the reason where it cannot be
 * read.
 *
 * @param file `-`: standard input, into which a listing can be pasted
 */
export async function explain(
  file: string,
  options: ExplainOptions,
  io: Pick<Io, "out" | "err" | "input">,
): Promise<ExitCode> {
  try {
    const bytes = await (file === "-" ? buffer(io.input) : readFile(file)).catch((failure: unknown) => {
      throw listingUnreadable(file, failure);
    });
    const at = readInstant(options.at);
    io.out(format(explainListing(bytes, file, { fqdn: options.fqdn, published: options.internal, at })));
    return 0;
  } catch (failure) {
    if (!(failure instanceof LabError)) throw failure;
    io.err(formatLabError(failure));
    return 2;
  }
}

/** A real server is judged by the real time, unless another is asked for. */
function readInstant(text: string | undefined): Date {
  const at = text === undefined ? new Date() : new Date(text);
  if (Number.isNaN(at.getTime())) throw malformedInstant(text ?? "");
  return at;
}

function format({ choices, assumptions }: CertificateExplanation): string {
  const granted = assumptions.length === 0 ? [] : [["taken for granted", ...assumptions].join("\n  ")];
  return `${[...choices.map(formatChoice), ...granted].join("\n\n")}\n`;
}

const words = { chosen: "presented", lost: "loses", unfit: "unfit", notConsidered: "not tried" } as const;

function formatChoice({ selection, about, chosen, candidates, steps }: CertificateChoice): string {
  const heading = `${selection} as ${about}: ${chosen ?? "none is presented"}`;
  const fates = candidates.flatMap(({ thumbprint, subject, fate, reason, source }) => [
    `  ${words[fate].padEnd(9)}  ${thumbprint}  ${subject}`,
    `             ${reason} [${source}]`,
  ]);
  const events = steps.flatMap(({ event, text }) => (event === null ? [] : [`  event ${event}  ${text}`]));
  return [heading, ...fates, ...events].join("\n");
}
