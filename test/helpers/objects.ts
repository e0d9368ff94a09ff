import { defaultTransportSettings, type ExchangeServer, type Mailbox } from "../../src/directory/index.ts";

/** A server object with whatever the test is about; the rest is a Hub in SiteA with nothing published. */
export const serverObject = (about: Partial<ExchangeServer> & { name: string }): ExchangeServer => ({
  fqdn: `${about.name}.proexchange.local`,
  site: "SiteA",
  roles: ["HubTransport"],
  internalTransportCertificate: null,
  internalTransportCertificateThumbprint: null,
  machineKey: null,
  transport: defaultTransportSettings,
  edge: null,
  ...about,
});

/** A mailbox with whatever the test is about. */
export const mailboxObject = (about: Partial<Mailbox> & { name: string }): Mailbox => ({
  displayName: about.name,
  server: "Ex2007EE",
  addresses: [`${about.name}@proexchange.local`],
  passwordVerifier: "",
  requireSenderAuthentication: false,
  safeSenders: [],
  safeRecipients: [],
  ...about,
});
