import { edgeSyncPort, formatEndpoint, type Lab } from "../lab/index.ts";

/** Where a lab can be reached, by whom, and a line to try. */
export function describeLab(lab: Lab): string {
  const client = lab.listeners().find(({ connector }) => connector.includes("\\Client "));
  const mailboxes = lab.mailboxes();
  const [from, to = from] = mailboxes;
  return [
    `lab        ${lab.id}, lab time ${lab.clockNow().toISOString()}`,
    `directory  ${lab.directoryDescription}`,
    `logs       ${lab.logsFolder}`,
    describeDisks(lab),
    "",
    ...inColumns(serversOf(lab)),
    ...section(inColumns(worldOf(lab))),
    "",
    ...mailboxes.map(({ address, server, password }) => `${address}  on ${server}, password ${password}`),
    ...(client && from && to
      ? section([
          "Try:",
          `  swaks --server ${formatEndpoint(client.endpoint)} --tls --auth LOGIN --auth-user ${from.address} ` +
            `--auth-password ${from.password} --from ${from.address} --to ${to.address}`,
        ])
      : []),
    "",
  ].join("\n");
}

/** Where a lab's data lies on this machine, and the disk of each of its servers. */
export const describeDisks = (lab: Lab): string =>
  [
    `data       ${lab.dataFolder}`,
    ...inColumns(lab.serverNames().map((server) => [`  C:\\ of ${server}`, lab.diskOf(server)])),
  ].join("\n");

/** Where the organization listens: receive connectors, and EdgeSync's door of each Edge server. */
const serversOf = (lab: Lab): string[][] => [
  ...lab.listeners().map(({ connector, endpoint }) => [connector, formatEndpoint(endpoint)]),
  ...lab.serverNames().flatMap((server) => {
    const door = lab.located(server, edgeSyncPort);
    return door ? [[`${server} EdgeSync`, formatEndpoint(door)]] : [];
  }),
];

/** Who else is there. */
const worldOf = (lab: Lab): string[][] => [
  ...lab
    .outsideHosts()
    .map(({ name, endpoint, domains }) => [name, formatEndpoint(endpoint), `takes mail for ${domains.join(", ")}`]),
  ...lab
    .attackers()
    .map(({ name, endpoint, before, present }) => [
      name,
      formatEndpoint(endpoint),
      `${present ? "stands" : "will stand"} before ${before}`,
    ]),
];

/** Nothing of a section that is empty, not even the line before it. */
const section = (lines: readonly string[]): readonly string[] => (lines.length === 0 ? [] : ["", ...lines]);

const inColumns = (rows: readonly (readonly string[])[]): string[] => {
  const widthOf = (column: number): number => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widthOf(column)))
      .join("  ")
      .trimEnd(),
  );
};
