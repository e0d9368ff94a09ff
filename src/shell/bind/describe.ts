import { TimeSpan } from "../run/time-span.ts";

/** What a value is, for errors: `"text"`, `5`, `an object with Name, Status`. Never what a secure string holds. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return "$null";
  if (typeof value === "boolean") return value ? "$true" : "$false";
  if (typeof value === "string") return value.length > 80 ? `"${value.slice(0, 80)}…"` : `"${value}"`;
  if (typeof value !== "object") return String(value);
  if (value instanceof Date) return value.toISOString();
  if (value instanceof TimeSpan) return String(value);
  if (Array.isArray(value)) return value.length === 0 ? "no value" : `${value.length} values`;
  const names = Object.keys(value);
  const shown = names.slice(0, 4).join(", ");
  return names.length === 0 ? String(value) : `an object with ${shown}${names.length > 4 ? " and more" : ""}`;
}
