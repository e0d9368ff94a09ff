/** DER being written: each function gives one whole element. */
type Der = Uint8Array;

/** One element: its tag byte, and what it holds, one part behind the other. */
export function element(tag: number, ...content: readonly Uint8Array[]): Der {
  const body = Buffer.concat(content);
  return Buffer.concat([Buffer.of(tag, ...lengthOf(body.length)), body]);
}

/** The shortest form, as DER wants it. */
function lengthOf(length: number): readonly number[] {
  if (length < 0x80) return [length];
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return [0x80 | bytes.length, ...bytes];
}

export const sequence = (...content: readonly Uint8Array[]): Der => element(0x30, ...content);

/** SET OF: DER wants its members in order. */
export const setOf = (...members: readonly Uint8Array[]): Der =>
  element(0x31, ...members.toSorted((one, other) => Buffer.compare(one, other)));

/** `[n]`, constructed. */
export const context = (number: number, ...content: readonly Uint8Array[]): Der => element(0xa0 | number, ...content);

/** `[n]` with bytes in it. */
export const contextBytes = (number: number, content: Uint8Array): Der => element(0x80 | number, content);

export const octetString = (content: Uint8Array): Der => element(0x04, content);

/** A BIT STRING without unused bits. */
export const bitString = (content: Uint8Array): Der => element(0x03, Buffer.of(0), content);

export const nothing: Der = Buffer.of(0x05, 0);

export const yes: Der = Buffer.of(0x01, 1, 0xff);

/** From a number, or from big-endian bytes that stand for a positive one. */
export function integer(value: number | Uint8Array): Der {
  const bytes =
    typeof value === "number" ? Buffer.from(value.toString(16).padStart(8, "0"), "hex") : Buffer.from(value);
  const first = bytes.findIndex((byte) => byte !== 0);
  const shortest = first < 0 ? Buffer.of(0) : bytes.subarray(first);
  return element(0x02, ...((shortest[0] as number) > 0x7f ? [Buffer.of(0)] : []), shortest);
}

/** `2.5.29.17`. */
export function objectIdentifier(dotted: string): Der {
  const [root = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  return element(0x06, Buffer.from([root * 40 + second, ...rest].flatMap(base128)));
}

function base128(arc: number): readonly number[] {
  const bytes = [arc % 128];
  for (let rest = Math.floor(arc / 128); rest > 0; rest = Math.floor(rest / 128)) bytes.unshift(0x80 | (rest % 128));
  return bytes;
}

/** PrintableString where its characters allow it, UTF8String otherwise. */
export const text = (value: string): Der =>
  element(/^[A-Za-z0-9 '()+,\-./:=?]*$/.test(value) ? 0x13 : 0x0c, Buffer.from(value, "utf8"));

export const ia5String = (value: string): Der => element(0x16, Buffer.from(value, "latin1"));

/** UTF-16, its high byte first. */
export const bmpString = (value: string): Der => element(0x1e, Buffer.from(value, "utf16le").swap16());

/** UTCTime to 2049, GeneralizedTime from then on. Source: RFC 5280 §4.1.2.5. */
export function time(at: Date): Der {
  const digits = at.toISOString().replaceAll(/[-:T]|\..*/g, "");
  const year = at.getUTCFullYear();
  return year >= 1950 && year < 2050
    ? element(0x17, Buffer.from(`${digits.slice(2)}Z`))
    : element(0x18, Buffer.from(`${digits}Z`));
}
