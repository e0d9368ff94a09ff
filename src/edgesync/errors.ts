import { LabError } from "../base/index.ts";

const exportAgain = (edge: string): string =>
  `Run New-EdgeSubscription -FileName on ${edge} again, and import the new file within its 24 hours`;

/** `New-EdgeSubscription` was given a file that is not a subscription file. */
export const edgeFileMalformed = (line: number, problem: string, cause?: unknown): LabError =>
  new LabError("EDGE_FILE_MALFORMED", `Cannot read the subscription file: line ${line}: ${problem}`, {
    remedy: "Import the file as New-EdgeSubscription wrote it on the Edge Transport server",
    details: { line },
    cause,
  });

/** A subscription file is no longer what the Edge server signed. */
export const edgeFileAltered = (edge: string): LabError =>
  new LabError(
    "EDGE_FILE_ALTERED",
    `Cannot import the subscription file of ${edge}: it was changed after the certificate in it had signed it`,
    { remedy: "Import the file as New-EdgeSubscription wrote it on the Edge Transport server", details: { edge } },
  );

/** The 24 hours of a subscription file are over, or have not begun. */
export const edgeFileOutOfDate = (edge: string, validity: { from: Date; until: Date; at: Date }): LabError => {
  const { from, until, at } = validity;
  const why = at < from ? `it is valid from ${from.toISOString()}` : `it expired at ${until.toISOString()}`;
  return new LabError(
    "EDGE_FILE_OUT_OF_DATE",
    `Cannot import the subscription file of ${edge}: ${why}, and now it is ${at.toISOString()}`,
    { remedy: exportAgain(edge), details: { edge, from, until, at } },
  );
};

/** A subscription file was imported before, or a newer one of the same Edge server was. */
export const edgeFileUsed = (edge: string, made: string, imported: string): LabError =>
  new LabError(
    "EDGE_FILE_USED",
    made === imported
      ? `Cannot import the subscription file of ${edge}: this file, made at ${made}, was imported before`
      : `Cannot import the subscription file of ${edge}: it was made at ${made}, and one made at ${imported} was imported already`,
    { remedy: exportAgain(edge), details: { edge, made, imported } },
  );

/** What a subscription file says does not belong together, or belongs to another server. */
export const edgeFileForeign = (edge: string, problem: string): LabError =>
  new LabError("EDGE_FILE_FOREIGN", `Cannot import the subscription file of ${edge}: ${problem}`, {
    remedy: `Give ${edge} a certificate of its own with its FQDN in it; then run New-EdgeSubscription -FileName on it again`,
    details: { edge },
  });

/** A subscription to a site that the organization does not have. */
export const edgeSiteUnknown = (site: string, known: readonly string[]): LabError =>
  new LabError(
    "EDGE_SITE_UNKNOWN",
    `Cannot subscribe to Active Directory site "${site}": the organization has ${known.join(", ") || "no site"}`,
    { remedy: "Name one of its sites with -Site", details: { site, known } },
  );

/** A subscription to a site in which no Hub Transport server could replicate. */
export const edgeSiteWithoutHub = (site: string): LabError =>
  new LabError(
    "EDGE_SITE_WITHOUT_HUB",
    `Cannot subscribe to Active Directory site ${site}: it has no Hub Transport server with a published certificate`,
    { remedy: "Subscribe to a site with a Hub Transport server", details: { site } },
  );

/** A subscription file names a host that cannot be found from here. */
export const edgeHostUnknown = (fqdn: string, port: number): LabError =>
  new LabError("EDGE_HOST_UNKNOWN", `Cannot subscribe ${fqdn}: nothing of that name is to be found at port ${port}`, {
    remedy: "Check that the Edge Transport server runs, and that its name and AdamSslPort are those in the file",
    details: { fqdn, port },
  });

/** An Edge server bears the name of a server of the organization. */
export const edgeNameTaken = (name: string, roles: readonly string[]): LabError =>
  new LabError(
    "EDGE_NAME_TAKEN",
    `Cannot subscribe ${name}: the organization has a server of that name, with the roles ${roles.join(", ")}`,
    { remedy: "Give the Edge Transport server another name", details: { name, roles } },
  );

/** An Edge server belongs to one site only. */
export const edgeSubscribedElsewhere = (edge: string, site: string, wanted: string): LabError =>
  new LabError(
    "EDGE_SUBSCRIBED_ELSEWHERE",
    `Cannot subscribe ${edge} to Active Directory site ${wanted}: it is subscribed to ${site}`,
    { remedy: `Run Remove-EdgeSubscription ${edge} on a Hub first`, details: { edge, site, wanted } },
  );

/** An Edge server without a certificate of its own can neither be trusted nor told secrets. */
export const edgeCertificateMissing = (server: string): LabError =>
  new LabError(
    "EDGE_CERTIFICATE_MISSING",
    `Cannot begin a subscription on ${server}: its internal transport certificate, or the private key of it, is missing`,
    { remedy: "Make one with New-ExchangeCertificate, enabled for SMTP", details: { server } },
  );

/** A subscription was named that this server does not know. */
export const edgeSubscriptionUnknown = (name: string, known: readonly string[]): LabError =>
  new LabError(
    "EDGE_SUBSCRIPTION_UNKNOWN",
    `There is no Edge Subscription "${name}" here: ${known.length > 0 ? `there is ${known.join(", ")}` : "there is none"}`,
    { remedy: "Run Get-EdgeSubscription and take a Name from its output", details: { name, known } },
  );

/** A synchronization was started by hand while another one with the same Edge server was under way. */
export const edgeSyncInProgress = (edge: string): LabError =>
  new LabError("EDGE_SYNC_IN_PROGRESS", `Cannot synchronize ${edge} now: a synchronization with it is in progress`, {
    remedy: "Wait for its end, and look at Test-EdgeSynchronization",
    details: { edge },
  });

/** A Hub was asked to synchronize, and has no Edge server, or not that one, in its site. */
export const edgeSyncNoEdgeInSite = (
  site: string,
  wanted: string | undefined,
  edges: readonly { name: string; site: string | null }[],
): LabError => {
  const known = edges.map((edge) => `${edge.name} to ${edge.site ?? "no site"}`).join(", ");
  return new LabError(
    "EDGE_SYNC_NO_EDGE_IN_SITE",
    `Cannot synchronize ${wanted ?? "Edge Transport servers"} from Active Directory site ${site}: ${wanted ?? "none"} is ${wanted === undefined ? "" : "not "}subscribed to it; ${known ? `subscribed are ${known}` : "there is no subscription"}`,
    { remedy: "Run it on a Hub of the site that the Edge server is subscribed to", details: { site, wanted } },
  );
};
