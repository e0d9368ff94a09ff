import { createPublicKey } from "node:crypto";
import { formatPem, readPem } from "../../der/pem.ts";
import type { KeyPems } from "../../keys.ts";
import { type CatalogueEntry, found, noHandshake, passes } from "./entry.ts";

/** Certificates whose keys or signatures are weak, unusual or somebody else's. */
export const keyEntries: readonly CatalogueEntry[] = [
  {
    name: "weak-key-1024",
    about:
      "RSA of 1024 bits: the least that Exchange 2007 takes. OpenSSL presents it only where its security level is lowered.",
    mint: async ({ make, leaseKey }) => make({}, undefined, await leaseKey(1024)),
    expected: passes,
  },
  {
    name: "weak-key-768",
    about: "RSA of 768 bits, which has been broken in public: below the 1024 that Exchange asks for.",
    mint: async ({ make, oddKey }) => make({}, undefined, await oddKey("RSA-768")),
    expected: found("InvalidUsage"),
  },
  {
    name: "sha1",
    about:
      "It was signed with SHA-1, as all certificates of 2007. OpenSSL presents it only where its security level is lowered.",
    mint: ({ make }) => make({ digest: "sha1" }),
    expected: passes,
  },
  {
    name: "ecdsa",
    about:
      "Its key is P-384, an elliptic curve. Exchange 2007 knows RSA; this lab takes P-256 beside it and nothing else.",
    mint: async ({ make, oddKey }) => make({}, undefined, await oddKey("P-384")),
    expected: found("InvalidUsage"),
  },
  {
    name: "ed25519",
    about: "Its key is Ed25519, younger than Exchange 2007 by years.",
    mint: async ({ make, oddKey }) => make({}, undefined, await oddKey("Ed25519")),
    expected: found("InvalidUsage"),
  },
  {
    name: "key-mismatch",
    about:
      "The private key beside it is another certificate's: what the server signs in the handshake, nobody can verify.",
    mint: async ({ make, leaseKey }) => {
      const made = await make();
      return { ...made, keyPair: made.keyPair && disguised(await leaseKey(), made.keyPair) };
    },
    expected: noHandshake,
  },
  {
    name: "no-private-key",
    about: "The certificate is there and its private key is not: the server can't offer TLS.",
    mint: async ({ make }) => ({ ...(await make()), keyPair: undefined }),
    expected: { directTrust: "no TLS", opportunistic: "in the clear", required: "no TLS", domainSecured: "no TLS" },
  },
];

/**
 * A private key in whose file the public half of another stands: programs that compare public halves take it for that
 * other's, as OpenSSL does when it loads one. Both must be of one kind and length.
 */
function disguised(key: KeyPems, as: KeyPems): KeyPems {
  const der = readPem(key.privateKeyPem)[0]?.der ?? Buffer.alloc(0);
  const own = publicBytes(key);
  const at = der.indexOf(own);
  if (at < 0) throw new Error("A private key that does not hold its public half");
  const changed = Buffer.concat([der.subarray(0, at), publicBytes(as), der.subarray(at + own.length)]);
  return { ...as, privateKeyPem: formatPem("PRIVATE KEY", changed) };
}

/** The modulus, or the point. */
function publicBytes({ publicKeyPem }: KeyPems): Buffer {
  const { n, x = "", y = "" } = createPublicKey(publicKeyPem).export({ format: "jwk" });
  return n === undefined
    ? Buffer.concat([Buffer.from(x, "base64url"), Buffer.from(y, "base64url")])
    : Buffer.from(n, "base64url");
}
