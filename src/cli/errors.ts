import { LabError } from "../base/index.ts";

/** `--jobs` is no number of scenarios. */
export const malformedJobs = (text: string): LabError =>
  new LabError("RUN_JOBS_MALFORMED", `Cannot run "${text}" scenarios at once: it is no number from 1 to 64`, {
    remedy: "Write --jobs 2",
    details: { text },
  });

/** `--report` names a kind of report that there is not. */
export const unknownReport = (kind: string, known: readonly string[]): LabError =>
  new LabError("RUN_REPORT_UNKNOWN", `Cannot report as "${kind}": there are ${known.join(", ")}`, {
    remedy: "Write --report pretty, --report json or --report junit=FILE",
    details: { kind, known },
  });

/** `--only` and `--tag` leave nothing to run. */
export const nothingChosen = (known: readonly string[], { only, tag }: { only?: string; tag?: string }): LabError => {
  const wanted = [
    ...(only === undefined ? [] : [`"${only}" in its name`]),
    ...(tag === undefined ? [] : [`the tag "${tag}"`]),
  ];
  return new LabError(
    "RUN_NOTHING_CHOSEN",
    `Cannot run anything: none of ${known.length} scenarios has ${wanted.join(" and ")}`,
    {
      remedy: `Choose among ${known.join(", ")}`,
      details: { only, tag, known },
    },
  );
};

/** `hubedge explain` cannot read its file. */
export const listingUnreadable = (file: string, cause: unknown): LabError =>
  new LabError(
    "LISTING_UNREADABLE",
    `Cannot read "${file}": ${cause instanceof Error ? cause.message : String(cause)}`,
    {
      remedy: "Name a file with the output of Get-ExchangeCertificate | Format-List",
      details: { file },
      cause,
    },
  );

/** `--at` is no instant. */
export const malformedInstant = (text: string): LabError =>
  new LabError("LISTING_AT_MALFORMED", `Cannot judge certificates at "${text}": it is no date`, {
    remedy: "Write --at 2008-05-12, or --at 2008-05-12T10:00:00Z",
    details: { text },
  });
