/** The properties of one object that `Format-List` printed, by their names in lower case. */
export type ListedRecord = ReadonlyMap<string, string>;

/** `Name : value`; the console pads the name, so that there is a blank before the colon. */
const property = /^([A-Za-z]\w*)\s+:(?:\s+(.*))?$/;
/** As people write it who type a listing: taken for the names alone that matter. */
const typedProperty =
  /^(thumbprint|subject|issuer|services|status|notbefore|notafter|certificatedomains|hasprivatekey|isselfsigned):\s*(.*)$/i;

/**
 * Takes the printed objects out of a text: what else is in it, prompts and remarks, is passed over. A long value goes on
 * in the lines below it, cut at the window's edge; a property that comes again begins the next object.
 */
export function readRecords(text: string): readonly ListedRecord[] {
  const records: Map<string, string>[] = [];
  let record: Map<string, string> | undefined;
  let open: string | undefined;
  for (const line of plainLines(text)) {
    const [, name, value = ""] = property.exec(line) ?? typedProperty.exec(line) ?? [];
    if (name !== undefined) {
      open = name.toLowerCase();
      if (!record || record.has(open)) {
        record = new Map();
        records.push(record);
      }
      record.set(open, value.trim());
    } else if (record && open !== undefined) {
      const before = record.get(open) ?? "";
      if (endsValue(line, before)) open = undefined;
      else record.set(open, joined(before, line));
    }
  }
  return records;
}

/** Without what mail programs and web pages add: quotation marks, blanks of other kinds, marks for writing directions. */
const plainLines = (text: string): string[] =>
  text
    .replaceAll(/[\u00a0\u2007\u202f\u3000\t]/g, " ")
    .replaceAll(/[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\0]/g, "")
    .split(/\r\n|\r|\n|\u2028|\u2029/)
    .map((line) => line.replace(/^[\s>|]+/, "").trimEnd());

/** An empty line ends a value, but not a list that is still open: web pages put empty lines between all. */
const endsValue = (line: string, before: string): boolean =>
  /^(\[PS\]|PS\s)/.test(line) || (line === "" && !(before.startsWith("{") && !before.endsWith("}")));

/** Where a line ended with a comma, a blank was the place to cut it; elsewhere the console cuts within words. */
const joined = (before: string, line: string): string => before + (before.endsWith(",") ? " " : "") + line.trim();
