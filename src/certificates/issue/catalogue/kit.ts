import { generateKeyPair } from "node:crypto";
import { promisify } from "node:util";
import type { Certificate } from "../../certificate.ts";
import { serverAuthentication } from "../../judge/path-rules.ts";
import type { Revocations } from "../../judge/revocation.ts";
import type { KeyPems, KeySource } from "../../keys.ts";
import type { Authority } from "../authority.ts";
import { yearFrom } from "../issue.ts";
import { type Blueprint, buildFromBlueprint } from "./blueprint.ts";

/** A certificate that was made as asked for. */
export interface MintedCertificate {
  certificate: Certificate;
  /** Undefined: its private key is nowhere to be found. */
  keyPair: KeyPems | undefined;
  /** What is presented with it: the authorities above it, its issuer first, without the root. */
  chain: readonly Certificate[];
  /** Others that lie in the store beside it. */
  beside: readonly MintedCertificate[];
}

/** For whom a certificate is made, and with what. */
export interface MintModules {
  /** DNS names, the first is the common name. */
  names: readonly string[];
  /** Lab time. */
  at: Date;
  keys: KeySource;
  revocations: Revocations;
  /** Who issues it; undefined: it signs itself. */
  issuer: Authority | undefined;
}

type OddKey = "RSA-768" | "P-384" | "Ed25519";

/** What the entries of the catalogue are made with. */
export interface Kit {
  at: Date;
  names: readonly string[];
  /** The first of them: whom the certificate is for. */
  host: string;
  revocations: Revocations;
  /** A certificate that differs from a sound one by `changes` only; `by` its declared issuer, or another. */
  make(changes?: Partial<Blueprint>, by?: Authority, key?: KeyPems): Promise<MintedCertificate>;
  /** The same, signed by itself. */
  makeSelfSigned(changes?: Partial<Blueprint>): Promise<MintedCertificate>;
  /** A further authority, made on the spot: below the one that is named, by default below the declared issuer. */
  below(changes?: Partial<Blueprint>, above?: Authority): Promise<Authority>;
  /** A root of which nobody has ever heard. */
  stranger(): Promise<Authority>;
  /** The declared issuer; a stranger where the certificate was to sign itself. */
  issuer(): Promise<Authority>;
  /** A key of a kind that no lab gives. */
  oddKey(kind: OddKey): Promise<KeyPems>;
  leaseKey: KeySource["lease"];
}

const dayMs = 86_400_000;
export const days = (count: number, from: Date): Date => new Date(from.getTime() + count * dayMs);
export const clientAuthentication = "1.3.6.1.5.5.7.3.2";

/** Opens a kit. Nothing is made yet. */
export function openKit({ names, at, keys, revocations, issuer: declared }: MintModules): Kit {
  const host = names[0] ?? "";
  const sound: Blueprint = {
    commonName: host,
    names,
    addresses: [],
    ...yearFrom(at),
    authority: false,
    keyUsage: ["digitalSignature", "keyEncipherment"],
    enhancedKeyUsage: [serverAuthentication, clientAuthentication],
    permitted: null,
    unknownExtension: false,
    digest: "sha256",
  };
  const mint = async (changes: Partial<Blueprint>, by?: Authority, key?: KeyPems): Promise<MintedCertificate> => {
    const keyPair = key ?? (await keys.lease());
    const certificate = buildFromBlueprint({ ...sound, ...changes }, keyPair, by ?? { keyPair });
    return { certificate, keyPair, chain: by?.chain ?? [], beside: [] };
  };
  const authority = async (commonName: string, changes: Partial<Blueprint>, above?: Authority): Promise<Authority> => {
    const profile: Partial<Blueprint> = {
      commonName,
      names: [],
      notBefore: days(-5 * 365, at),
      notAfter: days(10 * 365, at),
      authority: true,
      keyUsage: ["keyCertSign", "cRLSign"],
      enhancedKeyUsage: null,
    };
    const keyPair = await keys.lease();
    const { certificate } = await mint({ ...profile, ...changes }, above, keyPair);
    const founded = {
      name: commonName,
      certificate,
      keyPair,
      chain: above ? [certificate, ...above.chain] : [],
      revoked: [],
      lists: 0,
    };
    revocations.publish(founded, "always");
    return founded;
  };
  const stranger = (): Promise<Authority> => authority(`Unknown Root for ${host}`.slice(0, 64), {});
  const issuer = async (): Promise<Authority> => declared ?? (await stranger());
  return {
    at,
    names,
    host,
    revocations,
    make: (changes = {}, by = declared, key) => mint(changes, by, key),
    makeSelfSigned: (changes = {}) => mint(changes),
    async below(changes = {}, above) {
      const upper = above ?? (await issuer());
      return authority(`${upper.name} Issuing`.slice(0, 64), changes, upper);
    },
    stranger,
    issuer,
    oddKey,
    leaseKey: (size) => keys.lease(size),
  };
}

const generatePair = promisify(generateKeyPair);

async function oddKey(kind: OddKey): Promise<KeyPems> {
  const { privateKey, publicKey } = await {
    "RSA-768": () => generatePair("rsa", { modulusLength: 768 }),
    "P-384": () => generatePair("ec", { namedCurve: "P-384" }),
    Ed25519: () => generatePair("ed25519"),
  }[kind]();
  return {
    privateKeyPem: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    publicKeyPem: publicKey.export({ type: "spki", format: "pem" }).toString(),
  };
}
