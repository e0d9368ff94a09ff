import { LabError } from "./errors.ts";

const byteUnits: Readonly<Record<string, number>> = { B: 1, KB: 1024, MB: 1024 ** 2, GB: 1024 ** 3 };
const durationUnits: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** `"10MB"`, `"64KB"` or `"512"` to bytes. Throws UNITS_MALFORMED. */
export function parseBytes(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*(B|KB|MB|GB)?$/i.exec(text.trim());
  const unit = byteUnits[(match?.[2] ?? "B").toUpperCase()];
  if (!match || unit === undefined) throw malformedUnit(text, "a size like 512, 64KB or 10MB");
  return Math.round(Number(match[1]) * unit);
}

/** Bytes as people write them: `10MB`, `64KB`, `1000B`. `parseBytes` reads it back. */
export function formatBytes(bytes: number): string {
  for (const unit of ["GB", "MB", "KB"]) {
    const size = byteUnits[unit] as number;
    if (bytes >= size && bytes % size === 0) return `${bytes / size}${unit}`;
  }
  return `${bytes}B`;
}

/**
 * A span of time to milliseconds: `"500ms"`, `"10s"`, `"+4h"`, `"1.5d"`, or PowerShell's `[d.]hh:mm:ss[.fff]`.
 * Throws UNITS_MALFORMED.
 */
export function parseDuration(text: string): number {
  const short = /^\+?(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)$/.exec(text.trim());
  if (short) return Math.round(Number(short[1]) * (durationUnits[short[2] as string] as number));
  const span = /^(?:(\d+)\.)?(\d{1,2}):(\d{2}):(\d{2})(?:\.(\d{1,7}))?$/.exec(text.trim());
  if (!span) throw malformedUnit(text, "a duration like 10s, 4h or 00:05:00");
  const [, days = "0", hours = "0", minutes = "0", seconds = "0", fraction = ""] = span;
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59)
    throw malformedUnit(text, "a duration like 10s, 4h or 00:05:00");
  const ms = Number(fraction.padEnd(3, "0").slice(0, 3));
  return ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60_000 + Number(seconds) * 1000 + ms;
}

/** Milliseconds as PowerShell prints a TimeSpan: `00:05:00`, `2.00:00:00`, `00:00:00.5000000`. */
export function formatTimeSpan(ms: number): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  const days = Math.floor(ms / 86_400_000);
  const clock = [Math.floor(ms / 3_600_000) % 24, Math.floor(ms / 60_000) % 60, Math.floor(ms / 1000) % 60];
  const fraction = ms % 1000 === 0 ? "" : `.${String(ms % 1000).padStart(3, "0")}0000`;
  return `${days > 0 ? `${days}.` : ""}${clock.map(two).join(":")}${fraction}`;
}

/** A size or a span of time that cannot be read. */
const malformedUnit = (text: string, wanted: string): LabError =>
  new LabError("UNITS_MALFORMED", `Cannot read "${text}": it is not ${wanted}`, {
    remedy: `Write ${wanted}`,
    details: { text },
  });
