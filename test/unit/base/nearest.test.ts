import { expect } from "chai";
import fc from "fast-check";
import { nearestOf } from "../../../src/base/index.ts";

describe("nearestOf", () => {
  const known = ["server", "addresses", "roles", "site", "to"];

  it("finds the word that was meant: a letter too few, too many, another one, two swapped", () => {
    expect(nearestOf("sever", known)).to.equal("server");
    expect(nearestOf("adresses", known)).to.equal("addresses");
    expect(nearestOf("rolles", known)).to.equal("roles");
    expect(nearestOf("stie", known)).to.equal("site");
    expect(nearestOf("SITE", known)).to.equal("site");
  });

  it("finds the word that was begun, if there is but one", () => {
    expect(nearestOf("addr", known)).to.equal("addresses");
    expect(nearestOf("Get-ExchangeCert", ["Get-ExchangeCertificate", "Get-Queue"])).to.equal("Get-ExchangeCertificate");
    expect(nearestOf("Get-Exchange", ["Get-ExchangeCertificate", "Get-ExchangeServer"])).to.equal(undefined);
  });

  it("finds nothing for a word that is far from all", () => {
    expect(nearestOf("colour", known)).to.equal(undefined);
    expect(nearestOf("x", [])).to.equal(undefined);
  });

  it("finds a known word itself, whatever the others are", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.array(fc.string()), (word, others) => {
        expect(nearestOf(word, [word, ...others])?.toLowerCase()).to.equal(word.toLowerCase());
      }),
    );
  });
});
