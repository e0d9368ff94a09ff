import { expect } from "chai";
import { eventsApi } from "../../../src/lab/answers/events-api.ts";
import type { EventFilter, EventView } from "../../../src/lab/index.ts";
import type { EventLog } from "../../../src/logging/index.ts";

const event = (index: number, about: Partial<EventView>): EventView => ({
  index,
  at: new Date(Date.UTC(2009, 4, index)),
  id: 12015,
  source: "MSExchangeTransport",
  level: "Warning",
  category: "TransportService",
  text: "",
  ...about,
});

const held = [
  event(1, {}),
  event(2, { id: 12016, level: "Error" }),
  event(3, { id: 10104, source: "MSExchange EdgeSync" }),
  event(4, {}),
];

const nothing: EventLog = { flush: async () => {}, files: () => [], read: async () => [], close: async () => {} };

const found = async (filter: EventFilter): Promise<number[]> =>
  (await eventsApi({ ...nothing, read: async () => held }).events(filter)).map(({ index }) => index);

describe("the events of a server", () => {
  it("come the newest first", async () => {
    expect(await found({})).to.deep.equal([4, 3, 2, 1]);
  });

  it("are filtered by source, level and id, in any case and one of several", async () => {
    expect(await found({ sources: ["msexchange edgesync"] })).to.deep.equal([3]);
    expect(await found({ levels: ["ERROR"] })).to.deep.equal([2]);
    expect(await found({ ids: [12016, 10104] })).to.deep.equal([3, 2]);
    expect(await found({ ids: [12015], levels: ["Error"] })).to.deep.equal([]);
  });

  it("are filtered by time, without the moments themselves", async () => {
    expect(await found({ after: new Date("2009-05-02") })).to.deep.equal([4, 3]);
    expect(await found({ before: new Date("2009-05-02") })).to.deep.equal([1]);
    expect(await found({ after: new Date("2009-05-01"), before: new Date("2009-05-04") })).to.deep.equal([3, 2]);
  });

  it("are counted after they are filtered", async () => {
    expect(await found({ ids: [12015], newest: 1 })).to.deep.equal([4]);
    expect(await found({ newest: 2 })).to.deep.equal([4, 3]);
  });
});
