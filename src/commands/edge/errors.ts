import { LabError } from "../../base/index.ts";

/** A subscription file without the ending it needs. */
export const subscriptionFileName = (fileName: string): LabError =>
  new LabError("COMMAND_SUBSCRIPTION_FILE_NAME", `Cannot use the file "${fileName}": its name must end in .xml`, {
    remedy: `Write -FileName ${fileName.replace(/\.[^.\\/]*$/, "")}.xml`,
    details: { fileName },
  });

/** A subscription file is imported without the site that the Edge Transport server belongs to. */
export const subscriptionSiteNeeded = (server: string, sites: readonly string[]): LabError =>
  new LabError("COMMAND_SUBSCRIPTION_SITE_NEEDED", `Cannot import a subscription on ${server}: it needs -Site`, {
    remedy: `Add -Site and one of ${sites.join(", ")}`,
    details: { server, sites },
  });

/** EdgeSync was to start on another server than the one the cmdlet runs on. */
export const synchronizationElsewhere = (wanted: string, server: string): LabError =>
  new LabError(
    "COMMAND_EDGESYNC_ELSEWHERE",
    `Cannot start EdgeSync of ${wanted} from ${server}: a cmdlet reaches the server it runs on only`,
    { remedy: `Run Start-EdgeSynchronization on ${wanted}`, details: { wanted, server } },
  );

/** One recipient and the configuration were to be tested at once. */
export const testsExclusive = (parameter: string): LabError =>
  new LabError(
    "COMMAND_EDGESYNC_TEST_EXCLUSIVE",
    `Cannot take -VerifyRecipient together with -${parameter}: it looks at one recipient and at nothing else`,
    { remedy: "Run Test-EdgeSynchronization twice", details: { parameter } },
  );

/** A text that is no address stands where a recipient must. */
export const recipientMalformed = (found: string): LabError =>
  new LabError("COMMAND_EDGESYNC_RECIPIENT_MALFORMED", `Cannot look for "${found}": it is no SMTP address`, {
    remedy: "Write -VerifyRecipient anna@contoso.com",
    details: { found },
  });
