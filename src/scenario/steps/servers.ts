import { defineStep, held, mention, type StepContext } from "./define-step.ts";
import { serverName } from "./words.ts";

const ofServer = (name: string, summary: string, act: (context: StepContext, server: string) => Promise<void>) =>
  defineStep({
    name,
    summary,
    input: serverName,
    mentions: (server) => mention("server", server),
    describe: (server) => `${name} ${server}`,
    async run(context, server) {
      await act(context, server);
      return held();
    },
  });

export const stop = ofServer("stop", "Shut a server down", ({ lab }, server) => lab.stopServer(server, "in-order"));

export const kill = ofServer("kill", "Cut a server's power: it says nothing to anybody any more", ({ lab }, server) =>
  lab.stopServer(server, "power-cut"),
);

export const start = ofServer(
  "start",
  "Start a server that was stopped, on what it had on disk, or install one that joins later",
  ({ lab }, server) => lab.startServer(server),
);
