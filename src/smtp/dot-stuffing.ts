/**
 * Content as DATA carries it: leading dots doubled, the final dot in place. A bare CR or LF becomes CRLF: whatever
 * the receiver takes for a line end, it finds no end of data that is not ours. Source: RFC 5321 §4.5.2, §2.3.8.
 */
export function dotStuffed(content: Buffer): Buffer {
  const lines = content
    .toString("latin1")
    .replace(/\r\n|\r|\n/g, "\r\n")
    .replace(/(^|\r\n)\./g, "$1..");
  return Buffer.from(`${lines}${lines === "" || lines.endsWith("\r\n") ? "" : "\r\n"}.\r\n`, "latin1");
}
