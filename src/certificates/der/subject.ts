import { malformedSubject } from "../errors.ts";
import { ia5String, objectIdentifier, sequence, setOf, text } from "./der-write.ts";
import { type DerElement, derTags, readElements, readObjectIdentifier, readSequence } from "./der.ts";
import { joinNameParts } from "./distinguished-name.ts";

/** One part of a name: the object identifier of its type, and its value. */
export interface NameAttribute {
  type: string;
  value: string;
}

/** A name in the order in which a certificate has it: the widest part last, as Exchange's are. */
export type SubjectName = readonly NameAttribute[];

interface AttributeType {
  type: string;
  /** In characters. Source: RFC 5280 appendix A.1, upper bounds. */
  most: number;
}

const commonName: AttributeType = { type: "2.5.4.3", most: 64 };
const email: AttributeType = { type: "1.2.840.113549.1.9.1", most: 255 };
const domainComponent: AttributeType = { type: "0.9.2342.19200300.100.1.25", most: 63 };
const country: AttributeType = { type: "2.5.4.6", most: 2 };
const state: AttributeType = { type: "2.5.4.8", most: 128 };

/** What may stand before the equals sign, in any case. Source: [certnametostr], its X.500 strings. */
const types: Readonly<Record<string, AttributeType>> = {
  CN: commonName,
  OU: { type: "2.5.4.11", most: 64 },
  O: { type: "2.5.4.10", most: 64 },
  L: { type: "2.5.4.7", most: 128 },
  S: state,
  ST: state,
  C: country,
  DC: domainComponent,
  E: email,
  STREET: { type: "2.5.4.9", most: 128 },
  T: { type: "2.5.4.12", most: 64 },
  G: { type: "2.5.4.42", most: 32768 },
  SN: { type: "2.5.4.4", most: 32768 },
  SERIALNUMBER: { type: "2.5.4.5", most: 64 },
};

const isIa5 = ({ type }: NameAttribute): boolean => type === email.type || type === domainComponent.type;

/** The name that has only a common name. */
export const justCommonName = (value: string): SubjectName => [{ type: commonName.type, value }];

/** Its common name; of several the first one written is last here, and the most specific. */
export const commonNameIn = (subject: SubjectName): string | undefined =>
  subject.find(({ type }) => type === commonName.type)?.value;

/**
 * Reads a name as people write it: `c=US,o=Contoso,cn=mail.contoso.com`. Values with special characters stand in double
 * quotes, a double quote in them is written twice. Throws CERT_SUBJECT_MALFORMED; a name needs a CN here.
 *
 * Source: [x500distinguishedname], by whose constructor the last part written is the first in the certificate, and
 * `Subject` is printed again as it was written. Ours: no part has several values (`+`).
 */
export function parseSubject(written: string): SubjectName {
  const parts = partsOf(written);
  if (!parts) throw malformedSubject(written, "it cannot be taken apart");
  const subject = parts.map((part) => readPart(part, written)).reverse();
  if (commonNameIn(subject) === undefined) throw malformedSubject(written, "it has no CN");
  return subject;
}

const part = /\s*([A-Za-z][A-Za-z0-9.]*|\d+(?:\.\d+)+)\s*=\s*(?:"((?:[^"]|"")*)"|([^",;+="<>#\r\n]*))\s*(?:[,;]|$)/y;

interface WrittenPart {
  type: string;
  value: string;
}

/** Undefined where something in between belongs to no part. */
function partsOf(written: string): readonly WrittenPart[] | undefined {
  const parts: WrittenPart[] = [];
  const reading = new RegExp(part); // with a place of its own
  while (reading.lastIndex < written.length) {
    const [, type = "", quoted, plain = ""] = reading.exec(written) ?? [];
    if (type === "") return undefined;
    parts.push({ type, value: quoted?.replaceAll('""', '"') ?? plain.trim() });
  }
  return /[,;]\s*$/.test(written) ? undefined : parts;
}

function readPart({ type, value }: WrittenPart, written: string): NameAttribute {
  const known = types[type.toUpperCase()];
  if (!known) {
    const dotted = type.replace(/^oid\./i, "");
    if (!/^[012](?:\.\d+)+$/.test(dotted))
      throw malformedSubject(written, `"${type}" is none of ${Object.keys(types).join(", ")}`);
    return { type: dotted, value };
  }
  const attribute = { type: known.type, value };
  if (value === "" || value.length > known.most || /\p{Cc}/u.test(value))
    throw malformedSubject(written, `the value of ${type} is not 1 to ${known.most} characters`);
  if (known === country && !/^[A-Za-z]{2}$/.test(value))
    throw malformedSubject(written, `"${value}" is no country of two letters`);
  if (isIa5(attribute) && !/^[\x20-\x7e]+$/.test(value))
    throw malformedSubject(written, `the value of ${type} has characters other than ASCII`);
  return attribute;
}

/** A value as DER, its string type chosen for it. */
export const encodeNameValue = (attribute: NameAttribute): Uint8Array =>
  isIa5(attribute) ? ia5String(attribute.value) : text(attribute.value);

/** The whole name as DER. */
export const encodeSubject = (subject: SubjectName): Uint8Array =>
  sequence(
    ...subject.map((attribute) => setOf(sequence(objectIdentifier(attribute.type), encodeNameValue(attribute)))),
  );

/** Reads the DER of a name. Throws where it is none; of strings that are not known, the bytes are taken for UTF-8. */
export const decodeSubject = (der: Uint8Array): SubjectName =>
  readSequence(der).flatMap(({ content: parts }) =>
    readElements(parts).map(({ whole }) => {
      const [type, value] = readSequence(whole);
      if (type?.tag !== derTags.objectIdentifier || !value) throw new Error("a name cannot be read");
      return { type: readObjectIdentifier(type), value: decodeString(value) };
    }),
  );

/** BMPString is UTF-16; all others are read as UTF-8, of which ASCII is a part. */
const decodeString = ({ tag, content }: DerElement): string =>
  tag === 0x1e ? Buffer.from(content).swap16().toString("utf16le") : Buffer.from(content).toString("utf8");

/** As Windows prints it. Source: [certnametostr]; a type that has no word stands as `OID.…`. */
export const formatSubject = (subject: SubjectName): string =>
  joinNameParts(subject.map(({ type, value }) => ({ type: wordFor(type), value })));

const wordFor = (wanted: string): string =>
  Object.keys(types).find((word) => types[word]?.type === wanted) ?? `OID.${wanted}`;

/** A certificate's name byte by byte: `version, serial, algorithm, issuer, validity, subject`. */
export function encodedSubjectOf({ der }: { der: Uint8Array }): Uint8Array {
  const [signedPart] = readSequence(der);
  const fields = readElements(signedPart?.content ?? new Uint8Array()).filter(({ tag }) => tag !== derTags.context0);
  const subject = fields[4];
  if (!subject) throw new Error("A certificate has a subject");
  return subject.whole;
}

/** The name of a certificate, to make another one like it. */
export const subjectOf = (certificate: { der: Uint8Array }): SubjectName =>
  decodeSubject(encodedSubjectOf(certificate));
