import { generateKeyPairSync } from "node:crypto";
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
  usage?: "serverAuth" | "clientAuth" | null;
  authority?: boolean;
}

export interface MadeCertificate {
  certificate: StoredCertificate;
  pem: string;
  keyPair: KeyPair;
}

/** Makes a real certificate, self-signed or signed by `issuer`, as a store would hold it: enabled for SMTP, with its key. */
export async function makeCertificate(spec: CertificateSpec = {}, issuer?: MadeCertificate): Promise<MadeCertificate> {
  const { commonName = "EX1", names = ["EX1", "ex1.contoso.com"], from = "2008-01-01", to = "2009-01-01" } = spec;
  const keyPair = makeKeyPair(spec.keyBits);
  const usage = spec.usage === undefined ? "serverAuth" : spec.usage;
  const { cert } = await generate([{ name: "commonName", value: commonName }], {
    algorithm: "sha256",
    keyType: spec.keyBits ? "rsa" : "ec",
    keyPair: { privateKey: keyPair.privateKeyPem, publicKey: keyPair.publicKeyPem },
    notBeforeDate: new Date(from),
    notAfterDate: new Date(to),
    ...(issuer && { ca: { key: issuer.keyPair.privateKeyPem, cert: issuer.pem } }),
    extensions: [
      { name: "basicConstraints", cA: spec.authority ?? false, critical: true },
      ...(usage === null ? [] : [{ name: "extKeyUsage", [usage]: true } as const]),
      { name: "subjectAltName", altNames: names.map((value) => ({ type: 2 as const, value })) },
    ],
  });
  const certificate: StoredCertificate = {
    ...parseCertificate(cert),
    services: ["SMTP"],
    hasPrivateKey: true,
    privateKeyExportable: false,
    friendlyName: "Microsoft Exchange",
    rootCaType: "None",
  };
  return { certificate, pem: cert, keyPair };
}
