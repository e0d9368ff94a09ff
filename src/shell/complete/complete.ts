import { LabError } from "../../base/index.ts";
import { commonParametersOf, type ParameterSpec, type ParameterSpecs } from "../../commands/index.ts";
import { commandNamed, isLanguage, type ShellState } from "../run/state.ts";
import { propertiesOf } from "../run/values.ts";
import type { Completions } from "../shell-session.ts";
import { type TypedWord, wordAt } from "./word-at.ts";

/**
 * What the word at a cursor may become: a command, a parameter, a value that its parameter takes, a variable or a
 * property of what it holds. Thumbprints and server names are asked of the server that the session is on.
 */
export async function complete(source: string, cursor: number, state: ShellState): Promise<Completions> {
  const word = wordAt(source, cursor);
  const found = await candidatesFor(word, state);
  const wanted = word.text.toLowerCase();
  const fits = [...new Set(found)].filter((candidate) => candidate.toLowerCase().startsWith(wanted));
  return { start: word.start, candidates: fits.map((candidate) => written(candidate, word)) };
}

async function candidatesFor(word: TypedWord, state: ShellState): Promise<readonly string[]> {
  const [name, ...before] = word.before;
  if (word.quote === "" && word.text.startsWith("$")) return variables(word.text, state);
  if (name === undefined) return word.quote === "" ? commandNames(state) : [];
  const command = commandNamed(state.commands, name);
  if (!command) return [];
  const parameters = isLanguage(command)
    ? command.parameters
    : { ...command.parameters, ...commonParametersOf(command) };
  if (word.quote === "" && word.text.startsWith("-"))
    return Object.keys(parameters).map((parameter) => `-${parameter}`);
  const [parameter, spec] = parameterBefore(parameters, before) ?? [];
  if (parameter === undefined || spec === undefined) return [];
  return [...valuesOf(spec), ...(await namesFor(`${command.noun}:${parameter}`, state))];
}

const commandNames = ({ commands: { cmdlets, language } }: ShellState): string[] =>
  [
    ...cmdlets.map(({ name }) => name),
    ...language.flatMap(({ name, aliases }) => [name, ...aliases.filter((alias) => /\w/.test(alias))]),
  ].toSorted();

function variables(text: string, { variables: held }: ShellState): string[] {
  const [, owner] = /^\$(\w+)\.\w*$/.exec(text) ?? [];
  if (owner !== undefined) return propertiesOf(held.get(owner.toLowerCase())).map((name) => `$${owner}.${name}`);
  return [...held.keys(), "true", "false", "null"].toSorted().map((name) => `$${name}`);
}

/** The parameter that a value at the end belongs to: the one named before it, else the first position that is free. */
function parameterBefore(parameters: ParameterSpecs, before: readonly string[]): [string, ParameterSpec] | undefined {
  const written = before.map((word) => (word.startsWith("-") ? named(parameters, word.slice(1)) : undefined));
  const last = written.at(-1);
  if (last && last[1].type !== "switch") return last;
  const values = before.filter(
    (word, place) => !word.startsWith("-") && (written[place - 1]?.[1].type ?? "switch") === "switch",
  );
  const taken = new Set(written.map((parameter) => parameter?.[0]));
  const free = Object.entries(parameters).filter(([name, { position }]) => position !== undefined && !taken.has(name));
  return free.toSorted(([, one], [, other]) => (one.position ?? 0) - (other.position ?? 0))[values.length];
}

function named(parameters: ParameterSpecs, written: string): [string, ParameterSpec] | undefined {
  const fits = Object.entries(parameters).filter(([name]) => name.toLowerCase().startsWith(written.toLowerCase()));
  return fits.find(([name]) => name.length === written.length) ?? (fits.length === 1 ? fits[0] : undefined);
}

function valuesOf(spec: ParameterSpec): readonly string[] {
  if (spec.type === "enum" || spec.type === "enumList") return spec.values;
  return spec.type === "boolean" || spec.type === "switch" ? ["$true", "$false"] : [];
}

/** Names that only the lab knows. A server that has no such objects has no names to offer. */
async function namesFor(parameter: string, { server, commands }: ShellState): Promise<readonly string[]> {
  const source = sources.find(([pattern]) => pattern.test(parameter))?.[1];
  if (parameter === "Help:Name" || parameter === "Command:Name")
    return [...commands.cmdlets, ...commands.language].map(({ name }) => name);
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

/** By noun and parameter. */
const sources: readonly [RegExp, (server: Server) => Promise<readonly string[]>][] = [
  [/:Thumbprint$/, async (server) => (await server.exchangeCertificates()).map(({ thumbprint }) => thumbprint)],
  [/^Lab\w+:(?:Authority|Issuer)$|^LabAuthority:Name$/, (server) => namesOf(server.authorities())],
  [/^LabFault:On$/, (server) => namesOf(server.inhabitants())],
  [/^LabRoot:On$/, async (server) => inhabitants(await server.inhabitants(), "server", "host")],
  [/^LabFile:(?:From|To)$/, async (server) => inhabitants(await server.inhabitants(), "server")],
  [/^TransportServer:Identity$|:(?:ComputerName|Server)$/, (server) => namesOf(server.transportServers())],
  [/^ReceiveConnector:Identity$/, async (server) => (await server.receiveConnectors()).map(({ identity }) => identity)],
  [/^Queue:Identity$/, async (server) => (await server.queues()).map(({ identity }) => identity)],
  [/^AdSite:Identity$|:Site$/, (server) => namesOf(server.adSites())],
  [/^EdgeSubscription:Identity$|:TargetServer$/, (server) => namesOf(server.edgeSubscriptions())],
  [/^AcceptedDomain:Identity$/, (server) => namesOf(server.configuration("acceptedDomain"))],
  [/^RemoteDomain:Identity$/, (server) => namesOf(server.configuration("remoteDomain"))],
  [/^SendConnector:Identity$/, (server) => namesOf(server.configuration("sendConnector"))],
  [/^MessageClassification:Identity$/, (server) => namesOf(server.configuration("messageClassification"))],
];

/** As it must be typed: in the quotes that were begun, or in new ones where it has blanks. */
function written(candidate: string, { quote }: TypedWord): string {
  if (quote !== "") return `${quote}${candidate}${quote}`;
  return /[\s'"(){},;|&`]/.test(candidate) ? `'${candidate.replaceAll("'", "''")}'` : candidate;
}
