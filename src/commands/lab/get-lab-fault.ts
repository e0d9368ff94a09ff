import { defineCmdlet } from "../definition/define-cmdlet.ts";
import { faultNames, shownFaults } from "./lab-fault.ts";

export const getLabFault = defineCmdlet({
  verb: "Get",
  noun: "LabFault",
  synopsis:
    "Shows the catalogue of certificates with a fault, and which of them Set-LabFault or a fault step has put in force on whom; behind them what else is in force.",
  source: "docs/certificate-faults.md",
  basis: "ours",
  examples: [
    { line: "Get-LabFault", does: "Shows every certificate of the catalogue." },
    { line: "Get-LabFault -InForce", does: "Shows what is in force, and where." },
  ],
  parameters: {
    Name: { type: "enum", values: faultNames, position: 0, help: "One certificate of the catalogue", default: "all" },
    InForce: { type: "switch", help: "Only what is in force" },
  },
  columns: [{ property: "Name" }, { property: "InForce" }, { property: "About" }],
  async *run({ server }, { Name, InForce = false }) {
    yield* shownFaults(await server.faults()).filter(
      (fault) => (Name === undefined || fault.Name === Name) && (!InForce || fault.InForce.length > 0),
    );
  },
});
