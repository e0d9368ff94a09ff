import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { type CertificateValidity, judgePeer, type PeerName } from "../../../src/certificates/index.ts";
import { type CertificateSpec, makeCertificate, type MadeCertificate } from "./make.ts";

/** A certificate of a case: whose issuer, and whose key where it has another one's, go by their names in the case. */
type Named = CertificateSpec & { issuer?: string; keyOf?: string };

/** One file of cases/judge/. `<name>` in what is expected stands for a thumbprint. */
interface Case {
  about: string;
  at?: string;
  /** In the order in which they sign; by default authorities from 2000 to 2030, without names or usages. */
  authorities?: Record<string, Named>;
  /** `peer`, unless there is none. */
  presented: Named | null;
  /** What the peer sends with its certificate, in its order; `peer` is that certificate. */
  sent?: string[];
  roots?: string[];
  name?: { domain: string } | { host: string };
  peerIs?: "server" | "client";
  verdict: "trusted" | "untrusted";
  status: CertificateValidity;
  findings: string[];
  steps: string[];
}

const folder = join(import.meta.dirname, "cases", "judge");

describe("judgePeer by chain", () => {
  for (const file of readdirSync(folder).sort()) {
    const given = parse(readFileSync(join(folder, file), "utf8")) as Case;
    it(`${given.about} (${file})`, async () => {
      const made = await makeAll(given);
      const pick = (name: string): MadeCertificate["certificate"] => (made[name] as MadeCertificate).certificate;
      const { outcome, steps } = judgePeer(
        made["peer"]?.certificate,
        {
          kind: "chain",
          roots: (given.roots ?? []).map(pick),
          name: peerName(given.name),
          ...(given.peerIs && { peerIs: given.peerIs }),
        },
        { at: new Date(given.at ?? "2008-06-01T00:00:00Z"), chain: (given.sent ?? []).map(pick) },
      );
      const names = new Map(Object.entries(made).map(([name, { certificate }]) => [certificate.thumbprint, name]));
      const told = steps.map(({ text }) => text.replaceAll(/[0-9A-F]{40}/g, (one) => `<${names.get(one) ?? one}>`));
      expect({ verdict: outcome.kind, status: outcome.status, findings: outcome.findings, steps: told }).to.deep.equal({
        verdict: given.verdict,
        status: given.status,
        findings: given.findings,
        steps: given.steps,
      });
    });
  }
});

const peerName = (name: Case["name"]): PeerName | undefined =>
  name && ("domain" in name ? { kind: "domain", ...name } : { kind: "host", ...name });

async function makeAll({ authorities = {}, presented }: Case): Promise<Record<string, MadeCertificate>> {
  const made: Record<string, MadeCertificate> = {};
  const asAuthority: CertificateSpec = {
    names: [],
    authority: true,
    usage: null,
    from: "2000-01-01",
    to: "2030-01-01",
  };
  const all = Object.entries(authorities).map(([name, spec]): [string, Named] => [name, { ...asAuthority, ...spec }]);
  for (const [name, { issuer, keyOf, ...spec }] of [...all, ...(presented ? [["peer", presented] as const] : [])])
    made[name] = await makeCertificate(
      spec,
      issuer ? made[issuer] : undefined,
      keyOf ? made[keyOf]?.keyPair : undefined,
    );
  return made;
}
