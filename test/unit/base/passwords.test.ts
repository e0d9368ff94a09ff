import { expect } from "chai";
import { passwordVerifier, verifyPassword } from "../../../src/base/index.ts";

describe("a password", () => {
  it("is known by its verifier alone, and by no other's", async () => {
    const [one, other] = [await passwordVerifier("secret"), await passwordVerifier("other")];
    expect(one).not.to.include("secret");
    expect(await verifyPassword("secret", one)).to.equal(true);
    expect(await verifyPassword("secret", other)).to.equal(false);
    for (const none of [undefined, "", "x", ":", "AAAA:AAAA", "!:!"])
      expect(await verifyPassword("", none), String(none)).to.equal(false);
  });
});
