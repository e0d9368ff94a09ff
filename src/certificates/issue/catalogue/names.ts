import { type CatalogueEntry, found, noHandshake, passes } from "./entry.ts";

const others = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `host-${String(index).padStart(4, "0")}.elsewhere.invalid`);

/** The name with its first labels replaced by wildcards. */
const wildcards = (host: string, labels: number): string =>
  host
    .split(".")
    .map((label, index) => (index < labels ? "*" : label))
    .join(".");

/** Certificates that are named otherwise than one would think. `.invalid` is nobody's domain: RFC 6761 §6.4. */
export const nameEntries: readonly CatalogueEntry[] = [
  {
    name: "wrong-host",
    about: "It is sound, and somebody else's: it bears another host's name only.",
    mint: ({ make }) => make({ commonName: "wrong-host.invalid", names: ["wrong-host.invalid"] }),
    expected: found("SubjectMismatch"),
  },
  {
    name: "no-san",
    about:
      "Its name stands in the subject only; there are no alternative names. Exchange reads the common name too; browsers of today do not.",
    mint: ({ make }) => make({ names: [] }),
    expected: passes,
  },
  {
    name: "cn-only",
    about: "It has alternative names, and the right one is not among them but in the subject. Exchange compares both.",
    mint: ({ make, host }) => make({ commonName: host.slice(0, 64), names: ["other.invalid"] }),
    expected: passes,
  },
  {
    name: "no-subject",
    about: "Its subject is empty: all its names are alternative ones.",
    mint: ({ make }) => make({ commonName: null }),
    expected: passes,
  },
  {
    name: "no-name",
    about: "It names nobody at all: no subject, no alternative names.",
    mint: ({ make }) => make({ commonName: null, names: [] }),
    expected: found("SubjectMismatch"),
  },
  {
    name: "wildcard",
    about: "A wildcard stands in place of the host's own label, which is as far as a wildcard reaches.",
    mint: ({ make, host }) => make({ commonName: wildcards(host, 1), names: [wildcards(host, 1)] }),
    expected: passes,
  },
  {
    name: "two-wildcards",
    about: "Two labels are wildcards. One covers one label, and a name with two covers nothing.",
    mint: ({ make, host }) => make({ commonName: wildcards(host, 2), names: [wildcards(host, 2)] }),
    expected: found("SubjectMismatch"),
  },
  {
    name: "ip-san",
    about: "It names an IP address. Mail hosts are known by their names.",
    mint: ({ make }) => make({ commonName: "127.0.0.1", names: [], addresses: ["127.0.0.1"] }),
    expected: found("SubjectMismatch"),
  },
  {
    name: "null-in-name",
    about: "The right name stands before a null character, another domain behind it: who reads as C does is fooled.",
    mint: ({ make, host }) => make({ commonName: "fooled.invalid", names: [`${host}\0.attacker.invalid`] }),
    expected: found("SubjectMismatch"),
  },
  {
    name: "huge-san-list",
    about: "A thousand names, the right one last: large, and allowed.",
    mint: ({ make, names }) => make({ names: [...others(1000), ...names] }),
    expected: passes,
  },
  {
    name: "oversized",
    about: "Four thousand names: more octets than OpenSSL takes from anybody in a handshake (100 KB).",
    mint: ({ make, names }) => make({ names: [...others(4000), ...names] }),
    expected: noHandshake,
  },
];
