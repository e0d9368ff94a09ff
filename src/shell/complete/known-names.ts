import { LabError } from "../../base/index.ts";
import { topics } from "../cmdlets/about.ts";
import type { ShellState } from "../run/state.ts";

/**
 * Names of what there is that a parameter may name: of commands, of variables, or of what only the lab knows. A server that
 * has no such objects has no names to offer.
 *
 * @param parameter with its command's noun: `Queue:Identity`
 */
export async function knownNames(
  parameter: string,
  { server, commands, variables }: ShellState,
): Promise<readonly string[]> {
  const source = sources.find(([pattern]) => pattern.test(parameter))?.[1];
  const names = [...commands.cmdlets, ...commands.language].map(({ name }) => name);
  if (parameter === "Help:Name") return [...names, ...topics.map(({ name }) => name)];
  if (parameter === "Command:Name") return names;
  if (parameter === "Variable:Name") return [...variables.keys()];
  try {
    return (await source?.(server)) ?? [];
  } catch (failure) {
    if (failure instanceof LabError) return [];
    throw failure;
  }
}

type Server = ShellState["server"];
type Inhabitants = Awaited<ReturnType<Server["inhabitants"]>>;
const inhabitants = (all: Inhabitants, ...kinds: readonly Inhabitants[number]["kind"][]): string[] =>
  all.filter(({ kind }) => kinds.includes(kind)).map(({ name }) => name);
const namesOf = async (objects: Promise<readonly { name: string }[]>): Promise<string[]> =>
  (await objects).map(({ name }) => name);

const receiveConnectors = async (server: Server): Promise<string[]> =>
  (await server.receiveConnectors()).map(({ identity }) => identity);

/** To what a certificate can be presented: this server's connectors, and the servers that it knows. */
const explained = async (server: Server): Promise<string[]> => [
  ...(await receiveConnectors(server)).filter((identity) => identity.startsWith(`${server.name}\\`)),
  ...(await namesOf(server.configuration("sendConnector"))),
  ...(await namesOf(server.transportServers())),
  ...(await namesOf(server.edgeSubscriptions())),
];

/** The organization's domains, and the names in this server's certificates. */
const domainNames = async (server: Server): Promise<string[]> => [
  ...(await server.configuration("acceptedDomain")).map(({ domainName }) => domainName),
  ...(await server.exchangeCertificates()).flatMap(({ certificateDomains }) => certificateDomains),
];

/** By noun and parameter. */
const sources: readonly [RegExp, (server: Server) => Promise<readonly string[]>][] = [
  [/:Thumbprint$/, async (server) => (await server.exchangeCertificates()).map(({ thumbprint }) => thumbprint)],
  [/^Lab\w+:(?:Authority|Issuer)$|^LabAuthority:Name$/, (server) => namesOf(server.authorities())],
  [/^LabFault:On$/, (server) => namesOf(server.inhabitants())],
  [/^LabRoot:On$/, async (server) => inhabitants(await server.inhabitants(), "server", "host")],
  [/^LabFile:(?:From|To)$/, async (server) => inhabitants(await server.inhabitants(), "server")],
  [
    /:(?:ComputerName|Server|SourceTransportServers)$/,
    async (server) => inhabitants(await server.inhabitants(), "server"),
  ],
  [/^TransportServer:Identity$/, (server) => namesOf(server.transportServers())],
  [/^ReceiveConnector:Identity$/, receiveConnectors],
  [/^ExchangeCertificate:Explain$/, explained],
  [/^(?:ExchangeCertificate|AcceptedDomain):DomainName$/, domainNames],
  [/^Queue:Identity$/, async (server) => (await server.queues()).map(({ identity }) => identity)],
  [/^AdSite:Identity$|:Site$/, (server) => namesOf(server.adSites())],
  [/^EdgeSubscription:Identity$|:TargetServer$/, (server) => namesOf(server.edgeSubscriptions())],
  [/^AcceptedDomain:Identity$/, (server) => namesOf(server.configuration("acceptedDomain"))],
  [/^RemoteDomain:Identity$/, (server) => namesOf(server.configuration("remoteDomain"))],
  [/^SendConnector:Identity$/, (server) => namesOf(server.configuration("sendConnector"))],
  [/^MessageClassification:Identity$/, (server) => namesOf(server.configuration("messageClassification"))],
];
