import { isEdge, isHub, type ServerRole } from "../../directory/index.ts";
import type { ServerApi } from "../../lab/index.ts";
import { notOnThisRole } from "./errors.ts";

/** Which servers have a cmdlet, where not every one has. Source: [aa997438], what is done on which side. */
export type RunsOn = "organization" | "hub";

const has: { readonly [K in RunsOn]: (server: { roles: readonly ServerRole[] }) => boolean } = {
  organization: (server) => !isEdge(server),
  hub: isHub,
};

/** The servers in words, for errors and docs/cmdlets.md. */
export const inWords: { readonly [K in RunsOn]: string } = {
  organization: "servers inside the organization",
  hub: "Hub Transport servers",
};

/** Refuses a cmdlet that a server of this role does not have; throws COMMAND_NOT_ON_THIS_ROLE. */
export function checkRole(cmdlet: string, on: RunsOn | undefined, server: ServerApi): void {
  if (on !== undefined && !has[on](server)) throw notOnThisRole(cmdlet, server, inWords[on]);
}
