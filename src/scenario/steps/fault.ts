import { z } from "zod";
import { hostBehaviour, toHostFault } from "../../lab/index.ts";
import { defineStep, held, type Mention, mention } from "./define-step.ts";
import { attackerName, hostName } from "./words.ts";

const ofHost = z
  .strictObject({ host: hostName, ...hostBehaviour })
  .refine((input) => Object.keys(input).length > 1, `one of ${Object.keys(hostBehaviour).join(", ")} beside the host`);
const ofAttacker = z.strictObject({ attacker: attackerName });

const mentionsOf = (input: { host: string } | { attacker: string }): Mention[] =>
  "host" in input ? mention("host", input.host, "host") : mention("attacker", input.attacker, "attacker");

export const fault = defineStep({
  name: "fault",
  summary: "Change how an outside host behaves, or let an attacker stand in the way, until `heal`",
  input: z.union([ofHost, ofAttacker]),
  mentions: (input) => [
    ...mentionsOf(input),
    ...("host" in input && typeof input.certificate === "object"
      ? mention("authority", input.certificate.issuer, "certificate", "issuer")
      : []),
  ],
  describe(input) {
    if ("attacker" in input) return `${input.attacker} stands in the way`;
    const { host, ...changed } = input;
    return `${host} changes: ${Object.entries(changed)
      .map(([key, value]) => `${key} ${wordsOf(value)}`)
      .join(", ")}`;
  },
  async run({ lab }, input) {
    if ("attacker" in input) await lab.setAttacker(input.attacker, true);
    else await lab.setHostFault(input.host, toHostFault(input));
    return held();
  },
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
  summary: "Let an outside host behave as declared again, or an attacker go",
  input: z.union([z.strictObject({ host: hostName }), ofAttacker]),
  mentions: mentionsOf,
  describe: (input) => ("host" in input ? `${input.host} is as declared again` : `${input.attacker} goes`),
  async run({ lab }, input) {
    if ("attacker" in input) await lab.setAttacker(input.attacker, false);
    else await lab.setHostFault(input.host, undefined);
    return held();
  },
});
