/** One end of a TCP connection. */
export interface Endpoint {
  address: string;
  port: number;
}

/** `ip:port`, an IPv6 address in brackets, as protocol logs have it. */
export const formatEndpoint = (endpoint: Endpoint): string =>
  endpoint.address.includes(":") ? `[${endpoint.address}]:${endpoint.port}` : `${endpoint.address}:${endpoint.port}`;

/** Reads `formatEndpoint`'s form; undefined for anything else. */
export function parseEndpoint(text: string): Endpoint | undefined {
  const match = /^(?:\[([0-9A-Fa-f:.]+)\]|([0-9.]+)):(\d{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  return match && port <= 65_535 ? { address: (match[1] ?? match[2]) as string, port } : undefined;
}
