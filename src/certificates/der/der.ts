/** One element of DER: its tag byte, what it holds, and all of it. */
export interface DerElement {
  tag: number;
  content: Uint8Array;
  whole: Uint8Array;
}

/** The tags that X.509 is made of here. */
export const derTags = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectIdentifier: 0x06,
  sequence: 0x30,
  set: 0x31,
  utcTime: 0x17,
  /** `[0]` and `[3]` of a certificate: its version and its extensions. */
  context0: 0xa0,
  context3: 0xa3,
  /** `[2]` of a name: DNS. */
  contextBytes2: 0x82,
} as const;

/** The elements that lie one behind the other in `der`. Throws on anything else; lengths never reach beyond the end. */
export function readElements(der: Uint8Array): readonly DerElement[] {
  const elements: DerElement[] = [];
  for (let at = 0; at < der.length;) {
    const { tag, begin, end } = headerAt(der, at);
    elements.push({ tag, content: der.subarray(begin, end), whole: der.subarray(at, end) });
    at = end;
  }
  return elements;
}

function headerAt(der: Uint8Array, at: number): { tag: number; begin: number; end: number } {
  const tag = der[at] ?? 0;
  const first = der[at + 1];
  // X.509 uses no tag of more than one byte, and DER no indefinite length.
  if (first === undefined || (tag & 0x1f) === 0x1f || first === 0x80 || first > 0x84) throw notDer(at);
  const lengthBytes = first > 0x80 ? der.subarray(at + 2, at + 2 + (first & 0x7f)) : Uint8Array.of(first);
  const begin = at + 2 + (first > 0x80 ? first & 0x7f : 0);
  const end = begin + lengthBytes.reduce((length, byte) => length * 256 + byte, 0);
  if (end > der.length) throw notDer(at);
  return { tag, begin, end };
}

/** The content of the only element in `der`, which must have that tag. Throws where it is anything else. */
export function readOne(der: Uint8Array, tag: number): Uint8Array {
  const [element, ...more] = readElements(der);
  if (element?.tag !== tag || more.length > 0) throw notDer(0);
  return element.content;
}

/** What a sequence, or another constructed element, holds; throws where it is none. */
export const readSequence = (der: Uint8Array): readonly DerElement[] => readElements(readOne(der, derTags.sequence));

/** `2.5.29.19`. Throws where it is no object identifier, or nothing at all. */
export function readObjectIdentifier(element: DerElement | undefined): string {
  if (element?.tag !== derTags.objectIdentifier) throw new Error("an object identifier is missing");
  const arcs: bigint[] = [];
  let arc = 0n;
  for (const byte of element.content) {
    arc = arc * 128n + BigInt(byte & 0x7f);
    if (byte & 0x80) continue;
    arcs.push(arc);
    arc = 0n;
  }
  const [first = 0n, ...rest] = arcs;
  const root = first < 80n ? first / 40n : 2n;
  return [root, first - root * 40n, ...rest].join(".");
}

/** A whole number that is not negative and not absurdly large. Throws for any other. */
export function readSmallInteger(content: Uint8Array): number {
  if (content.length === 0 || content.length > 4 || (content[0] ?? 0) > 0x7f) throw new Error("a number out of range");
  return content.reduce((value, byte) => value * 256 + byte, 0);
}

const notDer = (at: number): Error => new Error(`not DER at byte ${at}`);
