/**
 * The Exchange cmdlets: what can be asked of a server, defined once for the shell, for scenarios and for the console.
 * define-cmdlet and parameter say what a cmdlet is, roles which servers have it, settings maps a Set- cmdlet's parameters
 * to the settings they change, configuration does for one kind of object what its four cmdlets have in common; then one
 * file per cmdlet, with what several of them share beside them, named for the noun; cmdlets is the list of all, document
 * makes docs/cmdlets.md of it.
 * How a line becomes a call, and how objects become text, is the shell's affair.
 */
export { cmdlets } from "./cmdlets.ts";
export { type CommonParameters, commonParametersOf } from "./common-parameters.ts";
export { formatDate } from "./date.ts";
export type { Cmdlet, CmdletContext, Column, Question } from "./define-cmdlet.ts";
export { confirmationNeeded } from "./errors.ts";
export type { Given, ParameterSpec, ParameterSpecs, ParameterValue } from "./parameter.ts";
export { describeType, syntaxOf } from "./syntax.ts";
export { SecureString } from "./secure-string.ts";
