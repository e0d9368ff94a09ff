import { defineCmdlet } from "../definition/define-cmdlet.ts";

export const getCertificateUse = defineCmdlet({
  verb: "Get",
  noun: "CertificateUse",
  synopsis:
    "Shows what points at a certificate: services, connectors, directory entries, Edge subscriptions, sealed passwords and sessions of every server of the lab.",
  source: "docs/fidelity.md#certificate-use",
  basis: "ours",
  parameters: {
    Thumbprint: {
      type: "string",
      position: 0,
      fromPipeline: "propertyName",
      help: "What points at this certificate, also at one that is in no store any more",
      default: "at any",
    },
  },
  examples: [
    {
      line: "Get-CertificateUse | Where-Object { -not $_.InStore }",
      does: "Shows what still points at certificates that are gone.",
    },
  ],
  columns: [
    { property: "Kind" },
    { property: "Server" },
    { property: "Where" },
    { property: "Thumbprint" },
    { property: "InStore" },
    { property: "Detail" },
  ],
  async *run({ server, warning }, { Thumbprint }) {
    const uses = await server.certificateUse(Thumbprint);
    if (uses.length === 0 && Thumbprint !== undefined) warning(`Nothing points at a certificate "${Thumbprint}"`);
    for (const { kind, where, server: owner, thumbprint, inStore, detail } of uses)
      yield { Kind: kind, Server: owner, Where: where, Thumbprint: thumbprint, InStore: inStore, Detail: detail };
  },
});
