import { serverAuthentication } from "../../judge/path-rules.ts";
import { type CatalogueEntry, found, passes } from "./entry.ts";
import { clientAuthentication, days } from "./kit.ts";

const codeSigning = "1.3.6.1.5.5.7.3.3";

/** Certificates that are for something else. */
export const useEntries: readonly CatalogueEntry[] = [
  {
    name: "no-eku",
    about: "It does not say what it is for, and so is for anything.",
    mint: ({ make }) => make({ enhancedKeyUsage: null }),
    expected: passes,
  },
  {
    name: "client-eku-only",
    about: "It is for clients, and a server presents it. As what a sender shows it would do.",
    mint: ({ make }) => make({ enhancedKeyUsage: [clientAuthentication] }),
    expected: found("InvalidUsage"),
  },
  {
    name: "code-signing-eku",
    about: "It is for signing programs.",
    mint: ({ make }) => make({ enhancedKeyUsage: [codeSigning] }),
    expected: found("InvalidUsage"),
  },
  {
    name: "wrong-key-usage",
    about: "Its key may encrypt data, and may not be used in a handshake.",
    mint: ({ make }) => make({ keyUsage: ["dataEncipherment"] }),
    expected: found("InvalidUsage"),
  },
  {
    name: "unknown-extension",
    about: "It has a critical extension that nobody understands: whoever does not must not rely on it.",
    mint: ({ make }) => make({ unknownExtension: true }),
    expected: found("InvalidUsage"),
  },
  {
    name: "ca-as-leaf",
    about: "An authority that signs itself, presented as if it were a server's certificate.",
    mint: ({ makeSelfSigned, at }) =>
      makeSelfSigned({
        authority: true,
        keyUsage: ["digitalSignature", "keyEncipherment", "keyCertSign", "cRLSign"],
        enhancedKeyUsage: [serverAuthentication],
        notBefore: days(-365, at),
        notAfter: days(3650, at),
      }),
    expected: found("UntrustedRoot"),
  },
];
