import { certificateStatus, type KeySource, makeSelfSigned, orderForSelection } from "../certificates/index.ts";
import { objectChange, serverId, type LocalCopy, type DirectoryWrite } from "../directory/index.ts";
import type { Clock } from "../base/index.ts";
import type { CertificateView, ServerApi } from "./api.ts";
import { certificateInUse } from "./errors.ts";
import type { InstalledServer } from "./install.ts";

interface CertificateModules {
  server: InstalledServer;
  clock: Clock;
  organization: LocalCopy;
  /** Into this server's own directory; resolves once this process's copy shows it. */
  write(...writes: DirectoryWrite[]): Promise<void>;
  keys: KeySource;
}

type CertificateApi = Pick<
  ServerApi,
  "exchangeCertificates" | "newExchangeCertificate" | "enableExchangeCertificate" | "removeExchangeCertificate"
>;

/** What cmdlets do to the certificates of one server. */
export function certificateApi({ server, clock, organization, write, keys }: CertificateModules): CertificateApi {
  const { store, name } = server;
  const published = (): string | null => organization.server(name)?.internalTransportCertificateThumbprint ?? null;

  const view = (thumbprint: string): CertificateView => {
    const certificate = store.get(thumbprint);
    const { publicKey } = certificate;
    return {
      thumbprint: certificate.thumbprint,
      services: certificate.services,
      subject: certificate.subject,
      issuer: certificate.issuer,
      serialNumber: certificate.serialNumber,
      notBefore: certificate.notBefore,
      notAfter: certificate.notAfter,
      certificateDomains: certificate.certificateDomains,
      hasPrivateKey: certificate.hasPrivateKey,
      privateKeyExportable: certificate.privateKeyExportable,
      isSelfSigned: certificate.selfSigned,
      publicKeySize: publicKey.kind === "RSA" ? publicKey.bits : 256,
      rootCaType: certificate.rootCaType,
      friendlyName: certificate.friendlyName,
      status: certificateStatus(certificate, clock.now(), server.trustedRoots),
      internalTransport: certificate.thumbprint === published(),
    };
  };
  /** Source: [aa998327]: enabled for SMTP, and the prompt answered with yes, it is published for direct trust. */
  const publish = async (thumbprint: string): Promise<void> =>
    write(
      objectChange("server", serverId(name), {
        internalTransportCertificate: Buffer.from(store.get(thumbprint).der).toString("base64"),
        internalTransportCertificateThumbprint: thumbprint,
      }),
    );

  return {
    exchangeCertificates: async () => orderForSelection(store.list()).map(({ thumbprint }) => view(thumbprint)),
    async newExchangeCertificate({ domainNames, friendlyName = "Microsoft Exchange", services, overwriteDefault }) {
      const names = domainNames ?? [name, server.fqdn];
      const made = await makeSelfSigned(store, { names, friendlyName, services, keys, at: clock.now() });
      if (services.includes("SMTP") && (overwriteDefault || published() === null)) await publish(made.thumbprint);
      return view(made.thumbprint);
    },
    async enableExchangeCertificate({ thumbprint, services, overwriteDefault }) {
      const enabled = await store.enableServices(thumbprint, services);
      if (services.includes("SMTP") && (overwriteDefault || published() === null)) await publish(enabled.thumbprint);
    },
    async removeExchangeCertificate(thumbprint) {
      const found = store.get(thumbprint);
      if (found.thumbprint === published()) throw certificateInUse(found.thumbprint, name);
      await store.remove(found.thumbprint);
    },
  };
}
