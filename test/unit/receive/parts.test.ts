import type { TLSSocket } from "node:tls";
import { expect } from "chai";
import { edgeReceiveConnectors, hubReceiveConnectors, type ReceiveConnector } from "../../../src/directory/index.ts";
import { formatPermissions, permissionsOf } from "../../../src/transport/receive/permissions.ts";
import { formatTarpit } from "../../../src/transport/receive/tarpit.ts";
import { type ContentRules, prepareContent } from "../../../src/transport/receive/content.ts";
import { receivedHeader } from "../../../src/smtp/index.ts";
import { evaluationHeaders } from "../../../src/transport/receive/organization-headers.ts";
import { shownLines } from "../../../src/transport/receive/command-line.ts";
import { negotiationFailure, securedConnection } from "../../../src/transport/receive/secure.ts";
import { makePresentations } from "./fake-server.ts";

describe("permissionsOf", () => {
  const [base] = hubReceiveConnectors("EX1", { default: "10.0.0.1:25", client: "10.0.0.1:587" }) as [ReceiveConnector];
  const held = (
    principal: Parameters<typeof permissionsOf>[0],
    ...permissionGroups: ReceiveConnector["permissionGroups"][number][]
  ): string => formatPermissions(permissionsOf(principal, { ...base, permissionGroups }));

  it("gives nothing where no group speaks of the principal", () => {
    expect(
      held("anonymous", "ExchangeUsers", "ExchangeServers", "ExchangeLegacyServers", "Partners", "Custom"),
    ).to.equal("None");
    expect(held("user", "AnonymousUsers", "ExchangeServers")).to.equal("None");
    expect(held("exchangeServer", "None")).to.equal("None");
  });

  it("gives partners the right to send and no other", () => {
    expect(held("partner", "Partners", "AnonymousUsers", "ExchangeServers")).to.equal(
      "SMTPSubmit AcceptRoutingHeaders",
    );
    expect(held("partner", "AnonymousUsers", "ExchangeUsers", "ExchangeServers")).to.equal("None");
  });

  it("gives Hubs everything on an Edge server, and the Internet what it gives anywhere", () => {
    const [edge] = edgeReceiveConnectors("Edge1", "10.0.0.9:25") as [ReceiveConnector];
    expect(permissionsOf("exchangeServer", edge).size).to.equal(15);
    expect(formatPermissions(permissionsOf("anonymous", edge))).to.equal(
      "SMTPSubmit SMTPAcceptAnySender SMTPAcceptAuthoritativeDomainSender AcceptRoutingHeaders",
    );
  });

  it("gives Exchange servers everything, and those believed without proof no organization or forest headers", () => {
    expect(held("exchangeServer", "ExchangeServers").split(" ")).to.have.length(15);
    expect(held("externallySecured", "ExchangeServers")).to.equal(
      "SMTPSubmit SMTPAcceptAnyRecipient SMTPAcceptAuthenticationFlag SMTPAcceptAnySender SMTPAcceptAuthoritativeDomainSender BypassAntiSpam BypassMessageSizeLimit SMTPSendEXCH50 SMTPAcceptEXCH50 AcceptRoutingHeaders SendRoutingHeaders",
    );
  });
});

describe("prepareContent", () => {
  const rules = {
    hop: {
      from: { name: "c", address: "1.1.1.1" },
      by: { name: "s", address: "2.2.2.2" },
      with: "smtp",
      at: new Date(0),
    },
    maxHeaderSizeBytes: 1000,
    maxHopCount: 30,
    maxLocalHopCount: 8,
    strippedHeaders: ["X-MS-Exchange-Organization-"],
    evaluation: "",
    keepsEvaluation: false,
  } as const;
  const prepare = (text: string, changes: Partial<ContentRules> = {}): string => {
    const prepared = prepareContent([Buffer.from(text, "latin1")], { ...rules, ...changes });
    return "content" in prepared
      ? prepared.content.toString("latin1").replace(/^Received: [\s\S]*?\+0000\r\n/, "")
      : String(prepared.code);
  };

  it("copies a message with a Message-ID as it is", () => {
    const message = "Subject: \xe4\r\nMessage-ID:\r\n <a@b>\r\n\r\nX-MS-Exchange-Organization-SCL: in the body\r\n\0";
    expect(prepare(message)).to.equal(message);
  });

  it("adds a Message-ID to a message without one, and to one that has no header at all", () => {
    expect(prepare("Subject: x\r\n\r\n")).to.match(/^Message-ID: <[^<>@]+@s>\r\nSubject: x\r\n\r\n$/);
    expect(prepare("\r\nbody")).to.match(/^Message-ID: <[^<>@]+@s>\r\n\r\nbody$/);
    expect(prepare("")).to.match(/^Message-ID: <[^<>@]+@s>\r\n$/);
  });

  it("strips guarded headers whatever their case, folded or hidden behind a bare LF", () => {
    const message =
      "Message-ID: <a@b>\r\nx-MS-exchange-ORGANIZATION-a: 1\r\n\t2\r\nSubject: x\nX-MS-Exchange-Organization-B: 1\r\nTo: y\r\n\r\nbody";
    expect(prepare(message)).to.equal("Message-ID: <a@b>\r\nSubject: x\r\nTo: y\r\n\r\nbody");
  });

  it("strips a guarded header at the very end", () => {
    expect(prepare("Message-ID: <a@b>\r\nX-MS-Exchange-Organization-A: 1\r\n\r\n")).to.equal(
      "Message-ID: <a@b>\r\n\r\n",
    );
    expect(prepare("Message-ID: <a@b>\r\nX-MS-Exchange-Organization-A: 1")).to.equal("Message-ID: <a@b>\r\n");
  });
});

describe("what this server vouches for in a message", () => {
  const hop = {
    from: { name: "c", address: "1.1.1.1" },
    by: { name: "s", address: "2.2.2.2" },
    with: "smtp",
    at: new Date(0),
  } as const;
  const rules: ContentRules = {
    hop,
    maxHeaderSizeBytes: 1000,
    maxHopCount: 2,
    maxLocalHopCount: 8,
    strippedHeaders: ["X-MS-Exchange-Organization-"],
    evaluation: evaluationHeaders("anonymous", undefined, "ex1.contoso.com"),
    keepsEvaluation: false,
  };
  const received = receivedHeader(hop);
  const evaluation =
    "X-MS-Exchange-Organization-AuthAs: Anonymous\r\nX-MS-Exchange-Organization-AuthSource: ex1.contoso.com\r\n";
  const prepare = (text: string | readonly string[], changes: Partial<ContentRules> = {}): string => {
    const chunks = [text].flat().map((chunk) => Buffer.from(chunk, "latin1"));
    const prepared = prepareContent(chunks, { ...rules, ...changes });
    return "content" in prepared ? prepared.content.toString("latin1") : String(prepared.code);
  };
  const forged = "X-MS-Exchange-Organization-AuthAs: Internal\r\n";
  const rest = "Message-ID: <a@b>\r\n\r\nbody";

  it("stands under its Received header, in place of what the message brings", () => {
    expect(prepare(`${forged}${rest}`)).to.equal(`${received}${evaluation}${rest}`);
    expect(prepare([forged.slice(0, 9), forged.slice(9), "", rest])).to.equal(`${received}${evaluation}${rest}`);
  });

  it("gives way to what is brought by those who may, and only to that", () => {
    const believed = { strippedHeaders: [], keepsEvaluation: true };
    expect(prepare(`${forged}${rest}`, believed)).to.equal(`${received}${forged}${rest}`);
    for (const other of ["X-MS-Exchange-Organization-SCL: 1\r\n", "X-MS-Exchange-Organization-AuthAsked: 1\r\n"])
      expect(prepare(`${other}${rest}`, believed)).to.equal(`${received}${evaluation}${other}${rest}`);
  });

  it("is continued by nothing that the message begins with", () => {
    for (const begin of [" Internal\r\n", "\tInternal\r\n"]) {
      const prepared = prepare(`${begin}${forged}${rest}`);
      expect(prepared.startsWith(`${received}${evaluation}Message-ID: <`)).to.equal(true);
      expect(prepared.endsWith(`@s>\r\n\r\n${begin}${forged}${rest}`)).to.equal(true);
    }
    expect(prepare(["", " Internal\r\n", rest])).to.contain("\r\n\r\n Internal\r\n");
  });

  it("says Partner with the domain, and Internal of those who are", () => {
    const values = (...about: Parameters<typeof evaluationHeaders>): string[] =>
      evaluationHeaders(...about)
        .trim()
        .split("\r\n")
        .map((line) => line.replace("X-MS-Exchange-Organization-", ""));
    expect(values("partner", "woodgrove.example", "e")).to.deep.equal([
      "AuthAs: Partner",
      "AuthDomain: woodgrove.example",
      "AuthSource: e",
    ]);
    expect(values("user", undefined, "e")).to.deep.equal(["AuthAs: Internal", "AuthMechanism: 06", "AuthSource: e"]);
    expect(values("externallySecured", undefined, "e")).to.deep.equal(["AuthAs: Internal", "AuthSource: e"]);
  });

  it("counts the hops of routing headers that it strips", () => {
    const routing = { strippedHeaders: ["Received:", "Received ", "Received\t", "Resent-"] };
    const hops = "Received: by a\r\n b\r\nRESENT-To: c\r\nreceived : by d\r\nReceived-SPF: pass\r\n";
    expect(prepare(`${hops}${rest}`, routing)).to.equal(`${received}${evaluation}Received-SPF: pass\r\n${rest}`);
    expect(prepare(`${"Received: by a\r\n".repeat(3)}${rest}`, routing)).to.equal("554");
  });
});

describe("securedConnection", () => {
  it("takes a certificate that cannot be read, with all that came with it, for none", async () => {
    const socket = {
      getProtocol: () => "TLSv1.3",
      getCipher: () => ({ standardName: "TLS_AES_256_GCM_SHA384" }),
      getPeerX509Certificate: () => ({ raw: Buffer.from("junk"), issuerCertificate: { raw: Buffer.from("more") } }),
    };
    const { internal: presentation } = await makePresentations();
    const starting = { verb: "STARTTLS", presentation, asksForCertificate: true } as const;
    const secured = securedConnection(socket as unknown as TLSSocket, starting);
    expect(secured.facts.received).to.equal(undefined);
    expect(secured.peerChain).to.deep.equal([]);
  });
});

describe("what rows show", () => {
  it("prints a tarpit's time with its days, and milliseconds where there are some", () => {
    expect(formatTarpit(5000)).to.equal("Tarpit for '0.00:00:05'");
    expect(formatTarpit(25_639)).to.equal("Tarpit for '0.00:00:25.639'");
    expect(formatTarpit(90_061_000)).to.equal("Tarpit for '1.01:01:01'");
  });

  it("replaces what authenticates somebody, and nothing else", () => {
    expect(shownLines("AUTH LOGIN")).to.deep.equal(["AUTH LOGIN"]);
    expect(shownLines("auth\tPLAIN  AGE=")).to.deep.equal(["auth\tPLAIN", "<Binary Data>"]);
    expect(shownLines("X-EXPS EXCHANGEAUTH blob and more")).to.deep.equal(["X-EXPS EXCHANGEAUTH", "<Binary Data>"]);
    expect(shownLines("AUTHOR a b c")).to.deep.equal(["AUTHOR a b c"]);
  });

  it("names a failed handshake as Exchange does", () => {
    const failure = (code: string, presented: Parameters<typeof negotiationFailure>[1] = {}): string =>
      negotiationFailure(Object.assign(new Error(), { code }), presented);
    expect(negotiationFailure(undefined, {})).to.equal("SocketError");
    expect(failure("ECONNRESET")).to.equal("SocketError");
    expect(failure("ERR_SSL_WRONG_VERSION_NUMBER")).to.equal("InvalidToken");
    expect(failure("ERR_SSL_NO_SHARED_CIPHER", { keyWithheld: true })).to.equal("NoCredentials");
    expect(failure("ECONNRESET", { keyWithheld: true })).to.equal("SocketError");
  });
});
