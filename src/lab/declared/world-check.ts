import { nearestOf } from "../../base/index.ts";
import type { DeclaredTopology } from "./topology.ts";
import { type Named, sayTwice, type TopologyProblem, type TopologySection } from "./topology-check.ts";
import type { DeclaredWorldFile } from "./world-topology.ts";

type Host = DeclaredWorldFile["hosts"][string];
type Path = (string | number)[];

/**
 * Checks a declared world as a whole, beside the lab that it surrounds: that what one part names another declares, that
 * nothing is there twice, and that nobody is asked for what cannot be. Finds everything at once. Pure.
 */
export const checkWorld = (world: DeclaredWorldFile, lab: DeclaredTopology): TopologyProblem[] => [
  ...(["authorities", "hosts", "attackers"] as const).flatMap((section) =>
    sayTwice(
      { authorities: "authority", hosts: "host", attackers: "attacker" }[section],
      Object.keys(world[section]).map((name) => ({ name, path: [section, name] })),
    ),
  ),
  ...authorities(world),
  ...Object.entries(world.hosts).flatMap(([name, host]) => hostProblems(name, host, world, lab)),
  ...attackers(world, lab),
];

/** That the authorities exist which the servers of a lab have to do with; paths are from `lab` down. Pure. */
export const checkAuthoritiesOfServers = (world: DeclaredWorldFile, lab: DeclaredTopology): TopologyProblem[] =>
  Object.entries(lab.servers).flatMap(([server, { certificate, certificates, trusts }]) =>
    unknownAuthorities(world, [
      {
        name: typeof certificate === "object" ? certificate.issuer : undefined,
        path: ["servers", server, "certificate", "issuer"],
      },
      ...certificates.map((certificate, index) => ({
        name: typeof certificate === "object" ? certificate.issuer : undefined,
        path: ["servers", server, "certificates", index, "issuer"],
      })),
      ...trusts.map((name, index) => ({ name, path: ["servers", server, "trusts", index] })),
    ]),
  );

function unknownAuthorities(
  world: DeclaredWorldFile,
  named: readonly { name: string | undefined; path: Path }[],
): TopologyProblem[] {
  const known = Object.keys(world.authorities);
  return named.flatMap(({ name, path }) =>
    name === undefined || known.includes(name) ? [] : [unknown(name, path, "authorities", "an authority", known)],
  );
}

function unknown(
  name: string,
  path: Path,
  section: "authorities" | "hosts",
  wanted: string,
  known: readonly string[],
): TopologyProblem {
  const near = nearestOf(name, known);
  const declare = `eclare ${name} under world.${section}`;
  return {
    path,
    found: `found "${name}", which world.${section} does not declare`,
    wanted: `${wanted} of world.${section}: ${known.join(", ") || "none is declared"}`,
    remedy: near ? `Write ${near}, or d${declare}` : `D${declare}`,
    restsOn: [section],
  };
}

function authorities(world: DeclaredWorldFile): TopologyProblem[] {
  const above = (name: string): string | undefined => world.authorities[name]?.issuedBy;
  return Object.keys(world.authorities).flatMap((name) => {
    const path = ["authorities", name, "issuedBy"];
    const way = [name];
    for (let next = above(name); next !== undefined && !way.includes(next); next = above(next)) way.push(next);
    if (above(way.at(-1) as string) !== name) return unknownAuthorities(world, [{ name: above(name), path }]);
    return [
      {
        path,
        found: `found a circle: ${[...way, name].join(" is issued by ")}`,
        wanted: "a root above every authority",
        remedy: "Take issuedBy away from one of them",
        restsOn: [],
      },
    ];
  });
}

function hostProblems(name: string, host: Host, world: DeclaredWorldFile, lab: DeclaredTopology): TopologyProblem[] {
  const at = (...path: Path): Path => ["hosts", name, ...path];
  const domains = host.domains.map((domain, index): Named =>
    typeof domain === "string"
      ? { name: domain, path: at("domains", index) }
      : { name: domain.name, path: at("domains", index, "name") },
  );
  const certificate = typeof host.certificate === "object" ? host.certificate : undefined;
  return [
    ...nameOfServer(name, lab),
    ...sayTwice("domain of a host", domains),
    ...domains.flatMap((domain) => domainOfTheLab(domain, lab)),
    ...unknownAuthorities(world, [
      { name: certificate?.issuer, path: at("certificate", "issuer") },
      ...(host.trusts ?? []).map((trusted, index) => ({ name: trusted, path: at("trusts", index) })),
    ]),
    ...behaviour(host, at),
    ...elsewhere(host, at),
  ];
}

const isSame = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

function nameOfServer(name: string, { servers, domains }: DeclaredTopology): TopologyProblem[] {
  const taken = Object.entries(servers).find(([server, { dnsSuffix = domains[0] }]) =>
    isSame(name, `${server}.${dnsSuffix}`),
  );
  if (!taken) return [];
  return [
    problem(["hosts", name], `found "${name}", which is the server ${taken[0]}`, "a host outside the organization", {
      remedy: "Give it another name",
      restsOn: ["servers", "domains"],
    }),
  ];
}

function domainOfTheLab({ name, path }: Named, { domains }: DeclaredTopology): TopologyProblem[] {
  if (!domains.some((domain) => isSame(domain, name))) return [];
  return [
    problem(path, `found "${name}", which is one of lab.domains`, "a domain outside the organization", {
      remedy: "Remove it here or there",
      restsOn: ["domains"],
    }),
  ];
}

function behaviour(host: Host, at: (...path: Path) => Path): TopologyProblem[] {
  const { tls = "offered", certificate, clientCertificates = "ignored", sends, trusts = [] } = host;
  const needsTrust = clientCertificates === "required" ? "clientCertificates" : "sends";
  return [
    ...(tls === "required" && certificate === "none"
      ? [
          problem(at("tls"), 'found "required" and no certificate', "a certificate to offer TLS with", {
            remedy: "Give it a certificate, or write tls: none",
          }),
        ]
      : []),
    ...(clientCertificates !== "ignored" && (tls === "none" || certificate === "none")
      ? [
          problem(at("clientCertificates"), `found "${clientCertificates}" without TLS`, "TLS to ask for them in", {
            remedy: "Write tls: offered and a certificate, or leave clientCertificates out",
          }),
        ]
      : []),
    ...((clientCertificates === "required" || sends === "verified") && trusts.length === 0
      ? [
          problem(at(needsTrust), `found "${host[needsTrust]}" and no authority that it trusts`, "`trusts` beside it", {
            remedy: "Add trusts: with an authority of world.authorities",
          }),
        ]
      : []),
  ];
}

/** What listens there is not ours to arrange; a certificate it can be given. */
function elsewhere(host: Host, at: (...path: Path) => Path): TopologyProblem[] {
  const { domains: _, at: place, certificate: __, ...arranged } = host;
  if (place === undefined) return [];
  return Object.entries(arranged).flatMap(([key, value]) =>
    value === undefined
      ? []
      : [
          problem(
            at(key),
            `found it beside \`at\``,
            "domains and a certificate, and no more, for a server that the lab does not start",
            { remedy: `Remove ${key}, or \`at\`` },
          ),
        ],
  );
}

function attackers(world: DeclaredWorldFile, lab: DeclaredTopology): TopologyProblem[] {
  const known = [...Object.keys(lab.servers), ...Object.keys(world.hosts)];
  return Object.entries(world.attackers).flatMap(([name, { before, service, does }]) => {
    const at = (...path: Path): Path => ["attackers", name, ...path];
    if (!known.includes(before)) {
      const wanted = `a server of lab.servers or a host of world.hosts: ${known.join(", ") || "there is none"}`;
      const near = nearestOf(before, known);
      const remedy = near ? `Write ${near}` : "Name one of them";
      return [problem(at("before"), `found "${before}"`, wanted, { remedy, restsOn: ["servers", "hosts"] })];
    }
    if (service === "smtp") return [];
    const isEdge = lab.servers[before]?.roles.includes("EdgeTransport") ?? false;
    return [
      ...(isEdge
        ? []
        : [
            problem(at("service"), `found "edgesync" before ${before}`, "an Edge Transport server behind it", {
              remedy: "Write service: smtp, or name an Edge Transport server",
              restsOn: ["servers"],
            }),
          ]),
      ...(does === "strip-starttls" || does === "inject-plain-text"
        ? [
            problem(
              at("does"),
              `found "${does}" with edgesync`,
              "swap-certificate or listen: there TLS begins at once",
              {
                remedy: "Write swap-certificate or listen",
              },
            ),
          ]
        : []),
    ];
  });
}

const problem = (
  path: Path,
  found: string,
  wanted: string,
  { remedy, restsOn = [] }: { remedy: string; restsOn?: readonly TopologySection[] },
): TopologyProblem => ({ path, found, wanted, remedy, restsOn });
