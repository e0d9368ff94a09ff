/** The general format of the culture en-US. Ours: UTC, where PowerShell has the machine's own zone. */
export function formatDate(date: Date): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  const hours = date.getUTCHours();
  const day = `${date.getUTCMonth() + 1}/${date.getUTCDate()}/${date.getUTCFullYear()}`;
  const time = `${hours % 12 || 12}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
  return `${day} ${time} ${hours < 12 ? "AM" : "PM"}`;
}
