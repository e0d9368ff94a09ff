/** How the files of one log are named, and read back. */
export interface LogNames {
  /** Whether every UTC day has files of its own. */
  daily: boolean;
  /** @param day `20080512`; empty where files are not daily. @param instance from 1 */
  format(day: string, instance: number): string;
  /** Undefined for a file that is not one of this log. */
  parse(name: string): { day: string; instance: number } | undefined;
}

/** `SEND20080512-1.LOG`: UTC day and instance, which is not padded. Source: [aa997624]. */
export const dailyNames = (prefix: string): LogNames => ({
  daily: true,
  format: (day, instance) => `${prefix}${day}-${instance}.LOG`,
  parse(name) {
    const match = name.startsWith(prefix) ? /^(\d{8})-(\d+)\.LOG$/.exec(name.slice(prefix.length)) : null;
    return match ? { day: match[1] as string, instance: Number(match[2]) } : undefined;
  },
});

/** `journal-main.ndjson`, then `journal-main.2.ndjson` and so on. Ours. */
export const numberedNames = (stem: string): LogNames => ({
  daily: false,
  format: (_day, instance) => (instance === 1 ? `${stem}.ndjson` : `${stem}.${instance}.ndjson`),
  parse(name) {
    const match = name.startsWith(stem) ? /^(?:\.(\d+))?\.ndjson$/.exec(name.slice(stem.length)) : null;
    return match ? { day: "", instance: Number(match[1] ?? 1) } : undefined;
  },
});
