import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { Certificate, CertificateValidity, PeerName, TrustRule } from "../../../src/certificates/index.ts";
import { type CertificateSpec, makeCertificate, type MadeCertificate } from "./make.ts";

/** A certificate of a case: whose issuer, and whose key where it has another one's, go by their names in the case. */
type Named = CertificateSpec & { issuer?: string; keyOf?: string };

/** One file of cases/judge/. `<name>` in what is expected stands for a thumbprint. */
export interface JudgeCase {
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
  /** Why OpenSSL comes to another verdict, where it does. */
  opensslDiffers?: string;
}

/** A case with its certificates made. */
export interface MadeCase {
  presented: Certificate | undefined;
  rule: TrustRule & { kind: "chain" };
  context: { at: Date; chain: readonly Certificate[] };
  /** By thumbprint. */
  names: ReadonlyMap<string, string>;
}

const folder = join(import.meta.dirname, "cases", "judge");

export const judgeCases = (): (JudgeCase & { file: string })[] =>
  readdirSync(folder)
    .sort()
    .map((file) => ({ file, ...(parse(readFileSync(join(folder, file), "utf8")) as JudgeCase) }));

export async function makeJudgeCase(given: JudgeCase): Promise<MadeCase> {
  const made = await makeAll(given);
  const pick = (names: readonly string[] = []): Certificate[] =>
    names.map((name) => (made[name] as MadeCertificate).certificate);
  const { roots, sent, name, peerIs, at = "2008-06-01T00:00:00Z" } = given;
  return {
    presented: made["peer"]?.certificate,
    rule: { kind: "chain", roots: pick(roots), name: peerName(name), ...(peerIs && { peerIs }) },
    context: { at: new Date(at), chain: pick(sent) },
    names: new Map(Object.entries(made).map(([name, { certificate }]) => [certificate.thumbprint, name])),
  };
}

const peerName = (name: JudgeCase["name"]): PeerName | undefined =>
  name && ("domain" in name ? { kind: "domain", ...name } : { kind: "host", ...name });

async function makeAll({ authorities = {}, presented }: JudgeCase): Promise<Record<string, MadeCertificate>> {
  const made: Record<string, MadeCertificate> = {};
  const asAuthority = { names: [], authority: true, usage: null, from: "2000-01-01", to: "2030-01-01" } as const;
  const all = Object.entries(authorities).map(([name, spec]): [string, Named] => [name, { ...asAuthority, ...spec }]);
  for (const [name, { issuer, keyOf, ...spec }] of [...all, ...(presented ? [["peer", presented] as const] : [])])
    made[name] = await makeCertificate(
      spec,
      issuer ? made[issuer] : undefined,
      keyOf ? made[keyOf]?.keyPair : undefined,
    );
  return made;
}
