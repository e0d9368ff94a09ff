import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { parseBytes } from "../../../src/base/index.ts";
import { type AcceptedDomainType, isEdge, type SendConnector } from "../../../src/directory/index.ts";
import { formatReply } from "../../../src/smtp/index.ts";
import { buildRoutes, categorize, type Here } from "../../../src/transport/categorize/index.ts";
import { mailboxObject } from "../../helpers/objects.ts";
import { connector, edge, type FakeOrganization, hub, link, site, viewOf } from "./organization.ts";

/** One file of cases/. */
interface Case {
  about: string;
  /** Who routes; EX1 where nothing is said. */
  here?: string;
  to: string[];
  /** `10MB`; small where nothing is said. */
  size?: string;
  domains?: Record<string, AcceptedDomainType>;
  connectors?: Record<string, { for: string[]; from: string[]; maxMessageSize?: string } & Partial<SendConnector>>;
  /** `<delivery type> <next hop>[ by <connector>]: <recipients>`; `refused: <recipient>: <reply>`. */
  outcome: string[];
  /** `<document>#<rule> <text>`, with the event's id and parameters in brackets at the end where one is raised. */
  steps: string[];
}

/** Here – There – Far cost 10 each; no link leads to Island. */
const world: FakeOrganization = {
  sites: ["Here", "There", "Far", "Island"].map(site),
  siteLinks: [link("Here", "There", 10), link("There", "Far", 10)],
  servers: [
    ...[hub("EX1", "Here"), hub("EX2", "Here"), hub("EX3", "There"), hub("EX4", "Far"), hub("EX5", "Island")],
    ...[edge("EDGE1", "Here"), edge("EDGE2", "Here"), edge("EDGE3", "There"), edge("LONELY", null)],
    { ...hub("MBX", "Here"), roles: ["Mailbox"] },
  ],
  mailboxes: ["EX1", "EX3"].map((server) =>
    mailboxObject({ name: `at-${server}`, server, addresses: [`at-${server.toLowerCase()}@contoso.com`] }),
  ),
};
const builtAt = new Date("2008-05-12T10:00:00Z");

function run({ here = "EX1", to, size = "10KB", domains, connectors = {} }: Case) {
  const view = viewOf({
    ...world,
    domains: { "contoso.com": "Authoritative", ...domains },
    connectors: Object.entries(connectors).map(([name, { for: spaces, from, maxMessageSize, ...more }]) =>
      connector(name, spaces, from, {
        ...more,
        ...(maxMessageSize === undefined ? {} : { maxMessageSizeBytes: parseBytes(maxMessageSize) }),
      }),
    ),
  });
  const server = view.servers().find(({ name }) => name === here);
  if (!server) throw new Error(`There is no server ${here}`);
  const at: Here = { server: here, role: isEdge(server) ? "edge" : "hub", site: server.site };
  const envelope = { from: "x@contoso.com", recipients: to.map((address) => ({ address })), body: "7BIT" as const };
  return categorize(envelope, view, at, buildRoutes(view, at, builtAt), parseBytes(size));
}

const folder = join(import.meta.dirname, "cases");

describe("the selection of a Send connector", () => {
  for (const file of readdirSync(folder).sort()) {
    const given = parse(readFileSync(join(folder, file), "utf8")) as Case;
    it(`${given.about} (${file})`, () => {
      const { deliveries, failed, steps } = run(given);
      const copies = deliveries.map(({ solution: { deliveryType, nextHopDomain, connector: by }, recipients }) => {
        const hop = `${deliveryType} ${nextHopDomain}${by === undefined ? "" : ` by ${by}`}`;
        return `${hop}: ${recipients.map(({ address }) => address).join(" ")}`;
      });
      const refused = failed.map(({ recipient, reply }) => `refused: ${recipient.address}: ${formatReply(reply)}`);
      const told = steps.map(
        ({ source, text, event }) =>
          `${source} ${text}${event ? ` [${[event.id, ...event.parameters].join(", ")}]` : ""}`,
      );
      expect([...copies, ...refused]).to.deep.equal(given.outcome);
      expect(told).to.deep.equal(given.steps);
    });
  }
});
