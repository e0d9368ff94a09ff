import type { Cmdlet } from "./define-cmdlet.ts";
import type { Given, ParameterSpecs } from "./parameter.ts";

const everywhere = {
  Verbose: { type: "switch", help: "Tells how it comes to what it does" },
} as const satisfies ParameterSpecs;

const ofProcessing = {
  WhatIf: { type: "switch", help: "Says what would be done, and does nothing" },
  Confirm: { type: "switch", help: "Asks before anything is done; `-Confirm:$false` does not ask" },
} as const satisfies ParameterSpecs;

/** What was written of the parameters that cmdlets have without declaring them. */
export type CommonParameters = Given<typeof everywhere & typeof ofProcessing>;

/**
 * The parameters that a cmdlet has without declaring them: -Verbose, and -WhatIf and -Confirm where it declares
 * `shouldProcess`. Source: [about_CommonParameters].
 */
export const commonParametersOf = ({ shouldProcess }: Pick<Cmdlet, "shouldProcess">): ParameterSpecs =>
  shouldProcess === undefined ? everywhere : { ...everywhere, ...ofProcessing };
