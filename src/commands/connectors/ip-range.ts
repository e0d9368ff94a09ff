import { isIP } from "node:net";

/** `address`, `address-address` or `address/bits`, both addresses of one family. */
export function isIpRange(range: string): boolean {
  const [from = "", to] = range.split("-");
  if (to !== undefined) return isIP(from) !== 0 && isIP(from) === isIP(to) && range.split("-").length === 2;
  const [address = "", bits] = range.split("/");
  const family = isIP(address);
  if (bits === undefined || family === 0) return family !== 0;
  return /^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128) && range.split("/").length === 2;
}
