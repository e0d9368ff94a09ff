import type { Endpoint } from "../smtp/index.ts";

/** The ports that things are found at, whatever this machine made of them. */
export const smtpPort = 25;
/** Where EdgeSync reaches an Edge server. Source: [bb232180], AdamSslPort. */
export const edgeSyncPort = 50_636;

/** What any server asks of the network: where a name is, and who takes the mail of a domain. */
export interface Names {
  /**
   * Where port `port` of `host` really is, for on some machines it is another one. A host is a name, or an address with
   * or without brackets; case does not matter. Undefined: no such host, or nothing of the lab at that port.
   */
  locate(host: string, port: number): Endpoint | undefined;
  /**
   * The hosts that take a domain's mail: lowest preference first, equals by name. A host without a record takes its own.
   * Empty: the domain does not exist. Source: RFC 5321 §5.1.
   */
  mailExchangers(domain: string): readonly string[];
  /** The same, those of equal preference together: a sender spreads its load over equals. Source: RFC 5321 §5.1. */
  mailExchangerGroups(domain: string): readonly (readonly string[])[];
}
