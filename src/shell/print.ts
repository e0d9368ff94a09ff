import type { Argument, Command, Element, Pipeline, Value } from "./parse.ts";

/** A pipeline as a line that `parse` reads back to the same commands. */
export const printPipeline = (pipeline: Pipeline): string => pipeline.map(printCommand).join(" | ");

const printCommand = (command: Command): string =>
  [printText(command.name), ...command.arguments.map(printArgument)].join(" ");

function printArgument(argument: Argument): string {
  if (argument.kind === "value") return printValue(argument.value);
  return argument.value ? `-${argument.name}:${printValue(argument.value)}` : `-${argument.name}`;
}

/** A value as it would be typed. */
export const printValue = (value: Value): string =>
  value.kind === "list" ? value.items.map(printElement).join(",") : printElement(value);

const printElement = (element: Element): string =>
  element.kind === "text" ? printText(element.text) : `$${String(element.value)}`;

/** Bare where nothing in it can be mistaken, else in single quotes. */
const printText = (text: string): string =>
  /^[A-Za-z0-9\\*/.:_][A-Za-z0-9\\*/.:_@+-]*$/.test(text)
    ? text
    : `'${text.replace(/['\u2018\u2019\u201a\u201b]/g, "$&$&")}'`;
