import { defaultTransportConfig, type TransportConfig } from "../../directory/index.ts";
import type { ServerApi } from "../../lab/index.ts";
import { needDomains } from "./domains.ts";
import { remoteRangeMalformed } from "../connectors/errors-of-connectors.ts";
import { isIpRange } from "../connectors/ip-range.ts";
import type { ParameterSpecs } from "../definition/parameter.ts";

const byMutualTls = (direction: string): string =>
  `Domains ${direction} which mail goes by mutual TLS or not at all; no wildcards`;

/** What `Set-TransportConfig` changes and `Get-TransportConfig` shows. Source: [set-transportconfig]. */
export const transportConfigParameters = {
  InternalSMTPServers: {
    type: "stringList",
    nullable: true,
    field: "internalSmtpServers",
    help: "The organization's own SMTP servers: addresses, ranges and networks",
  },
  TLSReceiveDomainSecureList: {
    type: "stringList",
    nullable: true,
    field: "tlsReceiveDomainSecureList",
    help: byMutualTls("from"),
  },
  TLSSendDomainSecureList: {
    type: "stringList",
    nullable: true,
    field: "tlsSendDomainSecureList",
    help: byMutualTls("to"),
  },
} as const satisfies ParameterSpecs;

/** What is set, or the defaults where nothing is. */
export const transportConfigOf = async (server: ServerApi): Promise<TransportConfig> =>
  (await server.configuration("transportConfig"))[0] ?? defaultTransportConfig;

/**
 * Throws COMMAND_DOMAIN_MALFORMED, COMMAND_CONNECTOR_RANGE_MALFORMED.
 * Source: [set-transportconfig], SMTP domains without wildcards; addresses and ranges.
 */
export function checkTransportConfig(config: TransportConfig): void {
  needDomains("TLSReceiveDomainSecureList", config.tlsReceiveDomainSecureList);
  needDomains("TLSSendDomainSecureList", config.tlsSendDomainSecureList);
  for (const range of config.internalSmtpServers)
    if (!isIpRange(range)) throw remoteRangeMalformed("InternalSMTPServers", range);
}
