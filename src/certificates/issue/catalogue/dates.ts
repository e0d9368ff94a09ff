import { yearFrom } from "../issue.ts";
import { type CatalogueEntry, found, passes } from "./entry.ts";
import { days } from "./kit.ts";

/** Certificates whose time is not now. */
export const dateEntries: readonly CatalogueEntry[] = [
  {
    name: "expired",
    about:
      "It ended a day ago. Between Exchange servers it still counts, since the directory says whose it is; a partner refuses it.",
    mint: ({ make, at }) => make({ notBefore: days(-366, at), notAfter: days(-1, at) }),
    expected: found("CertificateExpired"),
  },
  {
    name: "not-yet-valid",
    about: "It begins tomorrow, as where somebody's clock is wrong.",
    mint: ({ make, at }) => make(yearFrom(days(1, at))),
    expected: found("CertificateNotYetValid"),
  },
  {
    name: "reversed-dates",
    about: "It ended yesterday and begins tomorrow: there is no moment at which it is valid.",
    mint: ({ make, at }) => make({ notBefore: days(1, at), notAfter: days(-1, at) }),
    expected: found("CertificateExpired"),
  },
  {
    name: "expires-soon",
    about: "It has ten days left. Nobody refuses it; servers that hold it write warnings.",
    mint: ({ make, at }) => make({ notBefore: days(-355, at), notAfter: days(10, at) }),
    expected: passes,
  },
  {
    name: "expired-issuer",
    about: "It is within its dates, and the authority that issued it is not any more.",
    mint: async ({ make, below, at }) => make({}, await below({ notBefore: days(-730, at), notAfter: days(-1, at) })),
    expected: found("CertificateExpired"),
  },
];
