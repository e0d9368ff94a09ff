/** A permutation of the bytes. Source: RFC 2268 §2. */
const permutation = Buffer.from(
  "d978f9c419ddb5ed28e9fd794aa0d89dc67e37832b76538e624c6488448bfba2" +
    "179a59f587b34f1361456d8d09817d32bd8f40eb86b77b0bf09521225c6b4e82" +
    "54d66593ce60b21c7356c014a78cf1dc1275ca1f3bbee4d1423dd430a33cb626" +
    "6fbf0eda4669075727f21d9bbc944303f811c7f690ef3ee706c3d52fc8661ed7" +
    "08e8eade8052eef784aa72ac354d6a2a961ad2715a1549744b9fd05e0418a4ec" +
    "c2e0416e0f51cbcc2491af50a1f4703999" +
    "7c3a8523b8b47afc02365b25559731" +
    "2d5dfa98e38a92ae05df2910676cbac9d300e6cfe19ea82c6316013f58e289a9" +
    "0d38341bab33ffb0bb480c5fb9b1cd2ec5f3db47e5a59c770aa62068fe7fc1ad",
  "hex",
);

/**
 * Decrypts RC2 in CBC mode, with the padding taken off: of old PKCS #12 files, and of nothing else. OpenSSL has it in its
 * legacy provider only, which Node does not load. Throws where the padding is none, as with another key.
 *
 * @param key as long as it is effective: 5 bytes for RC2-40, 16 for RC2-128
 * Source: RFC 2268.
 */
export function decryptRc2Cbc(key: Uint8Array, iv: Uint8Array, encrypted: Uint8Array): Buffer {
  const words = expand(key);
  const plain = Buffer.from(encrypted);
  if (plain.length === 0 || plain.length % 8 > 0) throw new Error("not whole blocks");
  let previous = iv;
  for (let at = 0; at < plain.length; at += 8) {
    const block = encrypted.subarray(at, at + 8);
    decryptBlock(words, plain.subarray(at, at + 8));
    for (let index = 0; index < 8; index++) plain[at + index] = byteAt(plain, at + index) ^ byteAt(previous, index);
    previous = block;
  }
  const padding = byteAt(plain, plain.length - 1);
  if (padding < 1 || padding > 8 || plain.subarray(-padding).some((byte) => byte !== padding))
    throw new Error("the padding is wrong");
  return plain.subarray(0, -padding);
}

/** RFC 2268 §2, the effective length that of the key. */
function expand(key: Uint8Array): Uint16Array {
  const bytes = new Uint8Array(128);
  bytes.set(key);
  for (let at = key.length; at < 128; at++)
    bytes[at] = byteAt(permutation, (byteAt(bytes, at - 1) + byteAt(bytes, at - key.length)) & 0xff);
  bytes[128 - key.length] = byteAt(permutation, byteAt(bytes, 128 - key.length));
  for (let at = 127 - key.length; at >= 0; at--)
    bytes[at] = byteAt(permutation, byteAt(bytes, at + 1) ^ byteAt(bytes, at + key.length));
  return Uint16Array.from({ length: 64 }, (_, at) => byteAt(bytes, 2 * at) | (byteAt(bytes, 2 * at + 1) << 8));
}

const shifts = [1, 2, 3, 5] as const;

/** RFC 2268 §4, in place: mixing rounds backward, and a mashing round after the fifth and the eleventh. */
function decryptBlock(words: Uint16Array, block: Buffer): void {
  const r = [0, 2, 4, 6].map((at) => block.readUInt16LE(at));
  const word = (at: number): number => r[(at + 4) % 4] ?? 0;
  let next = 63;
  for (let round = 0; round < 16; round++) {
    for (let i = 3; i >= 0; i--) {
      const shift = shifts[i] ?? 0;
      const turned = ((word(i) >> shift) | (word(i) << (16 - shift))) & 0xffff;
      r[i] = (turned - (words[next--] ?? 0) - (word(i - 1) & word(i - 2)) - (~word(i - 1) & word(i - 3))) & 0xffff;
    }
    if (round === 4 || round === 10)
      for (let i = 3; i >= 0; i--) r[i] = (word(i) - (words[word(i - 1) & 63] ?? 0)) & 0xffff;
  }
  for (const [index, value] of r.entries()) block.writeUInt16LE(value, 2 * index);
}

const byteAt = (bytes: Uint8Array, at: number): number => bytes[at] ?? 0;
