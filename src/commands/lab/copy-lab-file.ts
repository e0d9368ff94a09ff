import { defineCmdlet } from "../definition/define-cmdlet.ts";
import { carriedNowhere } from "./errors-of-errands.ts";

export const copyLabFile = defineCmdlet({
  verb: "Copy",
  noun: "LabFile",
  synopsis: "Carries a file between the disks of two servers, as an administrator with a memory stick would.",
  source: "docs/formats.md",
  basis: "ours",
  shouldProcess: "medium",
  errors: ["COMMAND_FILE_STAYS", "FILE_UNKNOWN", "FILE_UNSUITABLE", "SERVER_UNKNOWN"],
  examples: [
    { line: String.raw`Copy-LabFile C:\Edge.xml -From EDGE1`, does: "Fetches a subscription file from EDGE1." },
    {
      line: String.raw`Copy-LabFile C:\mail.pfx -To Ex2007SE`,
      does: "Brings a file to Ex2007SE, under the same name.",
    },
  ],
  parameters: {
    Path: {
      type: "string",
      position: 0,
      mandatory: true,
      help: String.raw`The file, as the cmdlet that wrote it was told; one of this machine by its whole path, which comes to C:\ of the server`,
    },
    To: { type: "string", help: "The server that is to have it", default: "the one the cmdlet runs on" },
    From: { type: "string", help: "The server that has it", default: "the one the cmdlet runs on" },
  },
  columns: [{ property: "File" }, { property: "From" }, { property: "To" }, { property: "Path" }],
  async *run({ server, shouldProcess }, { Path, To = server.name, From = server.name }) {
    const isOfThisMachine = Path.startsWith("/");
    if (From.toLowerCase() === To.toLowerCase() && !isOfThisMachine) throw carriedNowhere(Path, From);
    if (!(await shouldProcess("Copy-LabFile", `${Path} from ${From} to ${To}`))) return;
    yield { File: Path, From, To, Path: await server.carryFile(Path, From, To) };
  },
});
