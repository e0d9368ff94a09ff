import type { Reporter } from "../report.ts";

/** One JSON document at the end of the run; its shape: docs/formats.md#reports. */
export const jsonReport = (write: (text: string) => void): Reporter => ({
  end(results) {
    write(`${JSON.stringify({ version: 1, scenarios: results }, undefined, 2)}\n`);
  },
});
