import { expect } from "chai";
import { hubReceiveConnectors, type ReceiveConnector } from "../../../src/directory/index.ts";
import { passedLimit } from "../../../src/transport/receive/connection-limits.ts";
import { matchConnector } from "../../../src/transport/receive/connector-match.ts";

const [base] = hubReceiveConnectors("EX1", { default: "10.0.0.1:25", client: "10.0.0.1:587" }) as [ReceiveConnector];
const named = (name: string, changes: Partial<ReceiveConnector>): ReceiveConnector => ({ ...base, name, ...changes });
const here = [{ address: "10.0.0.1", port: 25 }];

describe("matchConnector", () => {
  const match = (connectors: readonly ReceiveConnector[], remote: string): string | undefined =>
    matchConnector(connectors, here, remote)?.name;

  it("prefers the most specific range, whatever the order and the notation", () => {
    const connectors = [
      named("all", {}),
      named("net", { remoteIpRanges: ["192.168.0.0/16"] }),
      named("some", { remoteIpRanges: ["192.168.7.10-192.168.7.20", "172.16.0.1"] }),
      named("one", { remoteIpRanges: ["192.168.7.15"] }),
    ];
    for (const order of [connectors, connectors.toReversed()]) {
      expect(match(order, "192.168.7.15")).to.equal("one");
      expect(match(order, "192.168.7.16")).to.equal("some");
      expect(match(order, "192.168.7.21")).to.equal("net");
      expect(match(order, "8.8.8.8")).to.equal("all");
      expect(match(order, "::ffff:192.168.7.15")).to.equal("one");
    }
  });

  it("knows IPv6 in every notation", () => {
    const connectors = [
      named("all", {}),
      named("net", { remoteIpRanges: ["2001:db8::/32"] }),
      named("few", { remoteIpRanges: ["2001:db8::1-2001:db8::ff"] }),
      named("mapped", { remoteIpRanges: ["64:ff9b::192.0.2.1"] }),
    ];
    expect(match(connectors, "2001:0db8:0:0::7")).to.equal("few");
    expect(match(connectors, "2001:db8:1::")).to.equal("net");
    expect(match(connectors, "64:ff9b::c000:201")).to.equal("mapped");
    expect(match(connectors, "fe80::1%eth0")).to.equal("all");
  });

  it("passes over other bindings, disabled connectors and ranges that are none", () => {
    expect(match([named("other", { bindings: ["10.0.0.1:587"] })], "8.8.8.8")).to.equal(undefined);
    expect(match([named("off", { enabled: false })], "8.8.8.8")).to.equal(undefined);
    const broken = ["8.8.8.8/33", "8.8.8.8-x", "8.8.8.8-::1", "x", "8.8.8.0/-1"];
    expect(match([named("broken", { remoteIpRanges: broken })], "8.8.8.8")).to.equal(undefined);
  });
});

describe("passedLimit", () => {
  it("counts the connector, the source, and the source's share of what is free", () => {
    const limits = (total: number, fromSource: number): unknown => passedLimit(base, { total, fromSource })?.kind;
    expect(limits(0, 0)).to.equal(undefined);
    expect(limits(4000, 19)).to.equal(undefined);
    expect(limits(4000, 20)).to.equal("source");
    expect(limits(4900, 2)).to.equal("source"); // 2 % of 100
    expect(limits(4999, 0)).to.equal(undefined);
    expect(limits(5000, 0)).to.equal("connector");
  });
});
