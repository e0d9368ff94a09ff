import { nearestOf } from "../base/index.ts";
import type { SoundPart } from "./check.ts";
import { type Finding, quoted } from "./problem.ts";
import type { Mention, StepKind } from "./steps/define-step.ts";
import { namesIn } from "./substitute.ts";

type Path = readonly (string | number)[];

/** What can be named, by its kind; undefined where that cannot be said. */
type Known = Readonly<Record<Mention["kind"], readonly string[] | undefined>>;

/**
 * Whether the servers, mailboxes, messages and values that steps name exist, the latter two by an earlier step.
 *
 * @param steps in the file's order; undefined for one that its schema refuses
 * @param declared undefined when too little of the lab is sound to say what it declares
 */
export function checkSteps(
  steps: readonly ({ kind: StepKind; input: unknown } | undefined)[],
  declared: SoundPart | undefined,
): Finding[] {
  const made = { message: [] as string[], value: [] as string[], directory: [] as string[] };
  const byFile = namesOf(declared);
  // A refused step may have given a name to something: nothing is said of names from there on.
  let sure = true;
  return steps.flatMap((step, index) => {
    if (!step) {
      sure = false;
      return [];
    }
    const path: Path = ["steps", index, step.kind.name];
    const known: Known = {
      ...byFile,
      message: sure ? made.message : undefined,
      directory: sure ? made.directory : undefined,
    };
    const values = sure ? namesIn(step.input).filter(({ name }) => !made.value.includes(name)) : [];
    const findings = [
      ...step.kind.mentions(step.input).flatMap((mention) => unknownMention(mention, path, known)),
      ...values.map(({ name, path: inner }) => unknownValue(name, [...path, ...inner], made.value)),
    ];
    const gives = step.kind.makesKnown(step.input);
    if (gives) made[gives.kind].push(gives.name);
    return findings;
  });
}

function namesOf(declared: SoundPart | undefined): Omit<Known, "message" | "directory"> {
  const whole = <T>(sections: readonly string[], names: (part: SoundPart) => T): T | undefined =>
    declared && sections.every((section) => declared.isWhole(section)) ? names(declared) : undefined;
  const domains = ({ world }: SoundPart): string[] =>
    Object.values(world.hosts)
      .filter(({ at }) => at === undefined) // into what the lab does not start nobody looks
      .flatMap((host) => host.domains.map((domain) => (typeof domain === "string" ? domain : domain.name)));
  return {
    server: whole(["servers"], ({ lab }) => Object.keys(lab.servers)),
    mailbox: whole(["mailboxes"], ({ lab }) => Object.keys(lab.mailboxes)),
    outsideAddress: whole(["hosts"], (part) => domains(part).map((domain) => domain.toLowerCase())),
    host: whole(["hosts"], ({ world }) => Object.keys(world.hosts)),
    peer: whole(["servers", "hosts"], ({ lab, world }) => [...Object.keys(lab.servers), ...Object.keys(world.hosts)]),
    authority: whole(["authorities"], ({ world }) => Object.keys(world.authorities)),
    attacker: whole(["attackers"], ({ world }) => Object.keys(world.attackers)),
  };
}

const declare = (section: string) => (name: string) => `Declare ${name} under ${section}`;

const places: Readonly<Record<Mention["kind"], { place: string; remedy(name: string): string }>> = {
  server: { place: "a server of lab.servers", remedy: declare("lab.servers") },
  mailbox: { place: "a mailbox of lab.mailboxes", remedy: declare("lab.mailboxes") },
  outsideAddress: {
    place: "a mailbox of lab.mailboxes, or an address in a domain of a host that the lab starts",
    remedy: (address) => `Declare a host with the domain ${domainOf(address)} under world.hosts`,
  },
  host: { place: "a host of world.hosts", remedy: declare("world.hosts") },
  peer: { place: "a server of lab.servers or a host of world.hosts", remedy: declare("lab.servers") },
  authority: { place: "an authority of world.authorities", remedy: declare("world.authorities") },
  attacker: { place: "an attacker of world.attackers", remedy: declare("world.attackers") },
  message: { place: "a message of an earlier step", remedy: (name) => `Add as: ${name} to the step that sends it` },
  directory: {
    place: "a directory that an earlier step remembers",
    remedy: (name) => `Add a \`remember\` step with directory: and as: ${name} before it`,
  },
};

function unknownMention({ kind, name, path }: Mention, step: Path, names: Known): Finding[] {
  const known = names[kind];
  const sought = kind === "outsideAddress" ? domainOf(name) : name;
  if (known === undefined || known.includes(sought)) return [];
  const near = kind === "outsideAddress" ? nearAddress(name, names) : nearestOf(name, known);
  const { place, remedy } = places[kind];
  return [
    {
      path: [...step, ...path],
      part: "value",
      text: `found ${quoted(name)}, wanted ${place}: ${known.join(", ") || "there is none"}`,
      remedy: near ? `Write ${near}` : remedy(name),
    },
  ];
}

/** A mailbox of the lab is named by its name; otherwise its domain may be misspelt. */
function nearAddress(address: string, { mailbox = [], outsideAddress = [] }: Known): string | undefined {
  const name = address.slice(0, address.lastIndexOf("@"));
  if (mailbox.includes(name)) return name;
  const domain = nearestOf(domainOf(address), outsideAddress);
  return domain && `${name}@${domain}`;
}

const domainOf = (address: string): string => address.slice(address.lastIndexOf("@") + 1).toLowerCase();

const unknownValue = (name: string, path: Path, known: readonly string[]): Finding => ({
  path,
  part: "value",
  text: `found \${${name}}, wanted a value that an earlier step remembers: ${known.join(", ") || "there is none"}`,
  remedy: `Add a \`remember\` step with as: ${name} before it`,
});
