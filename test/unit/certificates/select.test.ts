import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { type StoredCertificate, selectStartTlsCertificate } from "../../../src/certificates/index.ts";
import type { AuthMechanism } from "../../../src/directory/index.ts";
import { type CertificateSpec, makeCertificate, type MadeCertificate } from "./make.ts";

/** One file of cases/. Certificates are named; `<name>` in what is expected stands for a thumbprint. */
interface Case {
  about: string;
  connector?: { fqdn?: string; authMechanism?: AuthMechanism[] };
  at?: string;
  /** Certificates that are not in the store; those the server trusts as roots, and those it does not. */
  trusted?: Record<string, CertificateSpec>;
  untrusted?: Record<string, CertificateSpec>;
  store: Record<string, CertificateSpec & { issuer?: string; stored?: Partial<StoredCertificate> }>;
  outcome: string | null;
  /** `#5 <old>: eligible`, with the event's id and parameters in brackets at the end where one is raised. */
  steps: string[];
}

const folder = join(import.meta.dirname, "cases");

describe("selectStartTlsCertificate", () => {
  for (const file of readdirSync(folder)
    .filter((name) => name.endsWith(".yaml"))
    .sort()) {
    const given = parse(readFileSync(join(folder, file), "utf8")) as Case;
    it(`${given.about} (${file})`, async () => {
      const issuers = await makeAll({ ...given.trusted, ...given.untrusted }, {});
      const made = await makeAll(given.store, issuers);
      const names = new Map(
        Object.entries(made).map(([name, { certificate }]) => [certificate.thumbprint, `<${name}>`]),
      );

      const { outcome, steps } = selectStartTlsCertificate(
        { name: "Default EX1", authMechanism: ["Tls", "ExchangeServer"], fqdn: null, ...given.connector },
        "ex1.contoso.com",
        Object.values(made).map(({ certificate }) => certificate),
        new Date(given.at ?? "2008-06-01T00:00:00Z"),
        Object.keys(given.trusted ?? {}).map((name) => (issuers[name] as MadeCertificate).certificate),
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
    });
  }
});

async function makeAll(
  specs: Case["store"],
  issuers: Record<string, MadeCertificate>,
): Promise<Record<string, MadeCertificate>> {
  const made: Record<string, MadeCertificate> = {};
  for (const [name, { issuer, stored, ...spec }] of Object.entries(specs)) {
    const one = await makeCertificate(spec, issuer === undefined ? undefined : issuers[issuer]);
    made[name] = { ...one, certificate: { ...one.certificate, ...stored } };
  }
  return made;
}
