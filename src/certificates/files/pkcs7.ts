import { context, element, integer, objectIdentifier, sequence } from "../der/der-write.ts";
import { readElements, readObjectIdentifier, readSequence } from "../der/der.ts";

const data = "1.2.840.113549.1.7.1";
const signedData = "1.2.840.113549.1.7.2";

/** A PKCS #7 that holds certificates and no more, as authorities answer with; DER. Source: RFC 5652 §5.1, signed by nobody. */
export const formatPkcs7 = (certificates: readonly Uint8Array[]): Uint8Array =>
  sequence(
    objectIdentifier(signedData),
    context(
      0,
      sequence(integer(1), element(0x31), sequence(objectIdentifier(data)), context(0, ...certificates), element(0x31)),
    ),
  );

/** The certificates in a PKCS #7, DER each, in the order of the file; undefined where the bytes are none. */
export function parsePkcs7(der: Uint8Array): readonly Uint8Array[] | undefined {
  try {
    const [type, content] = readSequence(der);
    if (!type || !content || readObjectIdentifier(type) !== signedData) return undefined;
    const certificates = readSequence(content.content).find(({ tag }) => tag === 0xa0);
    return certificates ? readElements(certificates.content).map(({ whole }) => whole) : [];
  } catch {
    return undefined;
  }
}
