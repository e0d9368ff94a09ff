import { expect } from "chai";
import { gather } from "../../../src/shell/run/values.ts";

describe("gather", () => {
  it("takes no more than a million values", async () => {
    async function* endless(): AsyncIterable<number> {
      for (let value = 0; ; value++) yield value;
    }
    const failure = await gather(endless(), () => new Error("too many")).catch((thrown: unknown) => thrown);
    expect(failure).to.have.property("message", "too many");
  });
});
