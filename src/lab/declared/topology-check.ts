import { nearestOf } from "../../base/index.ts";
import { rolesToSpare } from "../../certificates/index.ts";
import { addressesOf, type DeclaredTopology, isOwnAddress } from "./topology.ts";

/** The parts of a lab, and of the world around it, that other parts name. */
export type TopologySection = "domains" | "sites" | "servers" | "mailboxes" | "authorities" | "hosts";

/** One thing that does not hold together, by the key that is wrong. */
export interface TopologyProblem {
  /** From `lab` down, or from `world` down: `["servers", "Ex2007EE", "site"]`. */
  path: readonly (string | number)[];
  /** What was found there, as the middle of a sentence: `found "SiteC"`. */
  found: string;
  /** Where the same was found before, if that is the problem. */
  first?: readonly (string | number)[];
  /** What is wanted instead. */
  wanted: string;
  /** The next thing to change. */
  remedy: string;
  /** The sections whose content it claims something of: where those are broken themselves, the claim may be wrong. */
  restsOn: readonly TopologySection[];
}

/**
 * Checks a declared topology as a whole: that what one part names the others declare, and that nothing is there twice.
 * Finds everything at once, in the order of the file's usual sections. Pure.
 */
export function checkTopology(lab: DeclaredTopology): TopologyProblem[] {
  return [
    ...sayTwice(
      "domain",
      lab.domains.map((name, index) => ({ name, path: ["domains", index] })),
    ),
    ...sayTwice("site", namesOf(lab, "sites")),
    ...sayTwice("server", namesOf(lab, "servers")),
    ...sayTwice("mailbox", namesOf(lab, "mailboxes")),
    ...emptySections(lab),
    ...siteLinks(lab),
    ...servers(lab),
    ...skews(lab),
    ...mailboxes(lab),
    ...addresses(lab),
    ...sitesWithoutHub(lab),
  ];
}

export interface Named {
  name: string;
  path: (string | number)[];
}

const namesOf = (lab: DeclaredTopology, section: "sites" | "servers" | "mailboxes"): Named[] =>
  Object.keys(lab[section]).map((name) => ({ name, path: [section, name] }));

/** Names are compared without case: the directory and DNS do so too. */
export function sayTwice(
  what: string,
  all: readonly Named[],
  restsOn: readonly TopologySection[] = [],
): TopologyProblem[] {
  const first = new Map<string, Named>();
  return all.flatMap((one) => {
    const earlier = first.get(one.name.toLowerCase());
    first.set(one.name.toLowerCase(), earlier ?? one);
    if (!earlier) return [];
    const found = `found "${one.name}" again`;
    return [
      {
        path: one.path,
        found,
        first: earlier.path,
        wanted: `each ${what} once`,
        remedy: "Remove or rename one of the two",
        restsOn,
      },
    ];
  });
}

function emptySections(lab: DeclaredTopology): TopologyProblem[] {
  return (["sites", "servers"] as const)
    .filter((section) => Object.keys(lab[section]).length === 0)
    .map((section) => ({
      path: [section],
      found: "found nothing in it",
      wanted: section === "sites" ? "one Active Directory site or more" : "one server or more",
      remedy: section === "sites" ? "Declare one, like `SiteA: {}`" : "Declare one with its site and roles",
      restsOn: [section],
    }));
}

/** A name that is not among those declared in `section`. */
function unknownName(
  name: string,
  path: (string | number)[],
  section: "sites" | "servers",
  known: string[],
): TopologyProblem {
  const singular = section.slice(0, -1);
  const near = nearestOf(name, known);
  return {
    path,
    found: `found "${name}", which lab.${section} does not declare`,
    wanted: `a ${singular} of lab.${section}: ${known.join(", ") || "none is declared"}`,
    remedy: near ? `Write ${near}, or declare ${name} under lab.${section}` : `Declare ${name} under lab.${section}`,
    restsOn: [section],
  };
}

function siteLinks(lab: DeclaredTopology): TopologyProblem[] {
  const sites = Object.keys(lab.sites);
  return [
    ...sayTwice(
      "site link",
      lab.siteLinks.map(({ name }, index) => ({ name, path: ["siteLinks", index, "name"] })),
    ),
    ...lab.siteLinks.flatMap((link, index) => {
      const ends = link.sites.map((name, end) => ({ name, path: ["siteLinks", index, "sites", end] }));
      return [
        ...sayTwice("site of a link", ends),
        ...ends
          .filter(({ name }) => !sites.includes(name))
          .map(({ name, path }) => unknownName(name, path, "sites", sites)),
      ];
    }),
  ];
}

function servers(lab: DeclaredTopology): TopologyProblem[] {
  const sites = Object.keys(lab.sites);
  const declared = Object.entries(lab.servers);
  const withAddress = declared.flatMap(([name, { address }]) =>
    address === undefined ? [] : [{ name: address, path: ["servers", name, "address"] }],
  );
  return [
    ...declared.flatMap(([name, { site, roles, subscription }]) => [
      ...siteOf(name, site, roles),
      ...[site, subscription].flatMap((wanted, index) =>
        wanted === undefined || sites.includes(wanted)
          ? []
          : [unknownName(wanted, ["servers", name, index === 0 ? "site" : "subscription"], "sites", sites)],
      ),
      ...edgeKeys(lab, name),
      ...setupSwitch(lab, name),
      ...sayTwice(
        "role",
        roles.map((role, index) => ({ name: role, path: ["servers", name, "roles", index] })),
      ),
      ...(roles.includes("EdgeTransport") && roles.length > 1 ? [edgeWithOtherRole(name, roles)] : []),
    ]),
    ...sayTwice("address", withAddress),
  ];
}

function skews({ servers, skew }: DeclaredTopology): TopologyProblem[] {
  const known = Object.keys(servers);
  return Object.keys(skew)
    .filter((name) => !known.includes(name))
    .map((name) => unknownName(name, ["skew", name], "servers", known));
}

/** Source: [aa997438]: an Edge server is outside Active Directory; a subscription affiliates it with a site. */
function siteOf(name: string, site: string | undefined, roles: readonly string[]): TopologyProblem[] {
  const isEdge = roles.includes("EdgeTransport");
  if (isEdge === (site === undefined)) return [];
  const path = ["servers", name, ...(isEdge ? ["site"] : [])];
  return [
    isEdge
      ? {
          path,
          found: `found "${site}" for an Edge Transport server`,
          wanted: "no site: it stands outside Active Directory",
          remedy: `Write subscription: ${site} instead, or subscribe it in a step`,
          restsOn: [],
        }
      : {
          path,
          found: "found no site",
          wanted: "the Active Directory site it is a member of",
          remedy: "Add site: with one of lab.sites",
          restsOn: ["servers"],
        },
  ];
}

/** What only an Edge server may have, and what a subscription needs. */
function edgeKeys({ servers }: DeclaredTopology, name: string): TopologyProblem[] {
  const server = servers[name];
  if (!server) return [];
  const isEdge = server.roles.includes("EdgeTransport");
  const misplaced = (["dnsSuffix", "subscription"] as const).filter((key) => !isEdge && server[key] !== undefined);
  const hubs = Object.values(servers).filter(({ roles, present }) => present && roles.includes("HubTransport"));
  const orphan = isEdge && server.subscription !== undefined && !hubs.some(({ site }) => site === server.subscription);
  return [
    ...misplaced.map((key) => ({
      path: ["servers", name, key],
      found: `found ${key} on a server with ${server.roles.join(", ")}`,
      wanted: "it on an Edge Transport server only",
      remedy: "Remove it",
      restsOn: [],
    })),
    ...(!server.present && server.subscription !== undefined
      ? [
          {
            path: ["servers", name, "subscription"],
            found: `found "${server.subscription}" for a server that is not there from the start`,
            wanted: "no subscription: one is made when the lab starts",
            remedy: "Subscribe it in a step, once it has been started",
            restsOn: [],
          },
        ]
      : []),
    ...(orphan
      ? [
          {
            path: ["servers", name, "subscription"],
            found: `found "${server.subscription}", a site without a Hub Transport server`,
            wanted: "a site whose Hubs can synchronize it",
            remedy: `Add HubTransport to the roles of a server in ${server.subscription}`,
            restsOn: ["servers" as const, "sites" as const],
          },
        ]
      : []),
  ];
}

/**
 * /NoSelfSignedCertificates is for Client Access and Unified Messaging servers only; a Hub and an Edge server cannot do
 * without. Source: [bb124273].
 */
function setupSwitch({ servers }: DeclaredTopology, name: string): TopologyProblem[] {
  const { roles = [], noSelfSignedCertificates = false } = servers[name] ?? {};
  if (!noSelfSignedCertificates || roles.some((role) => rolesToSpare.some((spared) => spared === role))) return [];
  return [
    {
      path: ["servers", name, "noSelfSignedCertificates"],
      found: `found it on a server with ${roles.join(", ")}`,
      wanted: `it where ${rolesToSpare.join(" or ")} is among the roles: /NoSelfSignedCertificates is for those only`,
      remedy: "Remove it",
      restsOn: [],
    },
  ];
}

/** Source: [bb123746], "The Edge Transport server role can't coexist with any other server role". */
const edgeWithOtherRole = (name: string, roles: readonly string[]): TopologyProblem => ({
  path: ["servers", name, "roles"],
  found: `found EdgeTransport beside ${roles.filter((role) => role !== "EdgeTransport").join(", ")}`,
  wanted: "EdgeTransport alone",
  remedy: "Give the other roles to another server",
  restsOn: [],
});

function mailboxes(lab: DeclaredTopology): TopologyProblem[] {
  return Object.entries(lab.mailboxes).flatMap(([name, { server }]) => {
    const holder = lab.servers[server];
    const path = ["mailboxes", name, "server"];
    if (!holder) return [unknownName(server, path, "servers", Object.keys(lab.servers))];
    if (!holder.present)
      return [
        {
          path,
          found: `found "${server}", which is not there from the start`,
          wanted: "a server that is",
          remedy: `Remove present: false from lab.servers.${server}, or name another server`,
          restsOn: ["servers" as const],
        },
      ];
    if (holder.roles.includes("Mailbox")) return [];
    return [
      {
        path,
        found: `found "${server}", which has ${holder.roles.join(", ")}`,
        wanted: "a server with the Mailbox role",
        remedy: `Add Mailbox to lab.servers.${server}.roles, or name another server`,
        restsOn: ["servers" as const],
      },
    ];
  });
}

function addresses(lab: DeclaredTopology): TopologyProblem[] {
  const names = Object.keys(lab.mailboxes);
  const all = Object.entries(lab.mailboxes)
    // Names that differ in case only have been told of: their addresses would say it again.
    .filter(([name], index) => names.findIndex((other) => other.toLowerCase() === name.toLowerCase()) === index)
    .flatMap(([name, { addresses: further }]) =>
      addressesOf(name, further, lab.domains).map((address) => {
        const index = further.indexOf(address);
        return { name: address, path: ["mailboxes", name, ...(index < 0 ? [] : ["addresses", index])] };
      }),
    );
  const foreign = all.filter(({ name, path }) => path.length > 2 && !isOwnAddress(name, lab.domains));
  return [
    ...sayTwice("address", all, ["domains"]),
    ...foreign.map(({ name, path }) => ({
      path,
      found: `found "${name}"`,
      wanted: `an address in a domain of lab.domains: ${lab.domains.join(", ")}`,
      remedy: `Add ${name.slice(name.lastIndexOf("@") + 1)} to lab.domains, or change the address`,
      restsOn: ["domains" as const],
    })),
  ];
}

/** Mail of a mailbox is submitted to, and delivered by, a Hub of its own site. Source: [aa998825]. */
function sitesWithoutHub(lab: DeclaredTopology): TopologyProblem[] {
  const members = (site: string) => Object.values(lab.servers).filter((server) => server.site === site);
  return Object.keys(lab.sites).flatMap((site) => {
    const mailboxes = Object.entries(lab.mailboxes).filter(([, { server }]) => lab.servers[server]?.site === site);
    if (mailboxes.length === 0 || members(site).some(({ roles, present }) => present && roles.includes("HubTransport")))
      return [];
    return [
      {
        path: ["sites", site],
        found: `found mailboxes in it (${mailboxes.map(([name]) => name).join(", ")}) and no Hub Transport server`,
        wanted: "a server with the HubTransport role in every site that has mailboxes",
        remedy: `Add HubTransport to the roles of a server in ${site}`,
        restsOn: ["servers" as const, "mailboxes" as const],
      },
    ];
  });
}
