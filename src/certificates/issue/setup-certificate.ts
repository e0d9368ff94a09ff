import type { Decision, Step } from "../../base/index.ts";
import type { ServerRole } from "../../directory/index.ts";
import { type CertificateService, certificateServices } from "../certificate.ts";

const servicesByRole: Readonly<Record<ServerRole, readonly CertificateService[]>> = {
  HubTransport: ["SMTP"],
  EdgeTransport: ["SMTP"],
  ClientAccess: ["IIS", "POP", "IMAP"],
  UnifiedMessaging: ["UM"],
  Mailbox: [],
};

/** The roles whose certificate Setup can be told not to make. Source: [bb124273], /NoSelfSignedCertificates. */
export const rolesToSpare = ["ClientAccess", "UnifiedMessaging"] as const satisfies readonly ServerRole[];

/**
 * What Setup enables a server's default certificate for; undefined where it makes none, on a Mailbox-only server.
 * Source: [bb851554]. Inferred: the sets of servers with one role.
 */
export function servicesForRoles(roles: readonly ServerRole[]): readonly CertificateService[] | undefined {
  const wanted = roles.flatMap((role) => servicesByRole[role]);
  return wanted.length === 0 ? undefined : certificateServices.filter((service) => wanted.includes(service));
}

/**
 * Decides what Setup makes a new server's self-signed certificate for.
 *
 * @param noSelfSigned whether it was given /NoSelfSignedCertificates, which spares Client Access and Unified Messaging
 * @returns undefined where it makes none; the steps say what then is not encrypted
 * Source: [bb851554]; the switch: [bb124273]. Inferred: beside those two roles, a Hub still gets its certificate, for SMTP.
 */
export function decideSetupCertificate(
  roles: readonly ServerRole[],
  noSelfSigned: boolean,
): Decision<readonly CertificateService[] | undefined> {
  const isSpared = (role: ServerRole): boolean => noSelfSigned && rolesToSpare.some((one) => one === role);
  const outcome = servicesForRoles(roles.filter((role) => !isSpared(role)));
  const spared = roles.filter(isSpared).map((role): Step => {
    const clear = servicesByRole[role].map((service) => `${service} (${trafficOf[service]})`).join(", ");
    return {
      source: "bb124273#NoSelfSignedCertificates",
      text: `${role} gets none; in the clear until it has one: ${clear}`,
    };
  });
  const made = outcome ? `a self-signed one is made for ${outcome.join(", ")}` : "no self-signed one is made";
  return { outcome, steps: [...spared, { source: "bb851554#roles", text: made }] };
}

/** What a service carries. Source: [bb124273], what the switch leaves unencrypted; the clients: [bb851554]. */
const trafficOf: Readonly<Record<CertificateService, string>> = {
  IIS: "Outlook Web Access, ActiveSync, Outlook Anywhere, Web Services",
  IMAP: "IMAP4 clients",
  POP: "POP3 clients",
  SMTP: "mail",
  UM: "Unified Messaging and its gateways",
};

/**
 * The services of a server's Client Access and Unified Messaging roles that no certificate is enabled for, and what they
 * carry in the clear therefore. Source: [bb124273].
 */
export function servicesInTheClear(
  roles: readonly ServerRole[],
  store: readonly { services: readonly CertificateService[] }[],
): { service: CertificateService; traffic: string }[] {
  const wanted = servicesForRoles(roles.filter((role) => rolesToSpare.some((one) => one === role))) ?? [];
  return wanted
    .filter((service) => !store.some(({ services }) => services.includes(service)))
    .map((service) => ({ service, traffic: trafficOf[service] }));
}
