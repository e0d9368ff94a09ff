import type { Lab } from "../lab/index.ts";

/** Where a lab can be reached, by whom, and a line to try. */
export function describeLab(lab: Lab): string {
  const listeners = lab.listeners();
  const width = Math.max(0, ...listeners.map(({ connector }) => connector.length));
  const client = listeners.find(({ connector }) => connector.includes("\\Client "));
  const mailboxes = lab.mailboxes();
  const [from, to = from] = mailboxes;
  return [
    `lab        ${lab.id}, lab time ${lab.clockNow().toISOString()}`,
    `directory  ${lab.directoryDescription}`,
    `logs       ${lab.logsFolder}`,
    `data       ${lab.dataFolder}`,
    "",
    ...listeners.map(({ connector, endpoint }) => `${connector.padEnd(width)}  ${endpoint.address}:${endpoint.port}`),
    "",
    ...mailboxes.map(({ address, server, password }) => `${address}  on ${server}, password ${password}`),
    ...(client && from && to
      ? [
          "",
          "Try:",
          `  swaks --server ${client.endpoint.address}:${client.endpoint.port} --tls --auth LOGIN --auth-user ${from.address} ` +
            `--auth-password ${from.password} --from ${from.address} --to ${to.address}`,
        ]
      : []),
    "",
  ].join("\n");
}
