import { type CatalogueEntry, found, passes } from "./entry.ts";
import { days } from "./kit.ts";

/** Certificates that are trouble by what lies beside them in the store. */
export const storeEntries: readonly CatalogueEntry[] = [
  {
    name: "sound",
    about: "Nothing is wrong with it: what the others are compared with.",
    mint: ({ make }) => make(),
    expected: passes,
  },
  {
    name: "duplicate-subject",
    about: "Another one with the same subject and the same names lies beside it. Only thumbprints tell them apart.",
    mint: async ({ make, at }) => ({
      ...(await make()),
      beside: [await make({ notBefore: days(-30, at), notAfter: days(335, at) })],
    }),
    expected: passes,
  },
  {
    name: "newer-but-invalid",
    about:
      "The newest certificate in the store is of an unknown issuer; the older one beside it is sound. A host that shows its newest is refused.",
    mint: async ({ make, stranger, at }) => ({
      ...(await make({}, await stranger())),
      beside: [await make({ notBefore: days(-30, at), notAfter: days(335, at) })],
    }),
    expected: found("PartialChain"),
  },
];
