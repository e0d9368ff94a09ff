import { generateKeyPairSync, sign } from "node:crypto";
import { generate } from "selfsigned";
import type { StoredCertificate } from "../../../src/certificates/index.ts";
import { type KeyPair, parseCertificate } from "../../../src/certificates/index.ts";

/** A key pair at once, for tests; `bits` makes it RSA. */
export function makeKeyPair(bits?: number): KeyPair {
  const publicKeyEncoding = { type: "spki", format: "pem" } as const;
  const privateKeyEncoding = { type: "pkcs8", format: "pem" } as const;
  const { privateKey, publicKey } = bits
    ? generateKeyPairSync("rsa", { modulusLength: bits, publicKeyEncoding, privateKeyEncoding })
    : generateKeyPairSync("ec", { namedCurve: "P-256", publicKeyEncoding, privateKeyEncoding });
  return { kind: bits ? "RSA" : "P-256", privateKeyPem: privateKey, publicKeyPem: publicKey };
}

/** A certificate to make for a test, in the words of the case files. */
export interface CertificateSpec {
  commonName?: string;
  names?: readonly string[];
  from?: string;
  to?: string;
  keyBits?: number;
  /** `serverAuth` by default; null leaves the extension out. */
  usage?: "serverAuth" | "clientAuth" | "emailProtection" | null;
  /** Left out by default. */
  keyUsage?: readonly ("digitalSignature" | "keyEncipherment" | "keyCertSign" | "cRLSign" | "dataEncipherment")[];
  authority?: boolean;
  pathLength?: number;
  /** Gives it a critical extension that nobody here understands. */
  unknownExtension?: boolean;
}

export interface MadeCertificate {
  certificate: StoredCertificate;
  pem: string;
  keyPair: KeyPair;
}

/**
 * Makes a real certificate, self-signed or signed by `issuer`, as a store would hold it: enabled for SMTP, with its key.
 *
 * @param keyPair undefined: a new one
 */
export async function makeCertificate(
  spec: CertificateSpec = {},
  issuer?: MadeCertificate,
  keyPair: KeyPair = makeKeyPair(spec.keyBits),
): Promise<MadeCertificate> {
  const { commonName = "EX1", names = ["EX1", "ex1.contoso.com"], from = "2008-01-01", to = "2009-01-01" } = spec;
  const { keyUsage, pathLength } = spec;
  const usage = spec.usage === undefined ? "serverAuth" : spec.usage;
  const { cert } = await generate([{ name: "commonName", value: commonName }], {
    algorithm: "sha256",
    keyType: keyPair.kind === "RSA" ? "rsa" : "ec",
    keyPair: { privateKey: keyPair.privateKeyPem, publicKey: keyPair.publicKeyPem },
    notBeforeDate: new Date(from),
    notAfterDate: new Date(to),
    ...(issuer && { ca: { key: issuer.keyPair.privateKeyPem, cert: issuer.pem } }),
    extensions: [
      {
        name: "basicConstraints",
        cA: spec.authority ?? false,
        critical: true,
        ...(pathLength !== undefined && { pathLenConstraint: pathLength }),
      },
      ...(keyUsage
        ? [{ name: "keyUsage", critical: true, ...Object.fromEntries(keyUsage.map((one) => [one, true])) } as const]
        : []),
      ...(usage === null ? [] : [{ name: "extKeyUsage", [usage]: true } as const]),
      {
        name: "subjectAltName",
        altNames: names.map((value) => ({ type: 2 as const, value })),
        critical: spec.unknownExtension ?? false,
      },
    ],
  });
  const pem = spec.unknownExtension ? withUnknownExtension(cert, (issuer?.keyPair ?? keyPair).privateKeyPem) : cert;
  const certificate: StoredCertificate = {
    ...parseCertificate(pem),
    chain: [],
    services: ["SMTP"],
    hasPrivateKey: true,
    privateKeyExportable: false,
    friendlyName: "Microsoft Exchange",
    rootCaType: "None",
  };
  return { certificate, pem: `${pem.trimEnd()}\n`, keyPair };
}

/** An authority, which may sign and nothing else. */
export const makeAuthority = (
  commonName: string,
  issuer?: MadeCertificate,
  spec: CertificateSpec = {},
  keyPair?: KeyPair,
): Promise<MadeCertificate> =>
  makeCertificate(
    { commonName, names: [], authority: true, usage: null, from: "2000-01-01", to: "2030-01-01", ...spec },
    issuer,
    keyPair,
  );

/** The certificate with its alternative names turned into an extension of nobody (2.5.29.99), and signed anew. */
const withUnknownExtension = (pem: string, privateKeyPem: string): string => {
  const der = Buffer.from(pem.replaceAll(/-----[^-]+-----|\s/g, ""), "base64");
  return signAnew(replaced(der, Buffer.from("0603551d11", "hex"), Buffer.from("0603551d63", "hex")), privateKeyPem);
};

/** The same bytes with the first occurrence of some replaced by others, as many. */
export function replaced(der: Buffer, old: Buffer, put: Buffer): Buffer {
  const at = der.indexOf(old);
  if (at < 0 || old.length !== put.length) throw new Error(`${old.toString("hex")} cannot be replaced`);
  return Buffer.concat([der.subarray(0, at), put, der.subarray(at + old.length)]);
}

/** A certificate whose signed part was changed, with a signature that fits again; PEM. */
export function signAnew(der: Buffer, privateKeyPem: string): string {
  const signedPart = elementAt(der, contentOf(der, 0));
  const algorithm = elementAt(der, contentOf(der, 0) + signedPart.length);
  const signature = sign("sha256", signedPart, privateKeyPem);
  const content = [signedPart, algorithm, derElement(0x03, Buffer.concat([Buffer.of(0), signature]))];
  const lines = derElement(0x30, Buffer.concat(content))
    .toString("base64")
    .match(/.{1,64}/g);
  return `-----BEGIN CERTIFICATE-----\n${lines?.join("\n")}\n-----END CERTIFICATE-----\n`;
}

const lengthBytes = (der: Buffer, at: number): number => ((der[at + 1] ?? 0) > 0x80 ? (der[at + 1] ?? 0) & 0x7f : 0);
const contentOf = (der: Buffer, at: number): number => at + 2 + lengthBytes(der, at);

function elementAt(der: Buffer, at: number): Buffer {
  const more = lengthBytes(der, at);
  const length = more === 0 ? (der[at + 1] ?? 0) : der.readUIntBE(at + 2, more);
  return der.subarray(at, contentOf(der, at) + length);
}

/** One DER element. */
export function derElement(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const long = [...Buffer.from(length.toString(16).padStart(length > 255 ? 4 : 2, "0"), "hex")];
  return Buffer.concat([Buffer.from(length < 128 ? [tag, length] : [tag, 0x80 + long.length, ...long]), content]);
}
