import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import type { Decision } from "../../../src/base/index.ts";
import {
  defaultDisputedRules,
  type DisputedRules,
  selectOutboundStartTlsCertificate,
  selectStartTlsCertificate,
  type StoredCertificate,
  type Trust,
} from "../../../src/certificates/index.ts";
import type { AuthMechanism } from "../../../src/directory/index.ts";
import { type CertificateSpec, makeCertificate, type MadeCertificate } from "./make.ts";

/** A certificate of a case; `issuer` goes by its name in the case. */
type Named = CertificateSpec & { issuer?: string };

/** One file of cases/ or cases/outbound/. Certificates are named; `<name>` in what is expected stands for a thumbprint. */
interface Case {
  about: string;
  connector?: { fqdn?: string; authMechanism?: AuthMechanism[]; domainSecureEnabled?: boolean };
  at?: string;
  /** What differs from the default rules. */
  disputed?: Partial<DisputedRules>;
  /** Certificates that are not in the store; those the server trusts as roots, and those it does not. */
  trusted?: Record<string, Named>;
  untrusted?: Record<string, Named>;
  /** `chain` names those of them that are stored beside it. */
  store: Record<string, Named & { chain?: string[]; stored?: Partial<StoredCertificate> }>;
  outcome: string | null;
  /** `#5 <old>: eligible`, with the event's id and parameters in brackets at the end where one is raised. */
  steps: string[];
}

const casesOf = (folder: string): [file: string, given: Case][] =>
  readdirSync(folder)
    .filter((file) => file.endsWith(".yaml"))
    .sort()
    .map((file) => [file, parse(readFileSync(join(folder, file), "utf8")) as Case]);

type Select = (
  given: Case,
  ...about: [store: readonly StoredCertificate[], at: Date, trust: Trust, disputed: DisputedRules]
) => Decision<StoredCertificate | undefined>;

async function check(given: Case, select: Select): Promise<void> {
  const issuers = await makeAll({ ...given.trusted, ...given.untrusted }, {});
  const made = await makeAll(given.store, issuers);
  const names = new Map(Object.entries(made).map(([name, { certificate }]) => [certificate.thumbprint, `<${name}>`]));
  const { outcome, steps } = select(
    given,
    Object.values(made).map(({ certificate }) => certificate),
    new Date(given.at ?? "2008-06-01T00:00:00Z"),
    { roots: Object.keys(given.trusted ?? {}).map((name) => (issuers[name] as MadeCertificate).certificate) },
    { ...defaultDisputedRules, ...given.disputed },
  );
  const named = (text: string): string =>
    text.replaceAll(/[0-9A-F]{40}/g, (thumbprint) => names.get(thumbprint) ?? thumbprint);
  const told = steps.map(({ source, text, event }) =>
    named(
      `${source.replace("bb430748", "")} ${text}${event ? ` [${[event.id, ...event.parameters].join(", ")}]` : ""}`,
    ),
  );
  expect(told).to.deep.equal(given.steps);
  expect(outcome ? named(outcome.thumbprint) : null).to.equal(given.outcome === null ? null : `<${given.outcome}>`);
}

async function makeAll(
  specs: Case["store"],
  issuers: Record<string, MadeCertificate>,
): Promise<Record<string, MadeCertificate>> {
  const made: Record<string, MadeCertificate> = {};
  const named = (name: string): MadeCertificate => (issuers[name] ?? made[name]) as MadeCertificate;
  for (const [name, { issuer, stored, chain = [], ...spec }] of Object.entries(specs)) {
    const one = await makeCertificate(spec, issuer === undefined ? undefined : named(issuer));
    const beside = { chain: chain.map((above) => named(above).certificate), ...stored };
    made[name] = { ...one, certificate: { ...one.certificate, ...beside } };
  }
  return made;
}

const folder = join(import.meta.dirname, "cases");

describe("selectStartTlsCertificate", () => {
  for (const [file, given] of casesOf(folder)) {
    it(`${given.about} (${file})`, () =>
      check(given, ({ connector }, ...about) =>
        selectStartTlsCertificate(
          { name: "Default EX1", authMechanism: ["Tls", "ExchangeServer"], fqdn: null, ...connector },
          "ex1.contoso.com",
          ...about,
        ),
      ));
  }
});

describe("selectOutboundStartTlsCertificate", () => {
  for (const [file, given] of casesOf(join(folder, "outbound"))) {
    it(`${given.about} (${file})`, () =>
      check(given, ({ connector }, ...about) =>
        selectOutboundStartTlsCertificate(
          { name: "Internet", fqdn: null, domainSecureEnabled: false, ...connector },
          "ex1.contoso.com",
          ...about,
        ),
      ));
  }
});
