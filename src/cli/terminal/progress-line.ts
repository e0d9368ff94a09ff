import type { Progress } from "../../commands/index.ts";

/**
 * How far something is, on one line of at most that many characters: what it is and what is worked on give way first.
 * Ours: Write-Progress draws a bar over several lines.
 */
export function progressLine({ activity, status, percentComplete, currentOperation }: Progress, width: number): string {
  const share = `${percentComplete}%`;
  const told = `${share} ${activity} ${status}`;
  if (told.length + 6 <= width) return cut(`${told}: ${currentOperation}`, width);
  return [told, `${share} ${status}`, share].find((line) => line.length <= width) ?? "";
}

const cut = (text: string, width: number): string => (text.length > width ? `${text.slice(0, width - 3)}...` : text);
