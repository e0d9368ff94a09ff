import { commonParametersOf, type ParameterSpec, type ParameterSpecs } from "../../commands/index.ts";
import { commandNamed, isLanguage, type ShellState } from "../run/state.ts";
import { propertiesOf } from "../run/values.ts";
import { knownNames } from "./known-names.ts";
import { knownProperties } from "./known-properties.ts";
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
  if (word.quote === "" && word.text.startsWith("$")) return variablesFor(word, state);
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
  if (isLanguage(command) && command.takesInput && /Property$|^GroupBy$/.test(parameter))
    return knownProperties(word.piped, state);
  return [...valuesOf(spec), ...(await knownNames(`${command.noun}:${parameter}`, state))];
}

const commandNames = ({ commands: { cmdlets, language } }: ShellState): string[] =>
  [
    ...cmdlets.map(({ name }) => name),
    ...language.flatMap(({ name, aliases }) => [name, ...aliases.filter((alias) => /\w/.test(alias))]),
  ].toSorted();

async function variablesFor({ text, block }: TypedWord, state: ShellState): Promise<string[]> {
  const { variables: held } = state;
  const [, owner] = /^\$(\w+)\.\w*$/.exec(text) ?? [];
  if (owner !== undefined) {
    const known = owner === "_" ? await knownProperties(block, state) : propertiesOf(held.get(owner.toLowerCase()));
    return known.map((name) => `$${owner}.${name}`);
  }
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

/** As it must be typed: in the quotes that were begun, or in new ones where it has blanks. */
function written(candidate: string, { quote }: TypedWord): string {
  if (quote !== "") return `${quote}${candidate}${quote}`;
  return /[\s'"(){},;|&`]/.test(candidate) ? `'${candidate.replaceAll("'", "''")}'` : candidate;
}
