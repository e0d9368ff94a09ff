import { defineCmdlet } from "../definition/define-cmdlet.ts";

export const clearLabFault = defineCmdlet({
  verb: "Clear",
  noun: "LabFault",
  synopsis:
    "Lets a server, an outside host or an attacker be as the lab file has it again: the server has its own certificate back, the attacker goes.",
  source: "docs/certificate-faults.md",
  basis: "ours",
  shouldProcess: "medium",
  errors: ["HOST_ELSEWHERE", "LAB_NOBODY"],
  examples: [{ line: "Clear-LabFault EDGE1", does: "Gives EDGE1 its own certificate back." }],
  parameters: {
    On: { type: "string", position: 0, mandatory: true, help: "The server, outside host or attacker" },
  },
  columns: [],
  async run({ server, shouldProcess }, { On }) {
    if (await shouldProcess("Clear-LabFault", On)) await server.clearFault(On);
  },
});
