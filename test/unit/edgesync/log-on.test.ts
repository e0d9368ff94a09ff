import { expect } from "chai";
import type { Certificate } from "../../../src/certificates/index.ts";
import { serverObject } from "../../helpers/objects.ts";
import { decideLogOn, judgeHub } from "../../../src/edgesync/wire/log-on.ts";
import { makeCertificate } from "../certificates/make.ts";

const account = {
  userName: "ESRA.EDGE1.HUB1.0",
  sourceServerFqdn: "HUB1.example",
  passwordVerifier: "",
  effectiveTime: "2008-05-12T10:00:00.000Z",
  expirationTime: "2008-06-11T10:00:00.000Z",
};
const claimed = { userName: account.userName, hub: "hub1.example" };

describe("decideLogOn", () => {
  const decide = (one: typeof account | undefined, right: boolean, hub: string, time: string) => {
    const { outcome, steps } = decideLogOn(one, right, { ...claimed, hub }, new Date(time));
    return { in: outcome, why: steps.map(({ text }) => text).join() };
  };

  it("lets the account's Hub in, whatever the case of its name", () => {
    expect(decide(account, true, "hub1.EXAMPLE", "2008-05-12T10:00:00Z").in).to.equal(true);
  });

  it("lets any Hub in by the bootstrap account", () => {
    const bootstrap = { ...account, sourceServerFqdn: null } as unknown as typeof account;
    expect(decide(bootstrap, true, "hub9.example", "2008-05-12T10:00:00Z").in).to.equal(true);
  });

  const refusals: readonly [string, typeof account | undefined, boolean, string, string, RegExp][] = [
    [
      "an account that does not exist",
      undefined,
      true,
      "hub1.example",
      "2008-05-12T10:00:00Z",
      /there is no such account/,
    ],
    ["a wrong password", account, false, "hub1.example", "2008-05-12T10:00:00Z", /the password is wrong/],
    [
      "another Hub's account",
      account,
      true,
      "hub2.example",
      "2008-05-12T10:00:00Z",
      /it is the account of HUB1.example/,
    ],
    [
      "an account that is not in force yet",
      account,
      true,
      "hub1.example",
      "2008-05-12T09:59:59Z",
      /not effective before 2008-05-12T10/,
    ],
    [
      "an account that has expired",
      account,
      true,
      "hub1.example",
      "2008-06-11T10:00:00Z",
      /it expired at 2008-06-11T10/,
    ],
  ];
  for (const [what, one, right, hub, time, why] of refusals) {
    it(`refuses ${what}`, () => {
      const decision = decide(one, right, hub, time);
      expect(decision.in).to.equal(false);
      expect(decision.why).to.match(why);
    });
  }
});

describe("judgeHub", () => {
  let own: Certificate;
  let swapped: Certificate;
  before(async () => {
    own = (await makeCertificate()).certificate;
    swapped = (await makeCertificate()).certificate;
  });
  const at = new Date("2008-05-12T10:00:00Z");
  const known = (certificate: Certificate) =>
    serverObject({
      name: "HUB1",
      internalTransportCertificate: Buffer.from(certificate.der).toString("base64"),
      internalTransportCertificateThumbprint: certificate.thumbprint,
    });
  const judge = (
    presented: Certificate | undefined,
    published: Certificate | undefined,
    bootstrap = false,
    time = at,
  ) => judgeHub(presented, published && known(published), { hub: "hub1.example", bootstrap, at: time });

  it("trusts the certificate that ADAM holds for the Hub, expired or not", () => {
    expect(judge(own, own).outcome).to.equal(true);
    expect(judge(own, own, false, new Date("2020-01-01T00:00:00Z")).outcome).to.equal(true);
  });

  it("trusts no other, none, and nobody that ADAM does not hold", () => {
    expect(judge(swapped, own).outcome).to.equal(false);
    expect(judge(undefined, own).outcome).to.equal(false);
    expect(judge(own, undefined).outcome).to.equal(false);
  });

  it("lets the bootstrap account do without, and says so", () => {
    const { outcome, steps } = judge(own, undefined, true);
    expect(outcome).to.equal(true);
    expect(steps.at(-1)?.text).to.match(/the bootstrap account is let in without/);
  });
});
