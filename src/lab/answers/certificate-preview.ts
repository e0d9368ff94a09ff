import {
  type CertificateService,
  checkNames,
  commonNameIn,
  exchangeInvalidity,
  importableIn,
  type KeySource,
  privateKeyMissing,
  type StoredCertificate,
  unfitForExchange,
} from "../../certificates/index.ts";
import type { Clock } from "../../base/index.ts";
import type {
  CertificateChange,
  CertificateExport,
  CertificateImport,
  NewCertificate,
  NewCertificateRequest,
  Topology,
  WantedCertificateFields,
} from "../api/index.ts";
import { certificateInUse, exportPasswordNeeded, wildcardForMail } from "../errors.ts";
import { type InstalledServer, servicesOfOne } from "../server/install.ts";
import { checkWritable, readServerBytes } from "../server/server-files.ts";
import { wantedCertificate, wantedServices } from "./wanted-certificate.ts";

interface PreviewModules {
  server: InstalledServer;
  topology: Pick<Topology, "renewalKeepsIis" | "smtpCertificates">;
  clock: Clock;
  keys: KeySource;
  /** Thumbprint of the one that the directory publishes for the server. */
  published(): string | null;
}

/**
 * What would come of a change to a server's certificates, in lines, with everything that refuses it as far as it can be
 * known before. The changes themselves begin with it.
 */
export function certificatePreview(modules: PreviewModules): (change: CertificateChange) => Promise<readonly string[]> {
  return async (change) => {
    switch (change.kind) {
      case "new":
        return previewNew(change.wanted, modules);
      case "request":
        return previewRequest(change.wanted, modules);
      case "import":
        return previewImport(change.wanted, modules);
      case "export":
        return previewExport(change.wanted, modules);
      case "enable":
        return previewEnabling(change.wanted, modules);
      case "remove":
        return previewRemoval(change.wanted, modules);
    }
  };
}

function previewNew({ services: asked, ...wanted }: NewCertificate, modules: PreviewModules): readonly string[] {
  const { server, topology } = modules;
  const like = wanted.like === undefined ? undefined : server.store.get(wanted.like);
  const services = wantedServices(asked, like, topology.renewalKeepsIis, server.roles);
  const { names, lines } = previewNames(wanted, modules);
  refuseWildcardForMail(names, services);
  return [...lines, `Services: ${services.join(", ") || "None"}`, ...whoGives(undefined, services, modules)];
}

async function previewRequest(
  { path, overwrite, ...wanted }: NewCertificateRequest,
  modules: PreviewModules,
): Promise<readonly string[]> {
  const { lines } = previewNames(wanted, modules);
  await checkWritable(modules.server, path, overwrite);
  return [...lines, `The request is written to ${path}`];
}

function previewNames(
  wanted: WantedCertificateFields,
  { server, keys, clock }: PreviewModules,
): { names: readonly string[]; lines: readonly string[] } {
  const { subject, domainNames, keySize } = wantedCertificate(server, wanted, { keys, at: clock.now() });
  const commonName = commonNameIn(subject) ?? "";
  checkNames({ commonName, domainNames });
  const key = keySize === undefined ? [] : [`Key: RSA, ${keySize} bits`];
  return { names: domainNames, lines: [`Common name: ${commonName}`, `Names: ${domainNames.join(", ")}`, ...key] };
}

async function previewImport(
  { path, password }: CertificateImport,
  { server }: PreviewModules,
): Promise<readonly string[]> {
  const { subject, thumbprint } = importableIn(server.store, await readServerBytes(server, path), password);
  return [`${path} holds the certificate ${thumbprint} of ${subject}`];
}

/** Source: [exchange-certificate-cmdlets] Export-: a request as PKCS #10, a certificate with its key as PKCS #12. */
async function previewExport(
  { thumbprint, path, password, overwrite }: CertificateExport,
  { server }: PreviewModules,
): Promise<readonly string[]> {
  const isRequest = server.store.requests().some((one) => one.thumbprint === thumbprint);
  if (!isRequest) {
    server.store.checkExportable(thumbprint);
    if (password === undefined) throw exportPasswordNeeded(thumbprint);
  }
  if (path !== undefined) await checkWritable(server, path, overwrite);
  return [`${isRequest ? "PKCS #10" : "PKCS #12"} is ${path === undefined ? "shown" : `written to ${path}`}`];
}

function previewEnabling(
  { thumbprint, services }: { thumbprint: string; services: readonly CertificateService[] },
  modules: PreviewModules,
): readonly string[] {
  const certificate = modules.server.store.get(thumbprint);
  refuseUnfit(certificate, modules);
  refuseWildcardForMail(certificate.certificateDomains, services);
  return [`Services so far: ${certificate.services.join(", ") || "None"}`, ...whoGives(certificate, services, modules)];
}

function previewRemoval({ thumbprint }: { thumbprint: string }, modules: PreviewModules): readonly string[] {
  const { server, published } = modules;
  const held = server.store.find(thumbprint);
  if (held && held.thumbprint === published()) throw certificateInUse(held.thumbprint, server.name);
  const others = server.store.list().filter((other) => other !== held);
  const left = held?.services.filter((service) => !others.some(({ services }) => services.includes(service))) ?? [];
  return left.map((service) => `No other certificate here is enabled for ${service}`);
}

/** From whom one certificate takes what only one may have, and which one it may replace as the default for SMTP. */
function whoGives(
  taker: StoredCertificate | undefined,
  services: readonly CertificateService[],
  { server, topology, published }: PreviewModules,
): readonly string[] {
  const taken = services.filter((service) => servicesOfOne(topology).includes(service));
  const givers = server.store.list().filter((other) => other.thumbprint !== taker?.thumbprint);
  const given = givers.flatMap((other) =>
    taken
      .filter((service) => other.services.includes(service))
      .map((service) => `${service} is taken from ${other.thumbprint}`),
  );
  const current = published();
  const asks = services.includes("SMTP") && current !== null && current !== taker?.thumbprint;
  return asks ? [...given, `The default SMTP certificate is ${current}`] : given;
}

function refuseUnfit(certificate: StoredCertificate, { server, clock }: PreviewModules): void {
  const invalidity = exchangeInvalidity(certificate, clock.now(), server.trust);
  if (invalidity?.reason === "PrivateKeyMissing") throw privateKeyMissing(certificate.thumbprint);
  if (invalidity?.refused) throw unfitForExchange(certificate.thumbprint, invalidity.reason);
}

/** Source: [exchange-certificate-cmdlets] Enable-: a wildcard certificate is not for POP and IMAP. */
function refuseWildcardForMail(names: readonly string[], services: readonly CertificateService[]): void {
  const wildcard = names.find((name) => name.startsWith("*."));
  const service = services.find((one) => one === "POP" || one === "IMAP");
  if (wildcard !== undefined && service !== undefined) throw wildcardForMail(wildcard, service);
}
