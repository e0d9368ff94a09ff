import { isEdge } from "../../directory/index.ts";
import type { ServerApi } from "../../lab/index.ts";
import { siteNamed } from "../organization/ad-site.ts";
import { type CmdletContext, defineCmdlet, type Question } from "../definition/define-cmdlet.ts";
import { edgeSubscriptionColumns, replicatedKinds, shownEdgeSubscription } from "./edge-subscription.ts";
import { parameterNotHere } from "../definition/errors.ts";
import { subscriptionFileName, subscriptionSiteNeeded } from "./errors.ts";
import type { Given, ParameterSpecs } from "../definition/parameter.ts";

const parameters = {
  FileName: { type: "string", position: 0, mandatory: true, help: "The subscription file; its name ends in `.xml`" },
  Site: {
    type: "string",
    help: "On a Hub, and needed there: the Active Directory site that the Edge Transport server belongs to",
  },
  CreateInternetSendConnector: {
    type: "boolean",
    help: "On a Hub: whether the site gets a Send connector from the Edge Transport server to the Internet",
    default: "yes",
  },
  CreateInboundSendConnector: {
    type: "boolean",
    help: "On a Hub: whether it gets one from the Edge Transport server to its Hubs",
    default: "yes",
  },
  Force: {
    type: "switch",
    help: "On an Edge Transport server: says yes to what is deleted there, and replaces a file of that name",
  },
} as const satisfies ParameterSpecs;

export const newEdgeSubscription = defineCmdlet({
  verb: "New",
  noun: "EdgeSubscription",
  synopsis:
    "On an Edge Transport server, writes a subscription file and gives what EdgeSync replicates out of hand; on a Hub, takes the file in.",
  source: "[bb123800]",
  parameters,
  shouldProcess: "medium",
  asks: [
    "on an Edge Transport server, whether it may delete and disable what EdgeSync will manage, unless `-Force` is given.",
  ],
  errors: [
    "COMMAND_SUBSCRIPTION_FILE_NAME",
    "COMMAND_SUBSCRIPTION_SITE_NEEDED",
    "COMMAND_PARAMETER_NOT_ON_THIS_ROLE",
    "COMMAND_CONFIRMATION_NEEDED",
    "COMMAND_SITE_UNKNOWN",
    "EDGE_CERTIFICATE_MISSING",
    "EDGE_FILE_ALTERED",
    "EDGE_FILE_FOREIGN",
    "EDGE_FILE_MALFORMED",
    "EDGE_FILE_OUT_OF_DATE",
    "EDGE_FILE_USED",
    "EDGE_HOST_UNKNOWN",
    "EDGE_NAME_TAKEN",
    "EDGE_SITE_WITHOUT_HUB",
    "EDGE_SUBSCRIBED_ELSEWHERE",
  ],
  examples: [
    {
      line: String.raw`New-EdgeSubscription -FileName "C:\EdgeSubscriptionInfo.xml" -Force`,
      does: "On an Edge Transport server: writes the file.",
    },
    {
      line: String.raw`New-EdgeSubscription -FileName "C:\EdgeSubscriptionInfo.xml" -Site SiteA`,
      does: "On a Hub: takes it in.",
    },
  ],
  columns: [...edgeSubscriptionColumns, { property: "ExpiresAt" }],
  async *run(context, given) {
    if (!/[^\\/]\.xml$/i.test(given.FileName)) throw subscriptionFileName(given.FileName); // Source: [ps-exchange-2007] ch. 9
    yield* isEdge(context.server) ? exportFile(context, given) : importFile(context, given);
  },
});

type Subscribing = Given<typeof parameters>;

async function* exportFile({ server, ask, shouldProcess }: CmdletContext, given: Subscribing): AsyncIterable<object> {
  for (const parameter of ["Site", "CreateInternetSendConnector", "CreateInboundSendConnector"] as const)
    if (given[parameter] !== undefined)
      throw parameterNotHere("New-EdgeSubscription", parameter, server.name, "Hub Transport servers");
  if (!(await shouldProcess("New-EdgeSubscription", server.name))) return;
  if (given.Force !== true && !(await ask(await whatIsLost(server)))) return;

  const made = await server.exportEdgeSubscription({ fileName: given.FileName, overwrite: true });
  // Ours: Exchange says in words when the bootstrap account expires.
  const domain = made.edgeServerFqdn.slice(server.name.length + 1);
  yield { Name: server.name, Site: null, Domain: domain, FileName: given.FileName, ExpiresAt: made.expiresAt };
}

/** What a person must know before it is gone. Source: [bb123800]: the kinds are named and the cmdlets listed. */
async function whatIsLost(server: ServerApi): Promise<Question> {
  const lost = await Promise.all(
    Object.entries(replicatedKinds).map(async ([noun, kind]) => {
      const names = (await server.configuration(kind)).map(({ name }) => name);
      return `${noun}: ${names.join(", ") || "none"}`;
    }),
  );
  const cmdlets = Object.keys(replicatedKinds).flatMap((noun) => [`New-${noun}`, `Set-${noun}`, `Remove-${noun}`]);
  const message = [
    `EdgeSync will manage what it replicates. Deleted here are ${lost.join("; ")}.`,
    "InternalSMTPServers and the TLS domain lists of TransportConfig will be overwritten.",
    `Disabled here are ${[...cmdlets, "Set-TransportConfig"].join(", ")}.`,
  ].join("\n");
  return { caption: `Subscribe ${server.name}?`, message, remedy: "Add -Force to say yes" };
}

async function* importFile({ server, shouldProcess }: CmdletContext, given: Subscribing): AsyncIterable<object> {
  const { FileName, Site, CreateInternetSendConnector = true, CreateInboundSendConnector = true } = given;
  const sites = await server.adSites();
  if (Site === undefined)
    throw subscriptionSiteNeeded(
      server.name,
      sites.map(({ name }) => name),
    );
  const site = siteNamed(sites, Site).name;
  if (!(await shouldProcess("New-EdgeSubscription", `${FileName} for ${site}`))) return;
  const subscription = await server.importEdgeSubscription({
    fileName: FileName,
    site,
    createInternetSendConnector: CreateInternetSendConnector,
    createInboundSendConnector: CreateInboundSendConnector,
  });
  yield shownEdgeSubscription(subscription);
}
