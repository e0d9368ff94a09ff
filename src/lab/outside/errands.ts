import type { Authorities, Certificate } from "../../certificates/index.ts";
import type { Inhabitant, LabErrands } from "../api/index.ts";
import type { Fleet } from "../fleet.ts";
import { carryServerFile, type ServerDisk } from "../server/server-files.ts";
import type { ServerCertificates } from "../server/server-certificate.ts";
import type { AuthorityOffice } from "./authority-files.ts";
import { nobodyNamed } from "./errors.ts";
import { labFaults } from "./faults.ts";
import { answerRequest, authorityNamed, certificateToTrust, viewOfAuthority } from "./issue-certificate.ts";
import { revokeCertificate } from "./revoke-certificate.ts";
import type { World } from "./world.ts";

interface ErrandModules {
  authorities: Authorities;
  office: AuthorityOffice;
  world: World;
  fleet: Pick<Fleet, "all" | "named">;
  certificates: ServerCertificates;
  now(): Date;
}

/** What goes on between the servers of a lab and those who stand outside them. */
export function labErrands({ authorities, office, world, fleet, certificates, now }: ErrandModules): LabErrands {
  const diskOf = (server: string): ServerDisk => fleet.named(server).installed;
  /** Answers that nobody may have imported yet. */
  const answers: Certificate[] = [];
  const known = (): readonly Certificate[] => [
    ...fleet.all.flatMap(({ installed }) => installed.store.list()),
    ...world.certificates(),
    ...[...authorities.values()].map(({ certificate }) => certificate),
    ...answers,
  ];
  const inhabitants = (): readonly Inhabitant[] => [
    ...fleet.all.map(({ installed: { name } }) => ({ kind: "server" as const, name })),
    ...world.outsideHosts().map(({ name }) => ({ kind: "host" as const, name })),
    ...world.attackers().map(({ name }) => ({ kind: "attacker" as const, name })),
  ];
  const among = (name: string, wanted: string, kinds: readonly Inhabitant["kind"][]): Inhabitant => {
    const all = inhabitants().filter(({ kind }) => kinds.includes(kind));
    const found = all.find((one) => one.name.toLowerCase() === name.toLowerCase());
    const names = all.map((one) => one.name);
    if (!found) throw nobodyNamed(name, wanted, names);
    return found;
  };
  const revocation = { authorities, office, certificates: known, diskOf, now };
  return {
    inhabitants: async () => inhabitants(),
    authorities: () =>
      Promise.all([...authorities.values()].map((authority) => viewOfAuthority(authority, authorities, office))),
    async issueFromRequest({ authority, on, ...files }) {
      const issued = await answerRequest(files, authorityNamed(authority, authorities), diskOf(on), now());
      answers.push(issued);
      return issued.thumbprint;
    },
    revokeCertificate: (wanted) => revokeCertificate(wanted, revocation),
    async trustCertificate(wanted) {
      const { kind, name } = among(wanted.by, "the server or outside host", ["server", "host"]);
      const certificate = await certificateToTrust(wanted, authorities, diskOf);
      if (kind === "host") await world.trustCertificate(name, certificate);
      else await fleet.named(name).installed.rootStore.install(certificate);
      return certificate.thumbprint;
    },
    carryFile: async (file, from, to) => carryServerFile(file, diskOf(from), diskOf(to)),
    ...labFaults({
      inhabitant: (name) => among(name, "the server, outside host or attacker", ["server", "host", "attacker"]),
      world,
      replaceCertificate: (server, certificate, published) =>
        certificates.replace(fleet.named(server), certificate, published),
      restoreCertificate: (server) => certificates.restore(fleet.named(server)),
    }),
  };
}
