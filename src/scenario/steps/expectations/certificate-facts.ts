import { z } from "zod";
import type { Lab } from "../../../lab/index.ts";
import { type Mention, mention, type NamedCertificate } from "../define-step.ts";
import { attackerName, authorityName, hostName, serverName, text } from "../words.ts";

/** What can be expected of a certificate that one side of a session presented. */
export const certificateFacts = z.strictObject({
  server: serverName.optional().describe("the server that holds it"),
  host: hostName.optional().describe("the outside host that holds it"),
  attacker: attackerName.optional().describe("the attacker who made it"),
  issuer: authorityName.optional().describe("the authority that issued it"),
  selfSigned: z.boolean().optional(),
  thumbprint: text.optional(),
  subject: text.optional(),
});

export type CertificateFacts = z.output<typeof certificateFacts>;

export const certificateMentions = (wanted: CertificateFacts | undefined, ...path: string[]): Mention[] => [
  ...mention("server", wanted?.server, ...path, "server"),
  ...mention("host", wanted?.host, ...path, "host"),
  ...mention("attacker", wanted?.attacker, ...path, "attacker"),
  ...mention("authority", wanted?.issuer, ...path, "issuer"),
];

/** `a self-signed certificate of Ex2007EE`. */
export function certificateWords(wanted: CertificateFacts): string {
  const { server, host, attacker, issuer, selfSigned, thumbprint, subject } = wanted;
  const kind = selfSigned === undefined ? "a" : selfSigned ? "a self-signed" : "an issued";
  const about = [
    server && `of ${server}`,
    host && `of ${host}`,
    attacker && `of ${attacker}`,
    issuer && `issued by ${issuer}`,
    subject && `for ${subject}`,
    thumbprint && `with thumbprint ${thumbprint}`,
  ];
  return `${kind} certificate ${about.filter((part) => part !== undefined).join(" ")}`.trimEnd();
}

/**
 * What is known of a presented certificate.
 *
 * @param presented as a session's record has it; undefined: none was presented
 * @param holders the certificates of the session of which somebody is known to hold them
 */
export function factsOf(
  lab: Lab,
  presented: { thumbprint: string; subject?: string; selfSigned?: boolean } | undefined,
  holders: readonly NamedCertificate[],
): CertificateFacts {
  const held = holders.find(({ thumbprint }) => thumbprint === presented?.thumbprint);
  const holder = (names: readonly string[]): string | undefined =>
    held && names.includes(held.server) ? held.server : undefined;
  return {
    server: holder(lab.serverNames()),
    host: holder(lab.outsideHosts().map(({ name }) => name)),
    attacker: holder(lab.attackers().map(({ name }) => name)),
    issuer: held?.issuer.replace(/^CN=/, ""),
    selfSigned: presented?.selfSigned ?? held?.selfSigned,
    thumbprint: presented?.thumbprint,
    subject: presented?.subject ?? held?.subject,
  };
}

const saidAs: Readonly<Record<keyof CertificateFacts, string>> = {
  server: "presented by",
  host: "presented by",
  attacker: "presented by",
  issuer: "issued by",
  selfSigned: "selfSigned",
  thumbprint: "thumbprint",
  subject: "subject",
};

/** What is otherwise than wanted, in words. */
export function certificateDifferences(
  whose: string,
  wanted: CertificateFacts | undefined,
  found: CertificateFacts,
): string[] {
  return (Object.keys(saidAs) as (keyof CertificateFacts)[]).flatMap((key) => {
    const wish = wanted?.[key];
    if (wish === undefined || wish === found[key]) return [];
    const got = saidAs[key] === "presented by" ? (found.server ?? found.host ?? found.attacker) : found[key];
    return [`${whose}${saidAs[key]} ${got ?? "none"}`];
  });
}
