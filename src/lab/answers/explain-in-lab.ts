import { matchConnector } from "../../transport/receive/index.ts";
import type { CertificateChoice, CertificateExplanation, ServerApi } from "../api/index.ts";
import type { Fleet } from "../fleet.ts";
import type { LabServer } from "../server/server.ts";
import { hasTransport, isAcrossPerimeter } from "./explain-answer.ts";
import { targetsNamed } from "./explain-target.ts";

/**
 * How a server's certificates are chosen, and for another server of its organization what that one shows in answer, as
 * somebody would find out who asked there too. Across the perimeter nobody is asked.
 */
export const explainInLab =
  (fleet: Pick<Fleet, "all" | "named">, server: string): ServerApi["explainCertificateChoice"] =>
  async (request) => {
    const here = fleet.named(server);
    const explanation = await here.api.explainCertificateChoice(request);
    const peer = request.fqdn === undefined ? peerNamed(request.target, here, fleet) : undefined;
    return peer ? withAnswer(explanation, await answerOf(peer, here)) : explanation;
  };

/** Another server that is named, and can be asked. */
function peerNamed(target: string | undefined, here: LabServer, { all }: Pick<Fleet, "all">): LabServer | undefined {
  const [found] = targetsNamed(target, here.installed.name, here.own.organization);
  if (found?.kind !== "server" || !hasTransport(here.installed)) return undefined;
  const peer = all.find(({ installed }) => installed.name === found.server.name);
  return peer && !isAcrossPerimeter(here.installed, peer.installed) ? peer : undefined;
}

type Answer = Pick<CertificateExplanation, "choices" | "remarks">;

/** What a server itself says of its certificates outweighs what others say of it. */
const withAnswer = (explanation: CertificateExplanation, { choices, remarks }: Answer): CertificateExplanation => ({
  ...explanation,
  choices: [...explanation.choices, ...choices],
  remarks: remarks.length > 0 ? remarks : explanation.remarks,
});

async function answerOf({ installed, api, bindings, own }: LabServer, from: LabServer): Promise<Answer> {
  if (!hasTransport(installed)) return api.explainCertificateChoice({});
  const connectors = own.organization.receiveConnectors(installed.name);
  const connector = matchConnector(connectors, bindings.slice(0, 1), from.address);
  if (!connector) return { choices: [unanswered(installed.name, from.address)], remarks: [] };
  const { choices } = await api.explainCertificateChoice({ target: `${connector.server}\\${connector.name}` });
  return { choices: choices.filter(({ selection }) => selection === "Inbound X-ANONYMOUSTLS"), remarks: [] };
}

const unanswered = (server: string, address: string): CertificateChoice => ({
  ...{ selection: "Inbound X-ANONYMOUSTLS", about: server, connector: null, fqdn: null, chosen: null, candidates: [] },
  steps: [{ source: "aa996395", text: `no enabled receive connector takes connections from ${address}`, event: null }],
});
