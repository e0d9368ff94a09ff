import { LabError } from "../../base/index.ts";
import type { ServerApi } from "../../lab/index.ts";
import type { Question } from "./define-cmdlet.ts";

/** A cmdlet was typed on a server whose role does not have it. */
export const notOnThisRole = (cmdlet: string, server: Pick<ServerApi, "name" | "roles">, wanted: string): LabError =>
  new LabError(
    "COMMAND_NOT_ON_THIS_ROLE",
    `Cannot run ${cmdlet} on ${server.name}, which has the role ${server.roles.join(", ")}: only ${wanted} have it`,
    { remedy: "Run it on one of those", details: { cmdlet, server: server.name, roles: server.roles } },
  );

/** A parameter was given that means something on servers of another role only. */
export const parameterNotHere = (cmdlet: string, parameter: string, server: string, where: string): LabError =>
  new LabError(
    "COMMAND_PARAMETER_NOT_ON_THIS_ROLE",
    `Cannot take -${parameter} on ${server}: ${cmdlet} has a use for it on ${where} only`,
    { remedy: `Leave -${parameter} out here`, details: { cmdlet, parameter, server } },
  );

/**
 * A question was asked that only a person can answer, where there is none: in a script, a scenario, behind `-c`.
 *
 * @param question as Exchange asks it, with what a person must know to answer
 */
export const confirmationNeeded = ({ caption, message, remedy }: Question): LabError =>
  new LabError("COMMAND_CONFIRMATION_NEEDED", `${caption}\n\n${message}`, {
    remedy: remedy ?? "Add -Confirm:$false to say yes",
  });

/** An identity names nothing of its kind. */
export const nothingNamed = (
  about: { noun: string; called: string },
  identity: string,
  known: readonly string[],
): LabError =>
  new LabError(
    "COMMAND_IDENTITY_UNKNOWN",
    `Cannot find the ${about.called} "${identity}": there are ${known.join(", ") || "none"}`,
    { remedy: `Run Get-${about.noun} and copy a Name from its output`, details: { identity, known } },
  );

/** A new object's name belongs to another of its kind. */
export const nameTaken = (called: string, name: string, held: string): LabError =>
  new LabError("COMMAND_NAME_TAKEN", `Cannot name the ${called} "${name}": there is one named "${held}"`, {
    remedy: "Give it another -Name; case makes no difference",
    details: { name, held },
  });
