import { revoke } from "../../files/crl.ts";
import { type CatalogueEntry, found, passes } from "./entry.ts";
import { days } from "./kit.ts";

/** Certificates of which something above them is wrong. */
export const chainEntries: readonly CatalogueEntry[] = [
  {
    name: "self-signed",
    about: "It vouches for itself, as Exchange's own. Nobody outside can tell it from a forgery.",
    mint: ({ makeSelfSigned }) => makeSelfSigned(),
    expected: found("UntrustedRoot"),
  },
  {
    name: "unknown-issuer",
    about: "An authority issued it of which nobody has the certificate.",
    mint: async ({ make, stranger }) => make({}, await stranger()),
    expected: found("PartialChain"),
  },
  {
    name: "untrusted-root",
    about: "The root of its chain is sent along, as if that made anybody trust it.",
    mint: async ({ make, stranger }) => {
      const root = await stranger();
      return { ...(await make({}, root)), chain: [root.certificate] };
    },
    expected: found("UntrustedRoot"),
  },
  {
    name: "missing-intermediate",
    about:
      "It is sound and the root is trusted; what lies between them was not sent. Who happens to know it sees nothing wrong.",
    mint: async ({ make, below }) => ({ ...(await make({}, await below())), chain: [] }),
    expected: found("PartialChain"),
  },
  {
    name: "wrong-order",
    about: "The authorities above it are sent in the wrong order. Whoever builds the chain himself does not mind.",
    mint: async ({ make, below }) => {
      const made = await make({}, await below({ commonName: "Lower Issuing" }, await below()));
      return { ...made, chain: made.chain.toReversed() };
    },
    expected: passes,
  },
  {
    name: "namesake-issuer",
    about:
      "Before its issuer comes another authority of the same name with another key: both must be tried. `openssl verify` takes the first, and fails.",
    mint: async ({ make, below, stranger }) => {
      const issuer = await below();
      const namesake = await below({ commonName: issuer.name }, await stranger());
      const made = await make({}, issuer);
      return { ...made, chain: [namesake.certificate, ...made.chain] };
    },
    expected: passes,
  },
  {
    name: "issued-by-a-server",
    about: "A server's certificate, which is no authority, has issued it.",
    mint: async ({ make, below }) =>
      make({}, await below({ authority: false, keyUsage: ["digitalSignature", "keyEncipherment"] })),
    expected: found("InvalidUsage"),
  },
  {
    name: "forged",
    about: "It says that the authority has issued it, and somebody else's key has signed it.",
    mint: async ({ make, issuer, leaseKey }) => make({}, { ...(await issuer()), keyPair: await leaseKey() }),
    expected: found("PartialChain"),
  },
  {
    name: "name-constrained",
    about: "The authority above it may issue for one domain only, and that is another.",
    mint: async ({ make, below }) => make({}, await below({ permitted: ["elsewhere.invalid"] })),
    expected: found("NameNotPermitted"),
  },
  {
    name: "revoked",
    about: "Its authority has taken it back: it stands in the revocation list.",
    mint: async ({ make, issuer, at }) => {
      const authority = await issuer();
      const made = await make({}, authority);
      revoke(authority, made.certificate, days(-1, at));
      return made;
    },
    expected: found("CertificateRevoked"),
  },
  {
    name: "revoked-issuer",
    about: "It was not revoked itself; the authority that issued it was.",
    mint: async ({ make, issuer, below, at }) => {
      const above = await issuer();
      const between = await below({}, above);
      revoke(above, between.certificate, days(-1, at));
      return make({}, between);
    },
    expected: found("CertificateRevoked"),
  },
  {
    name: "no-revocation-list",
    about: "The list of revoked certificates cannot be fetched: nobody can say whether it is one of them.",
    mint: async ({ make, below, revocations }) => {
      const issuer = await below();
      revocations.publish(issuer, "never");
      return make({}, issuer);
    },
    expected: found("UnableToCheckRevocation"),
  },
  {
    name: "stale-revocation-list",
    about: "The list of revoked certificates should have been followed by another long ago.",
    mint: async ({ make, below, revocations, at }) => {
      const issuer = await below();
      revocations.publish(issuer, "once");
      revocations.listOf(issuer.certificate, days(-60, at));
      return make({}, issuer);
    },
    expected: found("UnableToCheckRevocation"),
  },
];
