import {
  type Certificate,
  importCertificate,
  makeRequest,
  makeSelfSigned,
  orderForSelection,
  requestToPem,
  servicesInTheClear,
  type StoredCertificate,
  type KeySource,
} from "../../certificates/index.ts";
import { objectChange, serverId, type LocalCopy, type DirectoryWrite } from "../../directory/index.ts";
import type { Clock } from "../../base/index.ts";
import type { CertificateExport, CertificateView, ServerApi, Topology } from "../api/index.ts";
import { certificatePreview } from "./certificate-preview.ts";
import { certificateView, requestView } from "./certificate-view.ts";
import type { InstalledServer } from "../server/install.ts";
import { readServerBytes, writeServerFile } from "../server/server-files.ts";
import { wantedCertificate, wantedServices } from "./wanted-certificate.ts";

interface CertificateModules {
  server: InstalledServer;
  topology: Pick<Topology, "renewalKeepsIis" | "smtpCertificates">;
  clock: Clock;
  organization: LocalCopy;
  /** Into this server's own directory; resolves once this process's copy shows it. */
  write(...writes: DirectoryWrite[]): Promise<void>;
  keys: KeySource;
}

type CertificateApi = Pick<
  ServerApi,
  | "exchangeCertificates"
  | "previewCertificateChange"
  | "newExchangeCertificate"
  | "newCertificateRequest"
  | "importCertificate"
  | "exportCertificate"
  | "enableExchangeCertificate"
  | "removeExchangeCertificate"
  | "servicesInTheClear"
>;

/** What cmdlets do to the certificates of one server. */
export function certificateApi(modules: CertificateModules): CertificateApi {
  const { server, topology, clock, organization, write, keys } = modules;
  const { store, name, fqdn, trust } = server;
  const published = (): string | null => organization.server(name)?.internalTransportCertificateThumbprint ?? null;
  const preview = certificatePreview({ ...modules, published });
  const view = (certificate: StoredCertificate): CertificateView =>
    certificateView(certificate, { at: clock.now(), trust, published: published() });

  const publish = async ({ thumbprint, der }: Certificate): Promise<void> =>
    write(
      objectChange("server", serverId(name), {
        internalTransportCertificate: Buffer.from(der).toString("base64"),
        internalTransportCertificateThumbprint: thumbprint,
      }),
    );
  /**
   * Enabled for SMTP, and the prompt answered with yes, it is published for direct trust; without anything to replace,
   * where it bears the server's name. Source: [aa998327], [exchange-certificate-cmdlets] New-.
   */
  const publishIfDue = async (certificate: StoredCertificate, overwriteDefault: boolean): Promise<void> => {
    if (!certificate.services.includes("SMTP")) return;
    if (published() === null ? isNamedFor(certificate, [name, fqdn]) : overwriteDefault) await publish(certificate);
  };

  return {
    servicesInTheClear: async () => servicesInTheClear(server.roles, store.list()),
    exchangeCertificates: async () => [
      ...orderForSelection(store.list()).map(view),
      ...store.requests().map(requestView),
    ],
    previewCertificateChange: preview,
    async newExchangeCertificate(wanted) {
      await preview({ kind: "new", wanted });
      const { services: asked, ...request } = wanted;
      const like = request.like === undefined ? undefined : store.get(request.like);
      const services = wantedServices(asked, like, topology.renewalKeepsIis, server.roles);
      const made = wantedCertificate(server, request, { keys, at: clock.now() });
      return { ...view(await makeSelfSigned(store, { ...made, services: [] })), services };
    },
    async newCertificateRequest(wanted) {
      await preview({ kind: "request", wanted });
      const { path, binaryEncoded, overwrite: _, ...request } = wanted;
      const pending = await makeRequest(store, wantedCertificate(server, request, { keys, at: clock.now() }));
      const content = binaryEncoded ? pending.der : requestToPem(pending.der);
      await writeServerFile(server, path, content).catch(async (failure: unknown) => {
        await store.remove(pending.thumbprint); // nobody has seen it
        throw failure;
      });
      return requestView(pending);
    },
    async importCertificate({ path, password, friendlyName, privateKeyExportable }) {
      const imported = await importCertificate(store, await readServerBytes(server, path), {
        password,
        friendlyName,
        privateKeyExportable,
        // Inferred: an authority that this server trusts, now or later, is the enterprise's.
        rootCaTypeOf: ({ selfSigned }) => (selfSigned ? "None" : "Enterprise"),
      });
      // Inferred: what may be published is what would be, had Setup made it. Source: [exchange-certificate-cmdlets] Import-.
      if (published() === null && isNamedFor(imported, [fqdn])) await publish(imported);
      return view(imported);
    },
    async exportCertificate(wanted) {
      await preview({ kind: "export", wanted });
      const content = exported(server, wanted);
      if (wanted.path !== undefined) await writeServerFile(server, wanted.path, content);
      return content;
    },
    async enableExchangeCertificate(wanted) {
      await preview({ kind: "enable", wanted });
      const { thumbprint, services, overwriteDefault } = wanted;
      // Inferred: where SMTP has one certificate only, who says no to another default keeps SMTP where it is.
      const keepsSmtp = topology.smtpCertificates === "one" && published() !== null && !overwriteDefault;
      const added = keepsSmtp ? services.filter((service) => service !== "SMTP") : services;
      await publishIfDue(await store.enableServices(thumbprint, added), overwriteDefault);
    },
    async removeExchangeCertificate(thumbprint) {
      await preview({ kind: "remove", wanted: { thumbprint } });
      await store.remove(thumbprint);
    },
  };
}

/** In its subject or its alternative names. */
const isNamedFor = ({ certificateDomains }: Certificate, names: readonly string[]): boolean =>
  certificateDomains.some((one) => names.some((name) => name.toLowerCase() === one.toLowerCase()));

/** Of a request PKCS #10, of a certificate with its key PKCS #12, for which the preview has seen a password. */
function exported(
  { store }: Pick<InstalledServer, "store">,
  { thumbprint, password = "", binaryEncoded }: CertificateExport,
): Uint8Array {
  const pending = store.requests().find((one) => one.thumbprint === thumbprint);
  if (pending) return binaryEncoded ? pending.der : Buffer.from(requestToPem(pending.der));
  const content = store.exportPfx(thumbprint, password);
  return binaryEncoded ? content : Buffer.from(base64Lines(content));
}

const base64Lines = (content: Uint8Array): string =>
  Buffer.from(content)
    .toString("base64")
    .replaceAll(/(.{64})/g, "$1\r\n");
