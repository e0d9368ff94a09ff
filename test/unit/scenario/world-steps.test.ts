import { expect } from "chai";
import { FakeLab, last, runSteps, session, thumbprint } from "./fake-lab.ts";

const held = async (step: string, fake = new FakeLab()): Promise<FakeLab> => {
  const { status, failure } = last(await runSteps(`  - ${step}\n`, fake));
  expect(status, failure?.found).to.equal("held");
  return fake;
};

describe("the send step of somebody outside", () => {
  const message = "{ from: carol@fabrikam.example, to: [bob, dave@woodgrove.example], subject: Hi";

  it("sends by the host that has the sender's domain", async () => {
    const { outsideMessages } = await held(`send: ${message} }`);
    expect(outsideMessages[0]).to.deep.include({
      by: { kind: "host", host: "mail.fabrikam.example" },
      from: "carol@fabrikam.example",
      to: ["bob@proexchange.local", "dave@woodgrove.example"],
    });
  });

  it("sends by the host that is named, whatever the sender's domain", async () => {
    const { outsideMessages } = await held(
      "send: { from: bob@proexchange.local, host: mail.fabrikam.example, to: bob }",
    );
    expect(outsideMessages[0]?.by).to.deep.equal({ kind: "host", host: "mail.fabrikam.example" });
  });

  it("sends by a client of no name to one server with `via`", async () => {
    const { outsideMessages } = await held(`send: ${message}, via: Ex2007EE, tls: never, ehlo: x.example }`);
    expect(outsideMessages[0]?.by).to.deep.equal({
      kind: "client",
      via: "Ex2007EE",
      connector: "Default",
      ehlo: "x.example",
      tls: "never",
    });
  });

  it("is held to what must refuse it", async () => {
    const fake = new FakeLab();
    const reply = { code: 550, enhanced: "5.1.1", lines: ["User unknown"] };
    fake.outside = { ...fake.outside, refused: [{ command: "RCPT TO:<x>", recipient: "x", reply }] };
    await held(`send: ${message}, refused: 550 5.1.1 }`, fake);
    expect(last(await runSteps(`  - send: ${message} }\n`, fake)).failure?.found).to.include("550 5.1.1 User unknown");
  });

  it("tells how it went", async () => {
    const fake = new FakeLab();
    expect(last(await runSteps(`  - send: ${message} }\n`, fake)).evidence?.text).to.equal("sent in the clear");
    fake.outside = { ...fake.outside, presented: thumbprint };
    expect(last(await runSteps(`  - send: ${message} }\n`, fake)).evidence?.text).to.include(thumbprint);
  });
});

describe("steps that change the lab while it runs", () => {
  it("ask it for what they say", async () => {
    const fake = new FakeLab();
    for (const step of [
      "advance: 25h",
      "stop: Ex2007EE",
      "start: Ex2007EE",
      "kill: Ex2007SE",
      "carry: { file: 'C:\\Edge.xml', from: Ex2007EE, to: Ex2007SE }",
      "issue: { authority: Woodgrove Issuing, on: Ex2007EE, request: a.req, answer: a.p7b, as: issued }",
      "trust: { host: mail.fabrikam.example, on: Ex2007EE, file: a.pfx, password: secret }",
      "fault: { attacker: mallory }",
      "heal: { attacker: mallory }",
      "fault: { host: mail.fabrikam.example, tls: none, sends: required }",
      "fault: { host: mail.fabrikam.example, certificate: { issuer: Woodgrove Issuing, flaw: expired } }",
      "fault: { host: mail.fabrikam.example, certificate: none, versions: { max: TLSv1.1 } }",
      "heal: { host: mail.fabrikam.example }",
    ])
      await held(step, fake);
    const certificate = { issuer: "Woodgrove Issuing", names: [], flaw: "expired" };
    const tlsSettings = { minVersion: "TLSv1.1", maxVersion: "TLSv1.1", ciphers: null };
    expect(fake.asked).to.deep.equal([
      "advance 90000000",
      "stop Ex2007EE in-order",
      "start Ex2007EE",
      "stop Ex2007SE power-cut",
      `carry ${JSON.stringify({ file: "C:\\Edge.xml", from: "Ex2007EE", to: "Ex2007SE" })}`,
      `issue ${JSON.stringify({ authority: "Woodgrove Issuing", on: "Ex2007EE", request: "a.req", answer: "a.p7b" })}`,
      `trust ${JSON.stringify({ by: "mail.fabrikam.example", on: "Ex2007EE", file: "a.pfx", password: "secret" })}`,
      `fault ${JSON.stringify({ on: "mallory" })}`,
      'heal "mallory"',
      `fault ${JSON.stringify({ on: "mail.fabrikam.example", tls: "none", sends: "required" })}`,
      `fault ${JSON.stringify({ on: "mail.fabrikam.example", certificate })}`,
      `fault ${JSON.stringify({ on: "mail.fabrikam.example", certificate: null, tlsSettings })}`,
      'heal "mail.fabrikam.example"',
    ]);
  });

  it("say what they do", async () => {
    const steps = [
      "  - advance: 25h",
      "  - fault: { host: mail.fabrikam.example, tls: none, certificate: { flaw: expired } }",
      "  - kill: Ex2007SE",
      "  - issue: { authority: Woodgrove Issuing, on: Ex2007EE, request: a.req, answer: a.cer, as: issued }",
      `  - shell: { on: Ex2007EE, run: "Get-Queue \${issued}" }`,
    ];
    const { steps: results } = await runSteps(`${steps.join("\n")}\n`);
    expect(results.map(({ summary }) => summary)).to.deep.equal([
      "lab time moves on by 1.01:00:00",
      "mail.fabrikam.example changes: tls none, certificate flaw expired",
      "kill Ex2007SE",
      "Woodgrove Issuing answers a.req with a.cer",
      `[PS] Ex2007EE> Get-Queue ${"A".repeat(40)}`,
    ]);
  });
});

describe("expecting an event", () => {
  const step = (rest: string): string => `  - expect: { event: 12014, ${rest}within: 0s }\n`;
  const fakeWith = (...raised: [string, number, ...string[]][]): FakeLab => {
    const fake = new FakeLab();
    for (const one of raised) fake.raises(...one);
    return fake;
  };

  it("holds when it was raised, there and with those words", async () => {
    const fake = fakeWith(["Ex2007EE", 12014, "mail.x", "Default", "mail.x"]);
    const { evidence } = last(await runSteps(step("on: Ex2007EE, text: the domain name mail.x, "), fake));
    expect(evidence?.text).to.match(/^Ex2007EE event 12014 \(Error\): Microsoft Exchange could not find a certificate/);
    expect(last(await runSteps(step(""), fake)).status).to.equal("held");
  });

  it("fails when it was not, or elsewhere, or with other words, and shows what was", async () => {
    const fake = fakeWith(["Ex2007EE", 12014, "mail.x", "Default", "mail.x"], ["Ex2007SE", 1010, "Default", "550"]);
    expect(last(await runSteps(step("on: Ex2007SE, "), fake)).failure).to.deep.include({
      found: "it was not raised",
      around: [
        "Ex2007SE event 1010 (Error): Receive connector Default rejected a message at SMTP end of data with 550.",
      ],
    });
    expect(last(await runSteps(step("text: mail.y, "), fake)).failure?.found).to.include("the domain name mail.x");
  });
});

describe("expecting what an attacker hears", () => {
  const step = "  - expect: { heard: Sell everything, by: mallory, within: 0s }\n";
  const never = "  - expect: { never: { heard: Sell everything, by: mallory } }\n";
  const fakeThatHeard = (heard: string): FakeLab => Object.assign(new FakeLab(), { heard });

  it("holds when it was in what he could read, and shows the line", async () => {
    const fake = fakeThatHeard("DATA\r\nBob: Sell everything by Friday\r\n.\r\n");
    expect(last(await runSteps(step, fake)).evidence?.text).to.equal("mallory heard: Bob: Sell everything by Friday");
    expect(last(await runSteps(never, fake)).failure?.found).to.include("Sell everything by Friday");
  });

  it("fails when it was not, and shows what a terminal can show", async () => {
    const fake = fakeThatHeard("EHLO x\r\nSTARTTLS\r\n\u0016\u0003\u0001\u009b31mrubbish\r\n");
    expect(last(await runSteps(step, fake)).failure).to.deep.include({
      found: `mallory heard ${fake.heard.length} octets, not that`,
      around: ["EHLO x", "STARTTLS"],
    });
    expect(last(await runSteps(step)).failure?.found).to.equal("mallory heard nothing");
    expect(last(await runSteps(never, fake)).status).to.equal("held");
  });
});

describe("expecting a difference in a directory", () => {
  const remember = "  - remember: { directory: Ex2007EE, as: before }\n";
  const certificate = JSON.stringify("MIIC".repeat(100));
  const object = (key: string, attributes: Record<string, string> = { name: '"x"' }) => ({
    key: `adam:Edge1:object:${key}`,
    attributes,
  });

  /** Looks before and after, and returns the last step. */
  const compare = async (expected: string, before: FakeLab["objects"], after: FakeLab["objects"]) => {
    const fake = new FakeLab();
    fake.objects = before;
    fake.execute = () => {
      fake.objects = after;
      return "";
    };
    const steps = `${remember}  - shell: { on: Ex2007EE, run: x }\n  - expect: ${expected}\n`;
    return last(await runSteps(steps, fake));
  };
  const since = "directory: Ex2007EE, since: before";

  it("shows every key that was added, changed or removed, with its attributes shortened", async () => {
    const before = [object("server/Old"), object("site/A", { name: '"A"', hubSiteEnabled: "false" })];
    const after = [
      object("server/Ex2007EE", { name: '"Ex2007EE"', internalTransportCertificate: certificate }),
      object("site/A", { name: '"A"', hubSiteEnabled: "true", note: '"n"' }),
    ];
    const { evidence, failure } = await compare(
      `{ ${since}, added: [server/Ex2007EE], changed: ["site/<any>"], removed: ["adam:Edge1:object:server/Old"] }`,
      before,
      after,
    );
    expect(failure).to.equal(undefined);
    expect(evidence?.text?.split("\n")).to.deep.equal([
      "+ adam:Edge1:object:server/Ex2007EE",
      `    internalTransportCertificate ${certificate.slice(0, 59)}…`,
      '    name "Ex2007EE"',
      "~ adam:Edge1:object:site/A",
      "    hubSiteEnabled false -> true",
      '    note (none) -> "n"',
      "- adam:Edge1:object:server/Old",
    ]);
  });

  it("fails for a key that has not changed so, and shows what has", async () => {
    const { failure } = await compare(
      `{ ${since}, added: [server/EX2], removed: [server/EX1], within: 0s }`,
      [object("server/EX1")],
      [object("server/EX1"), object("server/EX3")],
    );
    expect(failure).to.deep.include({
      expected: "+ server/EX2, - server/EX1",
      found: "other changes",
      around: ["+ adam:Edge1:object:server/EX3", '    name "x"'],
    });
  });

  it("without keys holds when anything has changed, so that `never` means nothing has", async () => {
    const one = [object("server/EX1")];
    expect((await compare(`{ ${since}, within: 0s }`, one, one)).failure?.found).to.equal("nothing has changed");
    expect((await compare(`{ ${since}, within: 0s }`, one, [])).status).to.equal("held");
    expect((await compare(`{ never: { ${since} } }`, one, one)).status).to.equal("held");
    expect((await compare(`{ never: { ${since} } }`, one, [])).failure?.found).to.equal(
      "- adam:Edge1:object:server/EX1",
    );
  });

  it("shows no passwords, and no more than a page of keys", async () => {
    const many = Array.from({ length: 250 }, (_, index) => object(`recipient/${String(index).padStart(3, "0")}`, {}));
    const { evidence } = await compare(
      `{ ${since} }`,
      [],
      [...many, object("mailbox/bob", { passwordVerifier: '"scrypt$x"' })],
    );
    const lines = evidence?.text?.split("\n") ?? [];
    expect(lines.slice(0, 2)).to.deep.equal(["+ adam:Edge1:object:mailbox/bob", "    passwordVerifier (not shown)"]);
    expect(lines.at(-1)).to.equal("+ … and 151 more");
  });
});

describe("expecting a session with somebody outside", () => {
  const certificateOf = (mark: string) => mark.padEnd(40, "0");
  const received = (mark: string, subject: string) => ({
    thumbprint: certificateOf(mark),
    subject,
    selfSigned: false,
    notAfter: new Date(0),
  });
  const tls = {
    verb: "STARTTLS" as const,
    protocol: "TLSv1.3",
    cipher: "TLS_AES_256_GCM_SHA384",
    presented: thumbprint,
    received: received("F1", "CN=mail.fabrikam.example"),
  };
  const outward = session({ remote: { address: "127.1.3.1", port: 25 }, peerName: "mail.fabrikam.example", tls });
  const inward = session({
    side: "receive",
    server: "Ex2007EE",
    remote: { address: "127.1.3.1", port: 40_000 },
    peerName: "mail.fabrikam.example",
    tls,
  });
  const look = async (which: string, is: string, ...sessions: Parameters<FakeLab["happens"]>) => {
    const fake = new FakeLab();
    fake.happens(...sessions);
    return last(await runSteps(`  - expect: { session: ${which}, is: ${is}, within: 0s }\n`, fake));
  };

  it("reads the sending server's record for an outside host that receives, and knows its certificate", async () => {
    const is = `{ presented: { host: mail.fabrikam.example, issuer: Woodgrove Issuing }, clientCertificate: true }`;
    for (const which of ["{ from: Ex2007SE, to: mail.fabrikam.example }", "{ to: mail.fabrikam.example }"]) {
      const { evidence, failure } = await look(which, is, outward);
      expect(failure, which).to.equal(undefined);
      expect(evidence?.certificates?.map(({ server }) => server)).to.deep.equal(["mail.fabrikam.example", "Ex2007EE"]);
    }
  });

  it("reads the receiving server's record for one that sends, and knows its client certificate", async () => {
    const which = "{ from: mail.fabrikam.example, to: Ex2007EE }";
    const is = `{ presented: { server: Ex2007EE }, clientCertificate: { host: mail.fabrikam.example, subject: CN=mail.fabrikam.example } }`;
    expect((await look(which, is, inward)).failure).to.equal(undefined);
    expect((await look(which, "{}", outward)).failure?.found).to.equal("no such session has ended");
  });

  it("tells an outside host from others by its address, and by its name where all have one address", async () => {
    const which = "{ from: mail.fabrikam.example, to: Ex2007EE }";
    for (const change of [{ remote: { address: "127.1.9.9", port: 40_000 } }, { peerName: "mail.other.example" }])
      expect((await look(which, "{}", { ...inward, ...change })).failure?.found).to.equal("no such session has ended");
  });

  it("takes an attacker before somebody for him, as his peer does", async () => {
    const atMallory = { remote: { address: "127.1.4.1", port: 25 }, tls: undefined };
    const which = "{ from: Ex2007SE, to: Ex2007EE }";
    expect((await look(which, "{ encrypted: false }", session(atMallory))).status).to.equal("held");
    const swapped = session({ ...atMallory, tls: { ...tls, received: received("E1", "CN=Ex2007EE") } });
    expect((await look(which, "{ presented: { attacker: mallory } }", swapped)).status).to.equal("held");
    expect((await look(which, "{ presented: { server: Ex2007EE } }", swapped)).failure?.found).to.equal(
      "presented by mallory",
    );
  });

  for (const [is, found] of [
    ["{ presented: { host: mail.fabrikam.example } }", "presented by Ex2007EE"],
    ["{ presented: { issuer: Woodgrove Issuing } }", "issued by Ex2007EE"],
    ["{ clientCertificate: false }", "clientCertificate true"],
    ["{ clientCertificate: { server: Ex2007SE } }", "clientCertificate presented by mail.fabrikam.example"],
    ["{ authenticated: direct-trust }", "authenticated by x-exps"],
  ])
    it(`fails where ${is} is not so, and says ${found}`, async () => {
      const { failure } = await look("{ to: Ex2007EE }", is as string, inward);
      expect(failure?.found).to.equal(found);
    });
});

describe("remembering the thumbprint of an outside host", () => {
  it("takes the one that it presents now", async () => {
    const fake = new FakeLab();
    await runSteps(
      "  - remember: { thumbprint: { of: mail.fabrikam.example }, as: f }\n" +
        `  - shell: { on: Ex2007EE, run: '\${f}' }\n`,
      fake,
    );
    expect(fake.executed).to.deep.equal([`Ex2007EE: ${"F1".padEnd(40, "0")}`]);
  });

  it("fails where a server has none that bears the name", async () => {
    const step = "  - remember: { thumbprint: { of: Ex2007EE, bearing: mail.fabrikam.example }, as: f }\n";
    expect(last(await runSteps(step)).failure).to.include({
      expected: "Ex2007EE has a certificate for mail.fabrikam.example",
      found: "none",
    });
  });
});
