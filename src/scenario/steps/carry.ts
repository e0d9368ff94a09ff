import { z } from "zod";
import { defineStep, held, mention } from "./define-step.ts";
import { serverName, text } from "./words.ts";

export const carry = defineStep({
  name: "carry",
  summary: "Carry a file from one server's disk to another's, as an administrator would",
  input: z.strictObject({
    file: text.describe("its path, as the cmdlet that wrote it was told"),
    from: serverName,
    to: serverName,
  }),
  mentions: ({ from, to }) => [...mention("server", from, "from"), ...mention("server", to, "to")],
  describe: ({ file, from, to }) => `carry ${file} from ${from} to ${to}`,
  async run({ lab }, { file, from, to }) {
    await lab.carryFile(file, from, to);
    return held();
  },
});
