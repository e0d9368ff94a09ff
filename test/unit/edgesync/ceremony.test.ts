import { expect } from "chai";
import { eventsOf, hour, minute, Pair, replicasOf, type TestEdge, type TestHub } from "./pair.ts";

describe("an Edge Subscription", () => {
  let pair: Pair;
  let hub1: TestHub;
  let hub2: TestHub;
  let edge: TestEdge;

  beforeEach(async () => {
    pair = await Pair.open();
    hub1 = await pair.hub("HUB1");
    hub2 = await pair.hub("HUB2");
    edge = await pair.edge();
  });
  afterEach(() => pair.close());

  it("goes from the file to the first synchronization and on", async () => {
    await pair.subscribe(edge, hub1);
    const results = await hub1.side.synchronize({});
    console.log(results, eventsOf(hub1), eventsOf(edge));
    console.log([...(await replicasOf(edge)).keys()]);
    await pair.advance(hour + minute);
    console.log(JSON.stringify(hub1.reported, null, 1).slice(0, 6000));
    console.log(await hub1.side.test({ compare: true, excludeRecipients: false, maxReportSize: 10 }));
  });
});
