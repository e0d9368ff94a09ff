import { isIP } from "node:net";
import type { Endpoint } from "../smtp/index.ts";
import { type Names, smtpPort } from "./names.ts";

/** The one zone of a lab, in which everybody is who has a name, inside the organization and outside. */
export interface Zone extends Names {
  /** Says where a port of a host is; a later word for the same port replaces an earlier one. */
  setHost(host: string, port: number, endpoint: Endpoint): void;
  /** Forgets a host with all its ports. */
  removeHost(host: string): void;
  /** Says who takes a domain's mail, in place of whoever did. */
  setMailExchangers(domain: string, exchangers: readonly { host: string; preference: number }[]): void;
  /**
   * Puts somebody in the way: whoever looks for that port of that host finds `endpoint` instead, until the returned
   * function is called. The latest in the way is met first.
   */
  intercept(host: string, port: number, endpoint: Endpoint): () => void;
  /** As `locate`, past everybody in the way: what those in the way themselves go by. */
  locateTruly(host: string, port: number): Endpoint | undefined;
}

/** An empty zone. Ours: one for all, held in memory (docs/adr/0010-names.md). */
export function openZone(): Zone {
  const hosts = new Map<string, Map<number, Endpoint>>();
  const exchangers = new Map<string, readonly (readonly string[])[]>();
  let inTheWay: { host: string; port: number; endpoint: Endpoint }[] = [];

  const locateTruly = (host: string, port: number): Endpoint | undefined => {
    const name = normal(host);
    return isIP(name) === 0 ? hosts.get(name)?.get(port) : locateAddress(hosts, name, port);
  };
  const mailExchangerGroups = (domain: string): readonly (readonly string[])[] => {
    const name = normal(domain);
    return exchangers.get(name) ?? (hosts.get(name)?.has(smtpPort) ? [[name]] : []);
  };
  return {
    locateTruly,
    mailExchangerGroups,
    mailExchangers: (domain) => mailExchangerGroups(domain).flat(),
    locate(host, port) {
      const found = inTheWay.findLast((one) => one.host === normal(host) && one.port === port);
      return found?.endpoint ?? locateTruly(host, port);
    },
    setHost(host, port, endpoint) {
      const ports = hosts.get(normal(host)) ?? new Map<number, Endpoint>();
      hosts.set(normal(host), ports.set(port, endpoint));
    },
    removeHost: (host) => void hosts.delete(normal(host)),
    setMailExchangers(domain, given) {
      const ordered = given
        .map(({ host, preference }) => ({ host: normal(host), preference }))
        .sort((a, b) => a.preference - b.preference || (a.host < b.host ? -1 : 1));
      const preferences = [...new Set(ordered.map(({ preference }) => preference))];
      const groups = preferences.map((preference) =>
        ordered.flatMap((exchanger) => (exchanger.preference === preference ? [exchanger.host] : [])),
      );
      if (groups.length === 0) exchangers.delete(normal(domain));
      else exchangers.set(normal(domain), groups);
    },
    intercept(host, port, endpoint) {
      const added = { host: normal(host), port, endpoint };
      inTheWay.push(added);
      return () => {
        inTheWay = inTheWay.filter((one) => one !== added);
      };
    },
  };
}

const normal = (name: string): string => name.replace(/^\[|\]$|\.$/g, "").toLowerCase();

/** A host that is named by its address; an address that is nobody's is taken at its word. */
function locateAddress(
  hosts: ReadonlyMap<string, ReadonlyMap<number, Endpoint>>,
  address: string,
  port: number,
): Endpoint {
  for (const ports of hosts.values()) {
    const endpoint = ports.get(port);
    if (endpoint?.address === address) return endpoint;
  }
  return { address, port };
}
