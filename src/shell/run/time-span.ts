import { formatTimeSpan } from "../../base/index.ts";

const units = { Days: 24 * 3600_000, Hours: 3600_000, Minutes: 60_000, Seconds: 1000, Milliseconds: 1 } as const;

/** What lies between two dates: its parts and totals are properties. Source: [new-timespan]. */
export class TimeSpan {
  declare readonly TotalMilliseconds: number;

  constructor(ms: number) {
    let left = ms;
    for (const [name, unit] of Object.entries(units)) {
      Object.assign(this, { [name]: Math.trunc(left / unit) });
      left %= unit;
    }
    for (const [name, unit] of Object.entries(units)) Object.assign(this, { [`Total${name}`]: ms / unit });
  }

  toString(): string {
    const ms = this.TotalMilliseconds;
    return (ms < 0 ? "-" : "") + formatTimeSpan(Math.abs(ms));
  }
}
