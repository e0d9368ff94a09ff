import { z } from "zod";
import { certificate, hostBehaviour, type LabFault, toCertificate, toHostFault } from "../../lab/index.ts";
import { defineStep, held, type Mention, mention } from "./define-step.ts";
import { attackerName, hostName, peerName } from "./words.ts";

const ofHost = z
  .strictObject({ host: hostName, ...hostBehaviour })
  .refine((input) => Object.keys(input).length > 1, `one of ${Object.keys(hostBehaviour).join(", ")} beside the host`);
const ofAttacker = z.strictObject({ attacker: attackerName });
const ofCertificate = z.strictObject({
  on: peerName,
  certificate,
  published: z
    .boolean()
    .optional()
    .describe("of a server: whether the directory names the new certificate for it; default: true"),
});

type Target = { host: string } | { attacker: string } | { on: string };

/** @param kind what `on` may name */
function mentionsOf(input: Target, kind: "peer" | "server" = "peer"): Mention[] {
  if ("host" in input) return mention("host", input.host, "host");
  return "on" in input ? mention(kind, input.on, "on") : mention("attacker", input.attacker, "attacker");
}

export const fault = defineStep({
  name: "fault",
  summary: "Change how an outside host behaves, give anybody a bad certificate, or let an attacker in, until `heal`",
  input: z.union([ofHost, ofAttacker, ofCertificate]),
  mentions: (input) => [
    ...mentionsOf(input, "published" in input && input.published !== undefined ? "server" : "peer"),
    ...("certificate" in input && typeof input.certificate === "object"
      ? mention("authority", input.certificate.issuer, "certificate", "issuer")
      : []),
  ],
  describe(input) {
    if ("attacker" in input) return `${input.attacker} stands in the way`;
    const [[, who], ...changed] = Object.entries(input) as [[string, string], ...[string, unknown][]];
    return `${who} changes: ${changed.map(([key, value]) => `${key} ${wordsOf(value)}`).join(", ")}`;
  },
  async run({ lab }, input) {
    if ("attacker" in input) await lab.setFault({ on: input.attacker });
    else if ("host" in input) await lab.setFault({ on: input.host, ...toHostFault(input) });
    else await lab.setFault(faultOf(input));
    return held();
  },
});

const faultOf = ({ on, certificate: declared, published }: z.output<typeof ofCertificate>): LabFault => ({
  on,
  certificate: toCertificate(declared),
  ...(published !== undefined && { published }),
});

/** As a file would have it on one line: `issuer Woodgrove Root, flaw expired`. */
const wordsOf = (value: unknown): string =>
  typeof value === "object" && value !== null
    ? Object.entries(value)
        .filter(([, inner]) => inner !== undefined && String(inner) !== "")
        .map(([key, inner]) => `${key} ${String(inner)}`)
        .join(", ")
    : String(value);

export const heal = defineStep({
  name: "heal",
  summary: "Let an outside host or a server be as declared again, or an attacker go",
  input: z.union([z.strictObject({ host: hostName }), ofAttacker, z.strictObject({ on: peerName })]),
  mentions: (input) => mentionsOf(input),
  describe(input) {
    if ("attacker" in input) return `${input.attacker} goes`;
    return `${"on" in input ? input.on : input.host} is as declared again`;
  },
  async run({ lab }, input) {
    await lab.clearFault("attacker" in input ? input.attacker : "host" in input ? input.host : input.on);
    return held();
  },
});
