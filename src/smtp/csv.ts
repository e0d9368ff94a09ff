/** Anything but plain ASCII text that needs no quotes: one cheap test settles nearly every field of a log. */
const remarkable = /[^ !#-+\--~]/;

/** Characters that would break a row, or the terminal it is shown on: controls, line separators, lone surrogates. */
const breaking = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/gu;

/**
 * Text in which nothing can end a line: each control character becomes its code in angle brackets, `<0x0D>`.
 * Ours: Exchange writes what it replaces in angle brackets too (`<Binary Data>`).
 */
export const visibleText = (text: string): string =>
  remarkable.test(text) ? text.replace(breaking, (found) => `<0x${codeOf(found)}>`) : text;

const codeOf = (character: string): string => character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0");

/**
 * One field of a CSV row: quoted when it holds a comma (seen in published logs) or a quote, inner quotes doubled
 * (Inferred: RFC 4180 §2); everything else stands as it is, blanks included. Always a part of one line.
 */
export function formatCsvField(text: string): string {
  if (!remarkable.test(text)) return text;
  const line = visibleText(text);
  return /[",]/.test(line) ? `"${line.replaceAll('"', '""')}"` : line;
}

/**
 * The fields of one CSV line. A quote inside an unquoted field is an ordinary character.
 * @returns undefined when a quoted field is not closed, or when text follows its closing quote
 */
export function parseCsvLine(line: string): string[] | undefined {
  const fields: string[] = [];
  for (let from = 0; ;) {
    const field = line[from] === '"' ? quotedField(line, from) : plainField(line, from);
    if (field === undefined) return undefined;
    fields.push(field.text);
    if (field.end === line.length) return fields;
    from = field.end + 1;
  }
}

/** Where a field ends is the offset of its comma, or of the end of the line. */
interface Field {
  text: string;
  end: number;
}

function plainField(line: string, from: number): Field {
  const comma = line.indexOf(",", from);
  const end = comma < 0 ? line.length : comma;
  return { text: line.slice(from, end), end };
}

function quotedField(line: string, from: number): Field | undefined {
  const match = /"((?:[^"]|"")*)"(?=,|$)/y;
  match.lastIndex = from;
  const found = match.exec(line);
  return found ? { text: (found[1] as string).replaceAll('""', '"'), end: match.lastIndex } : undefined;
}
