import type { Lab } from "../../src/lab/index.ts";
import { openSession } from "../../src/shell/index.ts";

/**
 * Somebody at the shell of a server who answers every question alike.
 *
 * @returns `run` types a line and gives what is shown; `asked` is what was asked so far, caption and message
 */
export function answering(
  lab: Pick<Lab, "server">,
  server: string,
  answer: "Y" | "A" | "N" | "L",
): { run(line: string): Promise<string>; asked: readonly string[] } {
  const asked: string[] = [];
  const session = openSession({
    server: lab.server(server),
    serverNamed: (name) => lab.server(name),
    host: {
      readSecret: () => Promise.reject(new Error("no secret is asked for")),
      choose: async ({ caption, message, choices }) => {
        asked.push(`${caption}\n${message}`);
        return choices.findIndex(({ key }) => key === answer);
      },
    },
  });
  return { run: async (line) => (await session.run(line)).text, asked };
}
