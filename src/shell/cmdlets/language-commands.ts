import { convertToJson } from "./convert-to-json.ts";
import type { LanguageCommand } from "./define-command.ts";
import { enterSession } from "./enter-session.ts";
import { forEachObject } from "./for-each-object.ts";
import { formatListCommand } from "./format-list.ts";
import { formatTableCommand } from "./format-table.ts";
import { formatWideCommand } from "./format-wide.ts";
import { getCommand } from "./get-command.ts";
import { getDate } from "./get-date.ts";
import { getHelp } from "./get-help.ts";
import { getMember } from "./get-member.ts";
import { getVariable } from "./get-variable.ts";
import { groupObject } from "./group-object.ts";
import { measureObject } from "./measure-object.ts";
import { newTimeSpan } from "./new-time-span.ts";
import { outNull, writeOutput } from "./output.ts";
import { outString } from "./out-string.ts";
import { convertToSecureString, getCredential, readHost } from "./secure-strings.ts";
import { selectObject } from "./select-object.ts";
import { sortObject } from "./sort-object.ts";
import { whereObject } from "./where-object.ts";
import { writeHost } from "./write-host.ts";

/** The commands that the shell has of its own, whatever server it is on. */
export const languageCommands: readonly LanguageCommand[] = [
  convertToJson,
  convertToSecureString,
  enterSession,
  forEachObject,
  formatListCommand,
  formatTableCommand,
  formatWideCommand,
  getCommand,
  getCredential,
  getDate,
  getHelp,
  getMember,
  getVariable,
  groupObject,
  measureObject,
  newTimeSpan,
  outNull,
  outString,
  readHost,
  selectObject,
  sortObject,
  whereObject,
  writeHost,
  writeOutput,
];
