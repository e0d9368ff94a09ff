/**
 * The Exchange cmdlets: what can be asked of a server, defined once for the shell, for scenarios and for the console.
 * `definition` says what a cmdlet and its parameters are, which servers have it, and what the cmdlets of one kind of object
 * have in common; then a folder for each subject, one file per cmdlet, with what several of them share beside them, named
 * for the noun. cmdlets.ts is the list of all. How a line becomes a call, and how objects become text, is the shell's affair.
 */
export { cmdlets } from "./cmdlets.ts";
export { type CommonParameters, commonParametersOf } from "./definition/common-parameters.ts";
export { formatDate } from "./definition/date.ts";
export type { Cmdlet, CmdletContext, Column, Progress, Question, View } from "./definition/define-cmdlet.ts";
export { confirmationNeeded } from "./definition/errors.ts";
export type { Given, ParameterSpec, ParameterSpecs, ParameterValue } from "./definition/parameter.ts";
export { describeType, syntaxOf } from "./definition/syntax.ts";
export { SecureString } from "./definition/secure-string.ts";
